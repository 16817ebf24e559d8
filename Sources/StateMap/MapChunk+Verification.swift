public import QuotaCrypto

extension MapChunk {
    /// Checks that the chunk is the part of the map around `path`: all of it and nothing else.
    ///
    /// - Parameters:
    ///   - path: The path that was asked for.
    ///   - root: A root that the caller trusts.
    ///   - hasher: The tree's parameters.
    /// - Returns: Where the next part begins; nil if this one was the last.
    /// - Throws: `MapProofError` for an impossible shape, or if the chunk leads to another root.
    @discardableResult
    public func verify(
        at path: Digest,
        root: Digest,
        hasher: MapHasher = .jellyfish
    ) throws(MapProofError) -> Digest? {
        let depth = siblings.count
        guard depth <= MapProof.depthMax else { throw .tooDeep(depth) }
        if let listed = siblings.firstIndex(of: hasher.empty) { throw .emptySiblingListed(listed) }
        if entries.count < 2, let first = siblings.first, first == nil { throw .leafNotLifted }
        let paths = entries.map { hasher.path($0.key) }
        for (index, own) in paths.enumerated() {
            guard own.beginsLike(path, bits: depth) else { throw .entryElsewhere(index) }
            guard index == 0 || paths[index - 1] < own else { throw .entriesNotAscending(index) }
        }
        var hash = subtree(paths, entries.indices, depth: depth, hasher)
        for (index, sibling) in siblings.enumerated() {
            let other = sibling ?? hasher.empty
            let isRight = path.bit(depth - 1 - index)
            hash = isRight ? hasher.inner(other, hash) : hasher.inner(hash, other)
        }
        guard hash == root else { throw .rootMismatch }
        return end(from: path)
    }

    /// The hash of the entries in `range`, whose paths ascend and agree in their first `depth` bits.
    ///
    /// It goes at most 256 levels deep: no two paths agree in all bits.
    private func subtree(
        _ paths: [Digest],
        _ range: Range<Int>,
        depth: Int,
        _ hasher: MapHasher
    ) -> Digest {
        guard let first = range.first else { return hasher.empty }
        guard range.count > 1 else {
            return hasher.leaf(path: paths[first], valueHash: SHA256.hash(entries[first].value))
        }
        let middle = range.first { paths[$0].bit(depth) } ?? range.upperBound
        return hasher.inner(
            subtree(paths, range.lowerBound..<middle, depth: depth + 1, hasher),
            subtree(paths, middle..<range.upperBound, depth: depth + 1, hasher)
        )
    }
}

extension Digest {
    /// Whether both begin with the same `count` bits.
    fileprivate func beginsLike(_ other: Digest, bits count: Int) -> Bool {
        (0..<count).allSatisfy { bit($0) == other.bit($0) }
    }
}
