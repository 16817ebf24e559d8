import Ledger
import QuotaRules

extension ReportMaker {
    /// Report 7: opening, plus, minus, closing of every account by period.
    func addRollForward(to document: inout ReportDocument) {
        var section = ReportSection(
            "periods",
            "Accounts by \(query.step.rawValue)",
            columns: Self.accountColumns + [
                .init("month", query.step.rawValue), .init("opening"), .init("added"),
                .init("givenBack", "given back"), .init("closing"), .init("unit"),
                .init("statements"),
            ],
            empty: "No account moved."
        )
        let accounts = accounts(of: query.country)
        for account in accounts {
            guard let history = book.accounts[account.key] else { continue }
            for period in periods(of: history) {
                let sum = history.movement(period)
                let unit = account.total.unit
                section.add(
                    accountCells(account.key) + [
                        .text(period.name), .amount(sum.opening, unit),
                        .amount(sum.added, unit), .amount(sum.taken, unit),
                        .amount(sum.closing, unit), .text(unit.word), .count(sum.changes),
                    ]
                )
            }
        }
        section.notes = basisNotes(accounts.map(\.key.limit))
        document.sections = [section]
        document.notes.append(
            "Periods are of block time in UTC. Nothing is restated backwards: a correction stands in "
                + "the period in which the ledger took it."
        )
    }

    /// The periods in which an account moved, in order.
    private func periods(of history: AccountHistory) -> [ReportPeriod] {
        var periods: [ReportPeriod] = []
        for month in history.months where query.period.contains(month.month) {
            let period = ReportPeriod(holding: month.month, step: query.step)
            if periods.last != period { periods.append(period) }
        }
        return periods
    }
}
