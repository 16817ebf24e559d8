public import QuotaCrypto

/// A tree with all its complete subtrees in memory, so that any proof can be made from it.
///
/// One flat array a level; about 64 bytes and one node hash a leaf.
public struct MemoryTree: SubtreeSource, Sendable {
    /// `levels[l][i]` is the root of the leaves from i * 2^l to before (i + 1) * 2^l.
    private var levels: [[Digest]] = [[]]

    /// The empty tree.
    public init() {}

    /// A tree of these leaf hashes, in order.
    public init(leafHashes: some Sequence<Digest>) {
        append(contentsOf: leafHashes)
    }

    /// The number of leaves.
    public var size: UInt64 { UInt64(levels[0].count) }

    /// The root of the whole tree.
    public var root: Digest {
        CompactTree.fold(peaks(size: levels[0].count))
    }

    /// The leaf hashes, in order.
    public var leafHashes: [Digest] { levels[0] }

    /// The whole tree in compact form.
    public var compact: CompactTree {
        CompactTree(size: size, peaks: peaks(size: levels[0].count)) ?? CompactTree()
    }

    /// Appends one leaf by its hash.
    public mutating func append(_ leafHash: Digest) {
        levels[0].append(leafHash)
        var level = 0
        var count = levels[0].count
        while count & 1 == 0 {
            let left = levels[level][count - 2]
            let right = levels[level][count - 1]
            if level + 1 == levels.count { levels.append([]) }
            levels[level + 1].append(TreeHash.node(left, right))
            level += 1
            count >>= 1
        }
    }

    /// Appends leaves by their hashes, in order.
    public mutating func append(contentsOf leafHashes: some Sequence<Digest>) {
        for hash in leafHashes { append(hash) }
    }

    /// The hash of a complete subtree.
    ///
    /// - Throws: `SubtreeUnavailable` if it reaches beyond the tree.
    public func hash(level: Int, index: UInt64) throws -> Digest {
        guard levels.indices.contains(level), index < levels[level].count else {
            throw SubtreeUnavailable(level: level, index: index)
        }
        return levels[level][Int(index)]
    }

    private func peaks(size: Int) -> [Digest] {
        var peaks: [Digest] = []
        var position = 0
        for level in levels.indices.reversed() where (size >> level) & 1 == 1 {
            peaks.append(levels[level][position >> level])
            position += 1 << level
        }
        return peaks
    }
}
