public import QuotaCrypto
public import QuotaRules

/// What became of a claim: the value under `["claim", issuer, id]` in the state map.
///
/// Layout, a map whose keys stand in the order of deterministic CBOR; what is 0, empty or absent is
/// left out:
///
/// | key | value |
/// |---|---|
/// | `due` | `[reserved until, licensed until]`, days since 1970-01-01, see ``Deadlines`` |
/// | `asks` | the decisions of the policy that the claim waits for, by their ids; empty text for the one that the policy's governance sets for claims |
/// | `leaf`, `index` | leaf hash and index of the statement that made the record |
/// | `tags` | the live chip tags |
/// | `test` | the digest of the last laboratory test |
/// | `ended` | ``Ending``, once something ended without having been shipped |
/// | `facts` | ``Facts``, what the rules were asked |
/// | `lines` | `[sku, circuits of one item, ``BucketValues``, grades?]` for each line |
/// | `policy` | the index of the policy that judged it |
/// | `consent` | ``Consent`` |
/// | `licence` | the digest of the last licence |
/// | `shipped`, `attested` | the last day of shipment; the last day of acceptance or presence |
/// | `decision` | ``Decision`` |
/// | `disputes` | `[bucket that it came from, quantities of each line]` for each bucket |
/// | `exporter` | who shipped, for a transfer that somebody else signed |
/// | `movements` | ``Posting``, `[limit, [subject...], period, [amount of one item of each line]]`, and, where the limit gave something back, the amount and the chips |
/// | `overridden` | true, if it entered beyond a cap |
///
/// What the record holds in an account is, for each bucket, the sum over the lines of quantity times
/// amount of one item; so accounts are sums of records.
public struct ClaimRecord: Hashable, Sendable {
    /// One line of the claim.
    public struct Line: Hashable, Sendable {
        /// The item of the catalogue.
        public let sku: String
        /// The integrated circuits of one item, by the catalogue that judged the claim.
        public let circuits: UInt64
        /// How many items stand in each bucket.
        public internal(set) var quantities: BucketValues
        /// How many of the delivered items have evidence of grade 1, 2, 3 and 4; the rest has none.
        public internal(set) var grades: [UInt64]

        /// A line of which everything is in one bucket.
        public init(sku: String, circuits: UInt64, quantities: BucketValues, grades: [UInt64] = [])
        {
            self.sku = sku
            self.circuits = circuits
            self.quantities = quantities
            self.grades = grades
        }
    }

    /// What the claim holds in one account.
    public struct Posting: Hashable, Sendable {
        /// The account.
        public let account: AccountKey
        /// What one item of each line adds, in the account's smallest unit.
        public let perUnit: [UInt64]
        /// How much of it the limit has given back.
        public internal(set) var released: UInt64
        /// How many integrated circuits of it the limit has given back.
        public internal(set) var releasedChips: UInt64

        /// What a claim holds in `account`.
        public init(
            account: AccountKey,
            perUnit: [UInt64],
            released: UInt64 = 0,
            releasedChips: UInt64 = 0
        ) {
            self.account = account
            self.perUnit = perUnit
            self.released = released
            self.releasedChips = releasedChips
        }
    }

    /// What the rules were asked, so that they can be asked again.
    ///
    /// As CBOR `[authority, destination, exported, received or null, [[role, organisation]...],
    /// [evidence type...], facility or null, source or null]`, dates in days since 1970-01-01.
    public struct Facts: Hashable, Sendable {
        /// The route.
        public internal(set) var authority: String
        /// The country of destination.
        public let destination: String
        /// The day of export.
        public let exported: CalendarDate
        /// The day of receipt, if known.
        public let received: CalendarDate?
        /// Who takes part.
        public internal(set) var parties: [ClaimBody.Party]
        /// The types of the documents that the claim rests on.
        public let evidence: [String]
        /// Where the goods stand, if it is registered.
        public internal(set) var facility: String?
        /// The claim whose goods these were.
        public let source: ClaimReference?
    }

    /// Whether governments had to decide on the claim, and what they said.
    public enum Decision: String, CaseIterable, Hashable, Sendable {
        /// The rules asked for no decision.
        case notNeeded = "none"
        /// The votes are open.
        case awaiting
        /// Enough governments said yes.
        case approved
        /// Enough governments said no, and everything ended.
        case rejected
    }

    /// The question to the receiving government.
    ///
    /// As CBOR `[answer or null, required: bool, answer by]`.
    public struct Consent: Hashable, Sendable {
        /// The answer, if there is one.
        public internal(set) var answer: Bool?
        /// Whether silence stops the shipment.
        public let isRequired: Bool
        /// The day after which a missing answer is a silence, in days since 1970-01-01.
        public let answerBy: UInt64
    }

    /// A part of the claim that is contested.
    public struct Dispute: Hashable, Sendable {
        /// Where the goods stood.
        public let from: Bucket
        /// How many of each line.
        public internal(set) var quantities: [UInt64]
    }

    /// Why something ended without having been shipped.
    public enum Ending: String, CaseIterable, Hashable, Sendable {
        /// The issuer withdrew it or made it smaller.
        case cancelled
        /// The reservation ran out.
        case lapsed
        /// The licence ran out.
        case expired
        /// Governments rejected it.
        case rejected
    }

    /// The index of the statement that made the record.
    public let index: UInt64
    /// The leaf hash of that statement.
    public let leafHash: Digest
    /// The index of the policy that judged the claim.
    public internal(set) var policyIndex: UInt64
    /// What the rules were asked.
    public internal(set) var facts: Facts
    /// The lines.
    public internal(set) var lines: [Line]
    /// What it holds in accounts.
    public internal(set) var postings: [Posting]
    /// When what is not shipped runs out.
    public internal(set) var deadlines = Deadlines()
    /// Whether governments had to decide.
    public internal(set) var decision = Decision.notNeeded
    /// The decisions of the policy that were asked for; empty text for the one that the policy's
    /// governance sets for claims.
    public internal(set) var asks: [String] = []
    /// The question to the receiving government, if the policy asks it.
    public internal(set) var consent: Consent?
    /// The digest of the last licence, if one was given.
    public internal(set) var licence: Digest?
    /// The digest of the last laboratory test.
    public internal(set) var test: Digest?
    /// The last day of shipment, in days since 1970-01-01; 0 before that.
    public internal(set) var shipped: UInt64 = 0
    /// The last day of acceptance or presence, in days since 1970-01-01; 0 before that.
    public internal(set) var attested: UInt64 = 0
    /// How many chip tags are live.
    public internal(set) var tagCount: UInt64 = 0
    /// What is contested, one for each bucket that it came from, in the order of the buckets.
    public internal(set) var disputes: [Dispute] = []
    /// Why something ended without having been shipped, for the last that did.
    public internal(set) var ended: Ending?
    /// Who shipped, if that is not the issuer that the record's key names.
    public internal(set) var exporter: String?
    /// Whether it entered beyond a cap by an override.
    public internal(set) var isOverridden = false
}

/// Until when quantities may wait, in days since 1970-01-01; 0 where nothing waits.
///
/// A quantity is still good on the day itself (UTC) and runs out before the first statement of a
/// block of a later day.
public struct Deadlines: Hashable, Sendable {
    /// For what is reserved.
    public internal(set) var reserved: UInt64 = 0
    /// For what is licensed.
    public internal(set) var licensed: UInt64 = 0

    /// The first day after which something runs out, or nil.
    public var first: UInt64? {
        switch (reserved, licensed) {
        case (0, 0): nil
        case (0, _): licensed
        case (_, 0): reserved
        default: min(reserved, licensed)
        }
    }
}

extension ClaimRecord {
    /// How many items of all lines stand in a bucket.
    public func count(in bucket: Bucket) -> UInt64 {
        // Line quantities are at most 2^40 and there are at most 64 of them.
        lines.reduce(0) { $0 + $1.quantities[bucket] }
    }

    /// Whether votes are open and something would follow from them.
    public var isWaiting: Bool { decision == .awaiting && count(in: .reserved) > 0 }

    /// How many of each line are claimed: all but what ended before it was shipped.
    public var claimed: [UInt64] {
        lines.map { $0.quantities.sum - $0.quantities[.expired] }
    }
}

extension ClaimRecord {
    /// Where a claim stands, in one word for people.
    public enum State: String, CaseIterable, Hashable, Sendable {
        /// Governments must decide.
        case awaiting
        /// Something is contested.
        case disputed
        /// Something waits for a licence.
        case reserved
        /// Something waits to be shipped.
        case licensed
        /// Something is on its way.
        case inTransit = "in_transit"
        /// Everything arrived.
        case delivered
        /// All that is open was missing at acceptance.
        case shortfall
        /// All that is open is lost.
        case lost
        /// It came back.
        case returned
        /// It was destroyed.
        case retired
        /// It went on into another claim.
        case passedOn = "passed_on"
        /// It was withdrawn.
        case cancelled
        /// The reservation ran out.
        case lapsed
        /// The licence ran out.
        case expired
        /// It was rejected.
        case rejected
    }

    /// Where the claim stands: the first of ``State`` that holds for any part of it.
    public var state: State {
        if isWaiting { return .awaiting }
        let stages: [(Bucket, State)] = [
            (.disputed, .disputed), (.reserved, .reserved), (.licensed, .licensed),
            (.inTransit, .inTransit), (.delivered, .delivered), (.shortfall, .shortfall),
            (.lost, .lost), (.returned, .returned), (.retired, .retired), (.passedOn, .passedOn),
        ]
        for (bucket, state) in stages where count(in: bucket) > 0 { return state }
        switch ended {
        case .cancelled?, nil: return .cancelled
        case .lapsed?: return .lapsed
        case .expired?: return .expired
        case .rejected?: return .rejected
        }
    }
}
