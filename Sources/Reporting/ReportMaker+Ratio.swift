import Ledger
import QuotaRules

extension ReportMaker {
    /// Report 5: sums that are capped as a part of another sum, with both sums.
    func addRatios(to document: inout ReportDocument) {
        var section = ReportSection(
            "ratios",
            "Sums that are capped by another sum",
            columns: [
                .init("limit"), .init("subject"), .init("period"), .init("basis"),
                .init("numerator"), .init("denominator"), .init("unit"), .init("ratio"),
                .init("cap", "highest ratio"), .init("capAmount", "cap now"), .init("status"),
                .init("of", "denominator is"),
            ],
            empty: "The policy in force has no ratio, or nothing was booked under one."
        )
        let limits = state.policy.document.limits.filter { $0.denominator != nil }
        for limit in limits {
            for account in state.accounts where account.key.limit == limit.id {
                add(account, of: limit, to: &section)
            }
        }
        section.notes = basisNotes(limits.map(\.id))
        document.sections = [section]
    }

    private func add(_ account: Account, of limit: Limit, to section: inout ReportSection) {
        guard let denominator = limit.denominator,
            let day = CalendarDate(posixSeconds: state.blockTime)
        else { return }
        let use = state.use(of: account.key, on: day)
        let whole = use?.proportion?.before
        let part = account.total.consumed
        let unit = account.total.unit
        let cap = use?.cap ?? account.total.cap
        section.add([
            .text(limit.id), .text(account.key.subject.joined(separator: " ")),
            .text(account.key.period), .text(limit.basis), .amount(part, unit),
            .optional(whole, unit), .text(unit.word), .share(part, of: whole), limit.capCell,
            .optional(cap, unit), .text(AccountStatus.word(consumed: part, cap: cap)),
            .text("\(denominator.limit) (\(denominator.kind.rawValue))"),
        ])
    }
}
