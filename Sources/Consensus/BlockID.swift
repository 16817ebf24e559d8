public import QuotaCrypto

/// A block of the ledger, as consensus names it.
public struct BlockID: Hashable, Sendable {
    /// Blocks before this one; genesis has height 0.
    public let height: UInt64
    /// SHA-256 of the checkpoint text after the block together with the hash of its header leaf.
    public let digest: Digest

    /// Names a block.
    public init(height: UInt64, digest: Digest) {
        self.height = height
        self.digest = digest
    }
}

/// A block that the driver has just made: its name and the bytes that carry it.
public struct BlockBody: Hashable, Sendable {
    /// The digest by which votes name the block.
    public let digest: Digest
    /// The encoded block.
    ///
    /// Consensus never reads it.
    public let payload: [UInt8]

    /// Pairs a digest with the bytes it stands for.
    public init(digest: Digest, payload: [UInt8]) {
        self.digest = digest
        self.payload = payload
    }
}
