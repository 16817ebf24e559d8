import CBOR
public import QuotaCrypto

/// A member whose node votes on blocks and signs checkpoints.
public struct Validator: Hashable, Sendable {
    /// The member id.
    public let id: String
    /// The member's role.
    public let role: MemberRole
    /// The node's keys and addresses.
    public let node: NodeCard

    /// A validator with the given node.
    public init(id: String, role: MemberRole, node: NodeCard) {
        self.id = id
        self.role = role
        self.node = node
    }

    /// The digest that a header carries: SHA-256 of the deterministic CBOR array of
    /// `[id, role, vote key, log key, cosigner key]`, ascending by id.
    public static func digest(of validators: [Validator]) -> Digest {
        let sorted = validators.sorted { $0.id < $1.id }
        return SHA256.hash(CBORValue.array(sorted.map(\.digested)).encoded())
    }

    /// How many of `count` validators must agree: `n - floor((n - 1) / 3)`.
    public static func threshold(of count: Int) -> Int {
        count == 0 ? 0 : count - (count - 1) / 3
    }

    private var digested: CBORValue {
        .array([
            .text(id), .text(role.rawValue), .bytes(node.vote.bytes), .bytes(node.log.bytes),
            .bytes(node.cosigner.bytes),
        ])
    }
}
