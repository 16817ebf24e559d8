public import QuotaCrypto

/// The hashes of an RFC 9162 tree over SHA-256.
///
/// Source: RFC 9162 section 2.1.1.
public enum TreeHash {
    private static let nodePrefix: [UInt8] = [1]

    /// The root of a tree without leaves: SHA-256 of nothing.
    public static let empty = SHA256.hash([])

    /// The hash of one leaf: SHA-256(0x00 || bytes).
    public static func leaf(_ bytes: [UInt8]) -> Digest {
        SHA256.leaf(prefix: 0, bytes)
    }

    /// The hash of an inner node: SHA-256(0x01 || left || right).
    public static func node(_ left: Digest, _ right: Digest) -> Digest {
        SHA256.node(prefix: nodePrefix, left, right)
    }
}
