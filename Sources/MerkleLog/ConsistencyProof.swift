public import QuotaCrypto

/// Proof that a newer tree only appended to an older one.
///
/// Source: RFC 9162 sections 2.1.4.1 and 2.1.4.2.
public struct ConsistencyProof: Hashable, Sendable {
    /// The older tree's number of leaves.
    public let oldSize: UInt64
    /// The newer tree's number of leaves.
    public let newSize: UInt64
    /// The hashes; empty if the sizes are equal or the older tree is empty.
    public let path: [Digest]

    /// A proof as received; nothing is checked until `verify`.
    public init(oldSize: UInt64, newSize: UInt64, path: [Digest]) {
        self.oldSize = oldSize
        self.newSize = newSize
        self.path = path
    }

    /// The number of hashes that a path must have, or nil if the older size is the larger.
    public static func pathLength(oldSize: UInt64, newSize: UInt64) -> Int? {
        guard oldSize <= newSize else { return nil }
        guard oldSize > 0, oldSize < newSize else { return 0 }
        let shape = TreePath(index: oldSize - 1, size: newSize)
        let shared = oldSize.trailingZeroBitCount
        return shape.length - shared + (oldSize.isPowerOfTwo ? 0 : 1)
    }

    /// Checks that the tree with `newRoot` extends the tree with `oldRoot`.
    ///
    /// - Parameters:
    ///   - oldRoot: the root of the older tree; for size 0 it must be the empty tree's root.
    ///   - newRoot: the root of the newer tree.
    /// - Throws: `ProofError` if the shape is impossible or a root is not reached.
    public func verify(oldRoot: Digest, newRoot: Digest) throws(ProofError) {
        guard let length = Self.pathLength(oldSize: oldSize, newSize: newSize) else {
            throw .sizesReversed(old: oldSize, new: newSize)
        }
        guard path.count == length else {
            throw .pathLength(expected: length, actual: path.count)
        }
        guard oldSize > 0 || oldRoot == TreeHash.empty else { throw .oldRootMismatch }
        guard newSize > 0 || newRoot == TreeHash.empty else { throw .rootMismatch }
        guard oldSize != newSize else {
            guard oldRoot == newRoot else { throw .rootMismatch }
            return
        }
        guard oldSize > 0 else { return }
        let roots = self.roots(seed: oldSize.isPowerOfTwo ? oldRoot : path[0])
        guard roots.old == oldRoot else { throw .oldRootMismatch }
        guard roots.new == newRoot else { throw .rootMismatch }
    }

    /// Both roots from the path, whose length is already known to be exact.
    ///
    /// `seed` is the last complete subtree that both trees share.
    private func roots(seed: Digest) -> (old: Digest, new: Digest) {
        let shape = TreePath(index: oldSize - 1, size: newSize)
        let shared = oldSize.trailingZeroBitCount
        var old = seed
        var new = seed
        var siblings = path[(oldSize.isPowerOfTwo ? 0 : 1)...]
        for level in shared..<shape.inner {
            guard let sibling = siblings.popFirst() else { break }
            if ((oldSize - 1) >> level) & 1 == 1 {
                old = TreeHash.node(sibling, old)
                new = TreeHash.node(sibling, new)
            } else {
                new = TreeHash.node(new, sibling)
            }
        }
        for sibling in siblings {
            old = TreeHash.node(sibling, old)
            new = TreeHash.node(sibling, new)
        }
        return (old, new)
    }
}

extension ConsistencyProof {
    /// Makes the proof between the trees of the first `oldSize` and the first `newSize` leaves.
    ///
    /// - Parameters:
    ///   - oldSize: the older size; 0 and `newSize` give an empty path.
    ///   - newSize: the newer size; the source must hold at least as many leaves.
    ///   - source: complete subtree hashes.
    /// - Throws: `ProofError.sizesReversed`, or what the source throws.
    public init(oldSize: UInt64, newSize: UInt64, from source: some SubtreeSource) throws {
        guard oldSize <= newSize else {
            throw ProofError.sizesReversed(old: oldSize, new: newSize)
        }
        var path: [Digest] = []
        if oldSize > 0, oldSize < newSize {
            let shared = oldSize.trailingZeroBitCount
            if !oldSize.isPowerOfTwo {
                path.append(try source.hash(level: shared, index: (oldSize - 1) >> shared))
            }
            path += try source.siblings(of: oldSize - 1, size: newSize, above: shared)
        }
        self.init(oldSize: oldSize, newSize: newSize, path: path)
    }
}

extension UInt64 {
    /// Whether exactly one bit is set.
    var isPowerOfTwo: Bool { nonzeroBitCount == 1 }
}
