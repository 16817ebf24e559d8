internal import CBOR

/// One cap, or one sum that is only kept (a limit without a cap).
public struct Limit: Hashable, Sendable {
    /// What a share is a share of.
    public struct Denominator: Hashable, Sendable {
        /// Which sum.
        public enum Kind: String, Hashable, Sendable, CaseIterable {
            /// Everything that the subject has, worldwide.
            case ownTotal = "own_total"
            /// What was shipped of the same product elsewhere.
            case sameProduct = "same_product"
        }

        /// Which sum.
        public let kind: Kind
        /// The id of the limit that keeps the sum.
        public let limit: String
    }

    /// A part of a cap that some parties may use.
    public struct SubShare: Hashable, Sendable {
        /// Who.
        public let title: String
        /// How they are recognised.
        public let tests: [PartyTest]
        /// Their part, in hundredths of a percent.
        public let share: UInt64
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
    /// Which country is debited; required exactly if `destination` is a part of the subject.
    public let attribution: Attribution?
    /// Over which time it adds up.
    public let window: LimitWindow
    /// Which date of a claim counts.
    public let countBasis: CountBasis
    /// The cap in the metric's units; nil if the window has caps of its own, or for a sum only.
    public let cap: UInt64?
    /// The items that count; nil for all.
    public let items: String?
    /// Tests that must all hold for a claim to count.
    public let tests: [PartyTest]
    /// What a share is a share of.
    public let denominator: Denominator?
    /// Parts of the cap for some parties.
    public let subShares: [SubShare]
    /// Higher caps for some countries.
    public let uplift: LimitUplift?
    /// What follows when the cap is passed; absent exactly if there is no cap.
    public let exceeded: Consequence?
    /// Whether each subject's cap is what allocations on the ledger have granted to it; `cap`, if
    /// it stands too, is the most that a subject can have.
    public let isGranted: Bool
    /// Whether what a country declared as its opening inventory counts.
    public let countsOpening: Bool
    /// Which events give room back.
    public let release: LimitRelease

    /// Whether the accounts belong to one country each.
    public var isByCountry: Bool { subject == [.destination] }

    /// Whether the limit has a cap, and does not only count.
    public var hasCap: Bool {
        if case .steps = window { return true }
        return isGranted || cap != nil
    }
}
