/// What the ledger knows when a claim is judged: what accounts hold and what members have granted.
///
/// The rules ask; the ledger answers from its state at the claim's place in the order. Whoever has
/// no answer of a kind leaves the default.
public protocol Standing {
    /// What an account holds against its limit, in the account's unit; 0 for one that does not exist.
    func consumed(_ account: AccountKey) -> UInt64

    /// By how many percent agreements on the ledger raise a limit's cap for a country on a day.
    ///
    /// At most the limit's `percentMax` of it counts, and the larger of this and the policy's own
    /// entry. 0 where there is no agreement.
    func uplift(of limit: String, for country: String, on date: CalendarDate) -> UInt64

    /// What allocations on the ledger grant to a subject of a limit whose cap is granted, on a day,
    /// in the account's unit; nil where nothing is granted.
    func granted(of limit: String, to subject: [String], on date: CalendarDate) -> UInt64?
}

extension Standing {
    /// No account holds anything.
    public func consumed(_ account: AccountKey) -> UInt64 { 0 }

    /// No agreement raises a cap.
    public func uplift(of limit: String, for country: String, on date: CalendarDate) -> UInt64 { 0 }

    /// Nothing is granted.
    public func granted(
        of limit: String,
        to subject: [String],
        on date: CalendarDate
    ) -> UInt64? { nil }
}

/// A ledger on which nothing has happened.
public struct EmptyStanding: Standing {
    /// Nothing consumed, agreed or granted.
    public init() {}
}
