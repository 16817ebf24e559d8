package import QuotaCrypto

/// Where a ledger begins whose state came from other nodes: the end of the log that it stands on.
package struct StoredBase: Hashable, Sendable {
    /// Leaves of the log up to the block of the state.
    package var size: UInt64
    /// Root of that log.
    package var root: Digest
    /// Epoch of the last final proposal that came along; final proposals before it are not stored.
    package var epoch: UInt64
    /// View of that proposal.
    package var view: UInt64
    /// Hashes of the leaves from the last multiple of 256 up to `size`.
    package var edge: [Digest]
    /// Leaves below `size` that are stored without a gap from the first on; `size` once all are.
    package var filled: UInt64

    /// A base as it goes into the store.
    package init(
        size: UInt64,
        root: Digest,
        epoch: UInt64,
        view: UInt64,
        edge: [Digest],
        filled: UInt64 = 0
    ) {
        self.size = size
        self.root = root
        self.epoch = epoch
        self.view = view
        self.edge = edge
        self.filled = filled
    }

    /// Whether leaves below are still missing.
    package var isFilling: Bool { filled < size }
}

/// A block of which only the header leaf is there.
package struct StoredLandmark: Hashable, Sendable {
    /// The block.
    package var block: StoredBlock
    /// Its header leaf.
    package var header: StoredLeaf

    /// A block and its header leaf.
    package init(block: StoredBlock, header: StoredLeaf) {
        self.block = block
        self.header = header
    }
}
