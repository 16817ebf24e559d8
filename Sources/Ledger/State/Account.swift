public import QuotaRules

/// One account with its name, as a report shows it.
public struct Account: Hashable, Sendable {
    /// Limit, subject and period.
    public let key: AccountKey
    /// What it holds.
    public let total: AccountTotal

    /// An account with the given contents.
    public init(key: AccountKey, total: AccountTotal) {
        self.key = key
        self.total = total
    }
}
