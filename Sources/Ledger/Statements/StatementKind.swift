/// The kinds of statement that the ledger registers.
///
/// A kind fixes the content type in the protected header, the layout of the payload, and the place
/// of a statement inside its block (see ``rank``).
public enum StatementKind: String, CaseIterable, Hashable, Sendable {
    /// The first leaf: origin, founding members, first policy and catalogue.
    case genesis
    /// A member card: who may sign statements, and the keys of its node. Never a leaf: it stands
    /// inside the genesis statement or a proposal.
    case member
    /// The emergency stop of a member's keys.
    case suspension
    /// Something that governments decide by votes.
    case proposal
    /// A government's answer to a proposal, a suspension or a claim.
    case vote
    /// An organisation: where it is, its headquarters and its ultimate parent.
    case organisation
    /// A place where chips stand or model weights are kept.
    case facility
    /// Where the weights of a model are kept.
    case storage
    /// A claim against a quota.
    case claim
    /// What one country had before the ledger began.
    case inventory
    /// Something that happened to a claim afterwards.
    case event
    /// The withdrawal of what was claimed and not shipped, by the claim's issuer.
    case cancel
    /// That a node which is to vote from the next epoch on holds the ledger.
    case ready
    /// Two votes by which a validator convicts itself.
    case evidence

    /// The content type of a statement of this kind (COSE header 3).
    public var contentType: String { "application/vnd.quota-ledger.\(rawValue)+cbor" }

    /// The content type of an approval of a statement of this kind (COSE header 3).
    public var approvalContentType: String {
        "application/vnd.quota-ledger.\(rawValue).approval+cbor"
    }

    /// The place of this kind inside a block: what others depend on comes first.
    ///
    /// Suspensions come before everything that a stolen key could sign; organisations and facilities
    /// before what names them; claims before their events, and events before the cancellations that
    /// release what is left, so that one block can hold them all and nobody gains from the order.
    public var rank: Int {
        switch self {
        case .genesis: 0
        case .member: 1
        case .suspension: 2
        case .proposal: 3
        case .vote: 4
        case .organisation: 5
        case .facility: 6
        case .storage: 7
        case .inventory: 8
        case .claim: 9
        case .event: 10
        case .cancel: 11
        case .ready: 12
        case .evidence: 13
        }
    }

    /// Whether the payload is `{body, approvals}` instead of the body itself.
    public var needsApprovals: Bool {
        switch self {
        case .genesis, .member, .proposal, .vote, .organisation, .inventory, .event: true
        case .suspension, .facility, .storage, .claim, .cancel, .ready, .evidence: false
        }
    }

    /// Whether a node makes it, and signs with its log key instead of the member's statement key.
    public var isByNode: Bool { self == .ready || self == .evidence }

    /// The kind with the given content type, or nil.
    public init?(contentType: String) {
        // A switch on whole strings: this runs for every statement a node receives.
        switch contentType {
        case "application/vnd.quota-ledger.claim+cbor": self = .claim
        case "application/vnd.quota-ledger.event+cbor": self = .event
        case "application/vnd.quota-ledger.cancel+cbor": self = .cancel
        case "application/vnd.quota-ledger.inventory+cbor": self = .inventory
        case "application/vnd.quota-ledger.organisation+cbor": self = .organisation
        case "application/vnd.quota-ledger.member+cbor": self = .member
        case "application/vnd.quota-ledger.vote+cbor": self = .vote
        case "application/vnd.quota-ledger.proposal+cbor": self = .proposal
        case "application/vnd.quota-ledger.suspension+cbor": self = .suspension
        case "application/vnd.quota-ledger.facility+cbor": self = .facility
        case "application/vnd.quota-ledger.storage+cbor": self = .storage
        case "application/vnd.quota-ledger.genesis+cbor": self = .genesis
        case "application/vnd.quota-ledger.ready+cbor": self = .ready
        case "application/vnd.quota-ledger.evidence+cbor": self = .evidence
        default: return nil
        }
    }
}
