public import QuotaCrypto

/// Signs this node's votes.
public protocol VoteSigner: Sendable {
    /// The 64-byte signature of `message` by this node's vote key.
    func sign(_ message: [UInt8]) -> [UInt8]
}

/// Checks the members' votes.
public protocol VoteVerifier: Sendable {
    /// Whether `signature` is that of the member at position `member` over `message`.
    func isValid(_ signature: [UInt8], for message: [UInt8], by member: Int) -> Bool
}

/// Signs votes with the node's Ed25519 vote key.
public struct Ed25519VoteSigner: VoteSigner {
    private let key: Ed25519.PrivateKey

    /// A signer that holds `key`, which must sign nothing else.
    public init(key: Ed25519.PrivateKey) {
        self.key = key
    }

    /// The signature of `message` (RFC 8032, deterministic).
    public func sign(_ message: [UInt8]) -> [UInt8] {
        key.sign(message)
    }
}

/// Checks votes against the members' Ed25519 vote keys.
public struct Ed25519VoteVerifier: VoteVerifier {
    private let keys: [Ed25519.PublicKey]

    /// A verifier for members with these vote keys, in the order of their positions.
    public init(keys: [Ed25519.PublicKey]) {
        self.keys = keys
    }

    /// Whether the member's key made `signature`; false for a position that does not exist.
    public func isValid(_ signature: [UInt8], for message: [UInt8], by member: Int) -> Bool {
        guard keys.indices.contains(member) else { return false }
        return keys[member].isValid(signature, for: message)
    }
}
