/// The name of one account: how much of one limit one subject has used in one period.
public struct AccountKey: Hashable, Sendable, Comparable {
    /// The id of the limit in the policy, with `/` and the sub-share if the account is one's.
    public let limit: String
    /// Who is limited, one text for each part of the limit's subject, such as `["KE"]`.
    public let subject: [String]
    /// The period, such as `2025-2027` or `2026`; `since-2025-01-01` if it has no end.
    public let period: String

    /// The account of `subject` under `limit` in `period`.
    public init(limit: String, subject: [String], period: String) {
        self.limit = limit
        self.subject = subject
        self.period = period
    }

    /// By limit, then subject, then period, each in the order of its UTF-8 bytes.
    public static func < (left: AccountKey, right: AccountKey) -> Bool {
        if left.limit != right.limit { return Self.precedes(left.limit, right.limit) }
        if left.subject != right.subject {
            return left.subject.lexicographicallyPrecedes(right.subject, by: Self.precedes)
        }
        return Self.precedes(left.period, right.period)
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}
