import Ledger
import QuotaRules

/// How full an account is, in the words of every report.
enum AccountStatus {
    /// `open`, `near` from nine tenths, `full`, `over`; `counted` without a cap.
    static func word(_ total: AccountTotal) -> String {
        word(consumed: total.consumed, cap: total.cap)
    }

    /// The word for an amount under a cap.
    static func word(consumed: UInt64, cap: UInt64?) -> String {
        guard let cap else { return "counted" }
        if consumed > cap { return "over" }
        if consumed == cap { return "full" }
        return cap - consumed <= cap / 10 ? "near" : "open"
    }
}

extension Limit {
    /// `stock` if room comes back when items leave the world or the country, else `flow`.
    var basis: String {
        let isStock =
            release.events.contains(.attrition) || release.events.contains(.reexport)
        if case .reportingDates = window { return "stock" }
        return isStock ? "stock" : "flow"
    }

    /// What the numbers of its accounts mean, a sentence.
    var basisWords: String {
        let events = release.events.map { $0.rawValue.replacing("_", with: " ") }
        let given = events.isEmpty ? "nothing" : events.joined(separator: ", ")
        return "\(id): \(title); \(basis), counted when \(countBasis.rawValue); given back on "
            + "\(given). [\(citation)]"
    }
}

extension ReportMaker {
    /// The accounts that belong to a country, ascending; all accounts for nil.
    func accounts(of country: String?) -> [Account] {
        country.map { state.accounts(of: $0) } ?? state.accounts
    }

    /// What `limit` means, or that the policy in force does not have it any more.
    func basis(of limit: String) -> String {
        state.policy.document.limit(limit)?.basis ?? "past policy"
    }

    /// A sentence on each limit of some accounts, in the order of the accounts.
    func basisNotes(_ limits: some Sequence<String>) -> [String] {
        var seen: Set<String> = []
        var notes: [String] = []
        for limit in limits where seen.insert(limit).inserted {
            notes.append(
                state.policy.document.limit(limit)?.basisWords
                    ?? "\(limit): a limit of a past policy; kept as history."
            )
        }
        return notes
    }

    /// Columns that name an account.
    static var accountColumns: [ReportSection.Column] {
        [.init("subject"), .init("limit"), .init("period"), .init("basis")]
    }

    /// The cells of ``accountColumns``.
    func accountCells(_ key: AccountKey) -> [ReportCell] {
        [
            .text(key.subject.isEmpty ? "everybody" : key.subject.joined(separator: " ")),
            .text(key.limit), .text(key.period), .text(basis(of: key.limit)),
        ]
    }
}
