public import Ledger
public import QuotaCrypto

/// A founding member of the test ledger, with its keys.
public struct Founder: Sendable {
    /// The member id.
    public let id: String
    /// The member's role.
    public let role: MemberRole
    /// The member's country.
    public let country: String
    /// The key that signs statements.
    public let key: Ed25519.PrivateKey
    /// The seed of the member's node.
    public let seed: SecretSeed

    /// A member whose keys follow from its id.
    public init(_ id: String, _ role: MemberRole, _ country: String) throws {
        self.id = id
        self.role = role
        self.country = country
        seed = try SecretSeed(SHA256.hash(Array("node \(id)".utf8)).bytes)
        key = try Ed25519.PrivateKey(seed: SHA256.hash(Array("statement \(id)".utf8)).bytes)
    }

    /// The member's card on the ledger `origin`.
    public func card(origin: String) throws -> MemberCard {
        MemberCard(
            id: id,
            name: "Member \(id)",
            role: role,
            country: country,
            statementKey: key.publicKey,
            node: try NodeCard(
                seed: seed,
                member: id,
                origin: origin,
                peer: "127.0.0.1:7001",
                api: "http://127.0.0.1:8001"
            )
        )
    }
}
