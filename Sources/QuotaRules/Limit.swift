internal import CBOR

/// One cap, or one sum that is only kept (a limit without a cap).
public struct Limit: Hashable, Sendable {
    /// What a share is a share of.
    public struct Denominator: Hashable, Sendable {
        /// Which sum.
        public enum Kind: String, Hashable, Sendable, CaseIterable {
            /// Everything that the subject has; a claim that counts here counts there too.
            case ownTotal = "own_total"
            /// What was shipped of the same product elsewhere.
            case sameProduct = "same_product"
        }

        /// Which sum.
        public let kind: Kind
        /// The id of the limit that keeps the sum, an earlier one.
        public let limit: String
    }

    /// A part of a cap that some parties may use, and nothing but it.
    public struct SubShare: Hashable, Sendable {
        /// The id; its account is `<limit>/<id>`.
        public let id: String
        /// Who.
        public let title: String
        /// How they are recognised.
        public let tests: [PartyTest]
        /// Their part, in hundredths of a percent.
        public let share: UInt64
    }

    /// One of several caps over one sum, each with a consequence of its own.
    public struct Tier: Hashable, Sendable {
        /// The cap in the metric's units.
        public let cap: UInt64
        /// What follows when it is passed.
        public let exceeded: Consequence
    }

    /// The id.
    public let id: String
    /// What it is called.
    public let title: String
    /// The paragraph.
    public let citation: String
    /// What it measures.
    public let metric: LimitMetric
    /// Who is limited; empty for everyone together.
    public let subject: [LimitSubject]
    /// The group whose members hold the accounts; nil for every country.
    public let holders: String?
    /// Which country is debited, as written; required exactly if `destination` is a part of the
    /// subject.
    public let attributionReading: Reading<Attribution>?
    /// Over which time it adds up.
    public let window: LimitWindow
    /// Which date of a claim counts, as written.
    public let countBasisReading: Reading<CountBasis>
    /// The cap in the metric's units; nil if the window or the tiers have caps, or for a sum only.
    public let cap: UInt64?
    /// The items that count; nil for all.
    public let items: String?
    /// Tests that must all hold for a claim to count.
    public let tests: [PartyTest]
    /// What a share is a share of.
    public let denominator: Denominator?
    /// Parts of the cap for some parties; what they leave is for the others.
    public let subShares: [SubShare]
    /// Higher caps for some countries.
    public let uplift: LimitUplift?
    /// What follows when the cap is passed; absent exactly if there is no cap, or there are tiers.
    public let exceeded: Consequence?
    /// Caps over one sum, ascending, each with its own consequence.
    public let tiers: [Tier]
    /// Whether each subject's cap is what allocations on the ledger have granted to it; `cap`, if
    /// it stands too, is the most that a subject can have.
    public let isGranted: Bool
    /// Whether what a country declared as its opening inventory counts.
    public let countsOpening: Bool
    /// Which events give room back.
    public let release: LimitRelease

    /// Which country is debited.
    public var attribution: Attribution? { attributionReading?.value }
    /// Which date of a claim counts.
    public var countBasis: CountBasis { countBasisReading.value }

    /// Whether the accounts belong to one country each.
    public var isByCountry: Bool { subject == [.destination] }

    /// Whether the limit has a cap, and does not only count.
    public var hasCap: Bool {
        if case .steps = window { return true }
        return isGranted || cap != nil || !tiers.isEmpty
    }

    /// Who uses what the sub-shares leave, as the last part of an account's limit.
    static let rest = "rest"

    /// The id of the limit that an account's limit names: `deal` for `deal/first`.
    static func id(ofAccount limit: String) -> String {
        guard let end = limit.utf8.firstIndex(of: UInt8(ascii: "/")) else { return limit }
        return String(limit[..<end])
    }
}
