public import QuotaCrypto

/// Proof that one leaf stands at one index of a tree.
///
/// Source: RFC 9162 sections 2.1.3.1 and 2.1.3.2.
public struct InclusionProof: Hashable, Sendable {
    /// The leaf's position, from 0.
    public let index: UInt64
    /// The number of leaves in the tree.
    public let size: UInt64
    /// The siblings, the leaf's own first, the root's child last.
    public let path: [Digest]

    /// A proof as received; nothing is checked until `verify` or `root`.
    public init(index: UInt64, size: UInt64, path: [Digest]) {
        self.index = index
        self.size = size
        self.path = path
    }

    /// The number of hashes that a path must have, or nil if the leaf is outside the tree.
    public static func pathLength(index: UInt64, size: UInt64) -> Int? {
        index < size ? TreePath(index: index, size: size).length : nil
    }

    /// The root that the path leads to from `leaf`.
    ///
    /// - Parameter leaf: the leaf's hash, not its bytes.
    /// - Returns: the root, which the caller compares with one it trusts.
    /// - Throws: `ProofError` if the index or the path length is impossible.
    public func root(leaf: Digest) throws(ProofError) -> Digest {
        guard index < size else { throw .indexOutOfRange(index: index, size: size) }
        let shape = TreePath(index: index, size: size)
        guard path.count == shape.length else {
            throw .pathLength(expected: shape.length, actual: path.count)
        }
        var hash = leaf
        for level in 0..<shape.inner {
            let isRight = (index >> level) & 1 == 1
            hash = isRight ? TreeHash.node(path[level], hash) : TreeHash.node(hash, path[level])
        }
        for sibling in path[shape.inner...] { hash = TreeHash.node(sibling, hash) }
        return hash
    }

    /// Checks that `leaf` stands at `index` of the tree with this root.
    ///
    /// - Parameters:
    ///   - leaf: the leaf's hash.
    ///   - root: a root that the caller already trusts.
    /// - Throws: `ProofError` if the shape is impossible or the path leads elsewhere.
    public func verify(leaf: Digest, root: Digest) throws(ProofError) {
        guard try self.root(leaf: leaf) == root else { throw .rootMismatch }
    }
}

extension InclusionProof {
    /// Makes the proof for leaf `index` of the tree of the first `size` leaves.
    ///
    /// - Parameters:
    ///   - index: the leaf's position.
    ///   - size: the tree's size; the source must hold at least as many leaves.
    ///   - source: complete subtree hashes.
    /// - Throws: `ProofError.indexOutOfRange`, or what the source throws.
    public init(index: UInt64, size: UInt64, from source: some SubtreeSource) throws {
        guard index < size else { throw ProofError.indexOutOfRange(index: index, size: size) }
        self.init(
            index: index,
            size: size,
            path: try source.siblings(of: index, size: size, above: 0)
        )
    }
}
