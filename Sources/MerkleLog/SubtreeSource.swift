public import QuotaCrypto

/// Where the hashes of complete subtrees come from: memory, a store, or tiles.
///
/// A source answers for complete subtrees only, so what it answers never changes as the tree grows.
public protocol SubtreeSource {
    /// The hash of the complete subtree of 2^`level` leaves that starts at leaf `index` * 2^`level`.
    ///
    /// - Throws: an error of the source's own if it does not hold all of these leaves.
    func hash(level: Int, index: UInt64) throws -> Digest
}

/// A source does not hold a subtree that was asked for.
public struct SubtreeUnavailable: Error, Hashable, CustomStringConvertible {
    /// The subtree has 2^`level` leaves.
    public let level: Int
    /// The subtree's number at its level.
    public let index: UInt64

    /// A subtree that is not there.
    public init(level: Int, index: UInt64) {
        self.level = level
        self.index = index
    }

    /// A sentence that names the subtree.
    public var description: String {
        "the hash of subtree \(index) at level \(level) is not available"
    }
}

extension SubtreeSource {
    /// The root of the tree of the first `size` leaves.
    ///
    /// - Throws: what the source throws if it holds fewer leaves.
    public func root(size: UInt64) throws -> Digest {
        try CompactTree(size: size, from: self).root
    }

    /// The siblings on the way from leaf `index` to the root, from level `lowest` upward.
    ///
    /// At most one of them is an incomplete subtree: the right sibling below the place where the
    /// leaf's way and the tree's right edge meet.
    func siblings(of index: UInt64, size: UInt64, above lowest: Int) throws -> [Digest] {
        let shape = TreePath(index: index, size: size)
        var path: [Digest] = []
        path.reserveCapacity(shape.length)
        for level in lowest..<max(lowest, shape.inner) {
            let sibling = (index >> level) ^ 1
            if sibling < size >> level {
                path.append(try hash(level: level, index: sibling))
            } else {
                path.append(try root(from: sibling << level, to: size))
            }
        }
        for level in shape.inner..<UInt64.bitWidth where (index >> level) & 1 == 1 {
            path.append(try hash(level: level, index: (index >> level) ^ 1))
        }
        return path
    }

    /// The hash over the leaves from `start` to before `end`, which form the tree's right edge.
    ///
    /// `start` is a multiple of a power of two that is at least the number of leaves.
    private func root(from start: UInt64, to end: UInt64) throws -> Digest {
        var peaks: [Digest] = []
        var position = start
        for level in (0..<UInt64.bitWidth).reversed() where ((end - start) >> level) & 1 == 1 {
            peaks.append(try hash(level: level, index: position >> level))
            position += 1 << level
        }
        return CompactTree.fold(peaks)
    }
}
