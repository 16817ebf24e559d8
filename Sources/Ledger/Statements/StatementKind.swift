/// The kinds of statement that the ledger registers.
///
/// A kind fixes the content type in the protected header, the layout of the payload, and the place
/// of a statement inside its block (see ``rank``).
public enum StatementKind: String, CaseIterable, Hashable, Sendable {
    /// The first leaf: origin, founding members, first policy and catalogue.
    case genesis
    /// A member card: who may sign statements, and the keys of its node.
    case member
    /// A policy document: the limits that claims are judged by.
    case policy
    /// A chip catalogue: what a unit of each SKU weighs.
    case catalogue
    /// An organisation: where it is, its headquarters and its ultimate parent.
    case organisation
    /// A claim against a quota.
    case claim
    /// What one country had before the ledger began.
    case inventory
    /// Something that happened to a claim afterwards.
    case event
    /// The withdrawal of what was claimed and not shipped, by the claim's issuer.
    case cancel

    /// The content type of a statement of this kind (COSE header 3).
    public var contentType: String { "application/vnd.quota-ledger.\(rawValue)+cbor" }

    /// The content type of an approval of a statement of this kind (COSE header 3).
    public var approvalContentType: String {
        "application/vnd.quota-ledger.\(rawValue).approval+cbor"
    }

    /// The place of this kind inside a block: what others depend on comes first.
    ///
    /// Organisations come before the claims that name them, claims before their events, and events
    /// before the cancellations that release what is left, so that one block can hold them all and
    /// nobody gains from the order.
    public var rank: Int {
        switch self {
        case .genesis: 0
        case .member: 1
        case .policy: 2
        case .catalogue: 3
        case .organisation: 5
        case .inventory: 8
        case .claim: 9
        case .event: 10
        case .cancel: 11
        }
    }

    /// Whether the payload is `{body, approvals}` instead of the body itself.
    public var needsApprovals: Bool {
        switch self {
        case .genesis, .member, .policy, .catalogue, .inventory, .event: true
        case .organisation, .claim, .cancel: false
        }
    }

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
        case "application/vnd.quota-ledger.policy+cbor": self = .policy
        case "application/vnd.quota-ledger.catalogue+cbor": self = .catalogue
        case "application/vnd.quota-ledger.genesis+cbor": self = .genesis
        default: return nil
        }
    }
}
