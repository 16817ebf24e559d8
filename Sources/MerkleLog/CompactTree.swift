public import QuotaCrypto

/// A tree reduced to what appending needs: its size and the roots of its complete subtrees.
///
/// At most 64 hashes whatever the size, so every version of the ledger's state can carry one.
public struct CompactTree: Hashable, Sendable {
    /// The number of leaves.
    public private(set) var size: UInt64
    /// The complete subtrees' roots, the largest (leftmost) first, one for each set bit of `size`.
    public private(set) var peaks: [Digest]

    /// The empty tree.
    public init() {
        size = 0
        peaks = []
    }

    /// A tree from its parts, as stored; nil if the number of peaks does not fit the size.
    public init?(size: UInt64, peaks: [Digest]) {
        guard peaks.count == size.nonzeroBitCount else { return nil }
        self.size = size
        self.peaks = peaks
    }

    /// The tree of the first `size` leaves of a source.
    ///
    /// - Throws: what the source throws if it holds fewer leaves.
    public init(size: UInt64, from source: some SubtreeSource) throws {
        var peaks: [Digest] = []
        var position: UInt64 = 0
        for level in (0..<UInt64.bitWidth).reversed() where (size >> level) & 1 == 1 {
            peaks.append(try source.hash(level: level, index: position >> level))
            position += 1 << level
        }
        self.size = size
        self.peaks = peaks
    }

    /// Appends one leaf by its hash.
    ///
    /// Merges equal subtrees as it goes: one node hash a leaf on average.
    public mutating func append(_ leafHash: Digest) {
        var hash = leafHash
        for _ in 0..<(~size).trailingZeroBitCount {
            guard let left = peaks.popLast() else { break }
            hash = TreeHash.node(left, hash)
        }
        peaks.append(hash)
        size += 1
    }

    /// The tree's root; for no leaves, the empty tree's.
    public var root: Digest { Self.fold(peaks) }

    /// Joins peaks from the right, the smallest first.
    static func fold(_ peaks: [Digest]) -> Digest {
        guard var hash = peaks.last else { return TreeHash.empty }
        for peak in peaks.dropLast().reversed() { hash = TreeHash.node(peak, hash) }
        return hash
    }
}
