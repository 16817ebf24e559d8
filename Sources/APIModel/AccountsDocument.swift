/// `/v1/accounts[/{country}]`: what was consumed, of what, at which checkpoint.
package struct AccountsDocument: Codable, Hashable, Sendable {
    /// The tree head that the figures were taken from.
    package var checkpoint: CheckpointSummary
    /// The id of the policy in force.
    package var policy: String
    /// The accounts, by limit, subject and period.
    package var accounts: [AccountDocument]

    /// Makes a table.
    package init(checkpoint: CheckpointSummary, policy: String, accounts: [AccountDocument]) {
        self.checkpoint = checkpoint
        self.policy = policy
        self.accounts = accounts
    }
}

/// One account: a limit, whom it counts for, and how much of it is used.
package struct AccountDocument: Codable, Hashable, Sendable {
    /// How full an account is.
    package enum Status: String, Codable, Sendable {
        /// Less than nine tenths are used.
        case open
        /// Nine tenths or more are used.
        case near
        /// Nothing is left.
        case full
        /// More is used than the cap allows.
        case over
    }

    /// The limit's id in the policy.
    package var limit: String
    /// Whom the account counts for, such as a country.
    package var subject: [String]
    /// The country that the account belongs to, if it belongs to one.
    package var country: String?
    /// The period that the account covers.
    package var period: String
    /// The cap; nil if the account only counts.
    package var cap: Amount?
    /// What was consumed.
    package var consumed: Amount
    /// The integrated circuits that were consumed.
    package var chips: UInt64
    /// Where what was booked stands; empty buckets are left out.
    package var buckets: [BucketDocument]
    /// What was given back of it, and is not consumed any more; nil for nothing.
    package var released: BucketDocument?
    /// How many claims entered beyond the cap by an override.
    package var overrides: UInt64
    /// What is left; nil without a cap.
    package var room: Amount?
    /// Hundredths of a percent used, rounded down; nil without a cap or with one of zero.
    package var usedBasisPoints: UInt64?
    /// How full it is.
    package var status: Status
    /// The paragraph of the regulation.
    package var citation: String?

    /// Makes an account; room, share and status follow from the cap and the consumption.
    package init(
        limit: String,
        subject: [String],
        country: String?,
        period: String,
        cap: Amount?,
        consumed: Amount,
        chips: UInt64 = 0,
        buckets: [BucketDocument] = [],
        released: BucketDocument? = nil,
        overrides: UInt64 = 0,
        citation: String? = nil
    ) {
        self.limit = limit
        self.subject = subject
        self.country = country
        self.period = period
        self.cap = cap
        self.consumed = consumed
        self.chips = chips
        self.buckets = buckets
        self.released = released
        self.overrides = overrides
        self.citation = citation
        guard let cap else {
            status = .open
            return
        }
        let left = cap.value >= consumed.value ? cap.value - consumed.value : 0
        room = Amount(left, unit: cap.unit)
        usedBasisPoints = Self.basisPoints(of: consumed.value, in: cap.value)
        status =
            if consumed.value > cap.value {
                .over
            } else if left == 0 {
                .full
            } else if left <= cap.value / 10 {
                .near
            } else {
                .open
            }
    }

    /// The share for people: `83.21 %`.
    package var usedText: String {
        guard let usedBasisPoints else { return "-" }
        let (percent, hundredths) = usedBasisPoints.quotientAndRemainder(dividingBy: 100)
        return "\(percent).\(hundredths < 10 ? "0" : "")\(hundredths) %"
    }

    private static func basisPoints(of part: UInt64, in whole: UInt64) -> UInt64? {
        guard whole > 0 else { return nil }
        let product = part.multipliedFullWidth(by: 10_000)
        guard product.high < whole else { return nil }
        return whole.dividingFullWidth(product).quotient
    }
}

/// What stands in one bucket of an account.
package struct BucketDocument: Codable, Hashable, Sendable {
    /// `reserved`, `licensed`, `in_transit`, `delivered`, `shortfall`, `disputed`, `lost`, `returned`,
    /// `retired`, `expired` or `passed_on`; `released` for what was given back.
    package var bucket: String
    /// How much.
    package var amount: Amount
    /// How many integrated circuits.
    package var chips: UInt64

    /// Makes a bucket.
    package init(bucket: String, amount: Amount, chips: UInt64) {
        self.bucket = bucket
        self.amount = amount
        self.chips = chips
    }
}
