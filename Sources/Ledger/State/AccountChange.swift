public import QuotaRules

/// What one statement did to one account, as a report follows it.
public struct AccountChange: Hashable, Sendable {
    /// The index of the statement.
    public let index: UInt64
    /// The account.
    public let account: AccountKey
    /// What it held before; nil if it was never used.
    public let before: AccountTotal?
    /// What it holds after.
    public let after: AccountTotal

    init(index: UInt64, account: AccountKey, before: AccountTotal?, after: AccountTotal) {
        self.index = index
        self.account = account
        self.before = before
        self.after = after
    }
}
