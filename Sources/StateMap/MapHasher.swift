public import QuotaCrypto

/// The parameters of a compact sparse Merkle tree over SHA-256.
///
/// path(key) = SHA-256(key), leaf = SHA-256(leafPrefix || path || SHA-256(value)),
/// inner = SHA-256(innerPrefix || left || right).
public struct MapHasher: Hashable, Sendable {
    /// The bytes before a leaf's path and value hash; at most 64.
    public let leafPrefix: [UInt8]
    /// The bytes before an inner node's two children; at most 64.
    public let innerPrefix: [UInt8]
    /// What stands for a subtree without keys.
    public let empty: Digest

    /// A tree's parameters.
    ///
    /// The prefixes must differ, or a leaf could pass for an inner node.
    public init(leafPrefix: [UInt8], innerPrefix: [UInt8], empty: Digest) {
        self.leafPrefix = leafPrefix
        self.innerPrefix = innerPrefix
        self.empty = empty
    }

    /// The ledger's parameters, those of the Jellyfish Merkle tree (spelling theirs).
    ///
    /// The empty hash is the 32 ASCII bytes `SPARSE_MERKLE_PLACEHOLDER_HASH__`.
    public static let jellyfish = MapHasher(
        leafPrefix: Array("JMT::LeafNode".utf8),
        innerPrefix: Array("JMT::IntrnalNode".utf8),
        empty: Digest(Array("SPARSE_MERKLE_PLACEHOLDER_HASH__".utf8)) ?? .zero
    )

    /// The place of a key in the tree; its bits are read from the most significant one.
    func path(_ key: [UInt8]) -> Digest { SHA256.hash(key) }

    func leaf(path: Digest, valueHash: Digest) -> Digest {
        SHA256.node(prefix: leafPrefix, path, valueHash)
    }

    func inner(_ left: Digest, _ right: Digest) -> Digest {
        SHA256.node(prefix: innerPrefix, left, right)
    }
}
