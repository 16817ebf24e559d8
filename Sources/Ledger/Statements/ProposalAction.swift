import CBOR
public import QuotaCrypto
public import QuotaRules

/// What a proposal would do.
public indirect enum ProposalAction: Hashable, Sendable {
    /// Registers a member: a member statement that its own key signed, and its second key if it has one.
    case member(Statement)
    /// Gives a member another key: a member statement of the same id that the new key signed.
    case key(Statement)
    /// Ends a membership.
    case expel(member: String)
    /// Ends a confirmed suspension.
    case release(member: String)
    /// Replaces the facts of a registered organisation from now on.
    case organisation(OrganisationBody)
    /// Replaces the facts of a registered facility from now on.
    case facility(FacilityBody)
    /// Sets the next policy.
    case policy(PolicySuccession)
    /// Ends a policy.
    case withdraw(PolicyWithdrawal)
    /// Sets the next chip catalogue.
    case catalogue(CatalogueSuccession)
    /// Grants a subject of a limit an amount.
    case allocation(Allocation)
    /// Raises a country's cap.
    case agreement(Agreement)
    /// Lets one claim pass beyond the limits.
    case override(ClaimOverride)
    /// Says what became of a consignment, where nobody may say so alone.
    case event(EventBody)

    /// What kind of action it is.
    public var matter: GovernanceMatter {
        switch self {
        case .member: .member
        case .key: .key
        case .expel: .expel
        case .release: .release
        case .organisation: .organisation
        case .facility: .facility
        case .policy: .policy
        case .withdraw: .withdraw
        case .catalogue: .catalogue
        case .allocation: .allocation
        case .agreement: .agreement
        case .override: .override
        case .event: .event
        }
    }

    /// The member statement that the action carries.
    var memberStatement: Statement? {
        switch self {
        case .member(let statement), .key(let statement): statement
        default: nil
        }
    }

    /// The member whom the action is about, who has no vote on it.
    var interested: String? {
        switch self {
        case .key(let statement): statement.identity.issuer
        case .expel(let member), .release(let member): member
        default: nil
        }
    }
}

/// The next policy and when it comes into force.
public struct PolicySuccession: Hashable, Sendable {
    /// The policy.
    public let policy: Policy
    /// Its deterministic CBOR.
    public let bytes: [UInt8]
    /// The first day on which it is in force.
    public let effective: CalendarDate
    /// Whether caps may lie below what is committed already.
    public let allowOver: Bool

    /// `policy` from the day `effective` on.
    public init(_ policy: Policy, effective: CalendarDate, allowOver: Bool = false) {
        self.policy = policy
        bytes = policy.encoded.encoded()
        self.effective = effective
        self.allowOver = allowOver
    }
}

/// The next chip catalogue and when claims are weighed by it.
public struct CatalogueSuccession: Hashable, Sendable {
    /// The catalogue.
    public let catalogue: ChipCatalogue
    /// The first day on which it is in force; nil for at once when it is decided.
    public let effective: CalendarDate?

    /// `catalogue` from the day `effective` on.
    public init(_ catalogue: ChipCatalogue, effective: CalendarDate? = nil) {
        self.catalogue = catalogue
        self.effective = effective
    }
}

/// The end of a policy.
public struct PolicyWithdrawal: Hashable, Sendable {
    /// The id of the policy.
    public let policy: String
    /// Its version.
    public let version: UInt64
    /// The first day on which it is no longer in force.
    public let effective: CalendarDate

    /// The end of `version` of `policy` on the day `effective`.
    public init(policy: String, version: UInt64, effective: CalendarDate) {
        self.policy = policy
        self.version = version
        self.effective = effective
    }
}

/// What a subject of a limit with granted caps may have.
public struct Allocation: Hashable, Sendable {
    /// The id of the limit in the policy.
    public let limit: String
    /// Whose: one text for each part of the limit's subject.
    public let subject: [String]
    /// How much, in the account's smallest unit.
    public let amount: UInt64
    /// When.
    public let validity: Validity
    /// The paragraph or decision that grants it.
    public let citation: String

    /// An allocation with the given contents.
    public init(
        limit: String,
        subject: [String],
        amount: UInt64,
        validity: Validity,
        citation: String
    ) {
        self.limit = limit
        self.subject = subject
        self.amount = amount
        self.validity = validity
        self.citation = citation
    }
}

/// A higher cap for a country that has given assurances.
public struct Agreement: Hashable, Sendable {
    /// The id of the limit in the policy.
    public let limit: String
    /// The country, ISO 3166-1 alpha-2.
    public let country: String
    /// By how many percent the cap is higher.
    public let percent: UInt64
    /// When.
    public let validity: Validity
    /// What shows it, such as the reference of the exchange of letters.
    public let evidence: String
    /// The paragraph.
    public let citation: String

    /// An agreement with the given contents.
    public init(
        limit: String,
        country: String,
        percent: UInt64,
        validity: Validity,
        evidence: String,
        citation: String
    ) {
        self.limit = limit
        self.country = country
        self.percent = percent
        self.validity = validity
        self.evidence = evidence
        self.citation = citation
    }
}

/// Leave for one claim to pass beyond the limits.
public struct ClaimOverride: Hashable, Sendable {
    /// The claim, which need not be on the ledger yet.
    public let claim: ClaimReference
    /// SHA-256 of the claim's encoded body: no other body passes.
    public let body: Digest
    /// The salted digest of the reason.
    public let reason: Digest

    /// Leave for the claim with the given body.
    public init(claim: ClaimReference, body: Digest, reason: Digest) {
        self.claim = claim
        self.body = body
        self.reason = reason
    }
}
