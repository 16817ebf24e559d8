package import APIModel
import QuotaRules
import Reporting

/// What countries consumed of what, as text or as a table for other programs.
package struct CountryReport: Sendable {
    private let document: AccountsDocument

    /// A report on accounts.
    package init(_ document: AccountsDocument) {
        self.document = document
    }

    /// The report for people.
    package var text: String {
        let checkpoint = document.checkpoint
        var table = TextTable([
            ("country", .left), ("limit", .left), ("period", .left), ("cap", .right),
            ("consumed", .right), ("used", .right), ("room", .right), ("unit", .left),
            ("status", .left),
        ])
        for account in document.accounts {
            table.add([
                holder(account), account.limit, account.period, account.cap?.number ?? "-",
                account.consumed.number, account.usedText, account.room?.number ?? "-",
                account.consumed.unit, account.status.rawValue,
            ])
        }
        let head =
            "Policy \(document.policy) at checkpoint \(checkpoint.size), "
            + "\(checkpoint.time.text)\n\n"
        return head + (document.accounts.isEmpty ? "No account was used yet.\n" : table.text)
    }

    /// The report as RFC 4180 text; amounts are plain decimals in the unit of their row.
    package var csv: String {
        let rows = document.accounts.map { account in
            [
                account.country ?? "", account.subject.joined(separator: " "), account.limit,
                account.period, account.cap.map(plain) ?? "", plain(account.consumed),
                account.room.map(plain) ?? "", account.consumed.unit, usedPercent(account),
                account.status.rawValue, String(document.checkpoint.size),
                document.checkpoint.time.text,
            ]
        }
        return CSVText.table(
            columns: [
                "country", "subject", "limit", "period", "cap", "consumed", "room", "unit",
                "used_percent", "status", "checkpoint_size", "checkpoint_time",
            ],
            rows: rows
        )
    }

    private func holder(_ account: AccountDocument) -> String {
        let others = account.subject.filter { $0 != account.country }
        return ([account.country].compactMap { $0 } + others).joined(separator: " ")
    }

    private func plain(_ amount: Amount) -> String {
        amount.isPerformance ? Tpp(tenths: amount.value).text : String(amount.value)
    }

    private func usedPercent(_ account: AccountDocument) -> String {
        account.usedBasisPoints == nil ? "" : String(account.usedText.dropLast(2))
    }
}
