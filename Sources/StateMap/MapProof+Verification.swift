public import QuotaCrypto

/// Why a map proof was refused.
public enum MapProofError: Error, Hashable, CustomStringConvertible {
    /// The bytes are not the one encoding of a proof; the text names field and problem.
    case malformed(field: String, problem: String)
    /// The proof has more than 256 siblings.
    case tooDeep(Int)
    /// A sibling is given as the hash of an empty subtree instead of being left out.
    case emptySiblingListed(Int)
    /// The sibling next to the leaf is empty, so the leaf would stand higher.
    case leafNotLifted
    /// A terminal leaf comes with a value: a key is either present or absent.
    case terminalWithValue
    /// The terminal leaf is the key's own, which would prove presence.
    case terminalIsKey
    /// The terminal leaf does not stand on the key's way down.
    case terminalElsewhere
    /// The siblings do not lead to the root.
    case rootMismatch
    /// The proof is about another key than the one asked for.
    case otherKey
    /// An entry of a chunk does not stand in the chunk's part of the map.
    case entryElsewhere(Int)
    /// An entry of a chunk does not come after the one before it.
    case entriesNotAscending(Int)

    /// A sentence that says what is wrong.
    public var description: String {
        switch self {
        case .malformed(let field, let problem): "map proof, \(field): \(problem)"
        case .tooDeep(let count): "a map proof has at most 256 siblings, not \(count)"
        case .emptySiblingListed(let index): "sibling \(index) is empty and must be left out"
        case .leafNotLifted: "the leaf stands lower than its neighbours allow"
        case .terminalWithValue: "a proof of presence must not have a terminal leaf"
        case .terminalIsKey: "the terminal leaf of a proof of absence is the key's own"
        case .terminalElsewhere: "the terminal leaf does not stand in the key's place"
        case .rootMismatch: "the map proof does not lead to the root"
        case .otherKey: "the map proof is about another key"
        case .entryElsewhere(let index): "entry \(index) belongs to another part of the map"
        case .entriesNotAscending(let index): "entry \(index) is not in the order of the paths"
        }
    }
}

extension MapProof {
    /// Checks what the proof says of its key against a root that the caller trusts.
    ///
    /// The caller compares `key` with the key it asked for, or calls `value(of:root:)`.
    ///
    /// - Throws: `MapProofError` for an impossible shape, or if the proof leads to another root.
    public func verify(
        root: Digest,
        hasher: MapHasher = .jellyfish
    ) throws(MapProofError) {
        guard siblings.count <= Self.depthMax else { throw .tooDeep(siblings.count) }
        if let listed = siblings.firstIndex(of: hasher.empty) { throw .emptySiblingListed(listed) }
        let path = hasher.path(key)
        var hash = try bottom(path: path, hasher: hasher)
        if let first = siblings.first, first == nil { throw .leafNotLifted }
        for (index, sibling) in siblings.enumerated() {
            let other = sibling ?? hasher.empty
            let isRight = path.bit(siblings.count - 1 - index)
            hash = isRight ? hasher.inner(other, hash) : hasher.inner(hash, other)
        }
        guard hash == root else { throw .rootMismatch }
    }

    /// The verified value of a key, or nil if the key is verified to be absent.
    ///
    /// - Throws: `MapProofError` as `verify`, or if the proof is about another key.
    public func value(
        of key: [UInt8],
        root: Digest,
        hasher: MapHasher = .jellyfish
    ) throws(MapProofError) -> [UInt8]? {
        guard key == self.key else { throw .otherKey }
        try verify(root: root, hasher: hasher)
        return value
    }

    /// The hash of what stands at the end of the key's way: its leaf, another leaf, or nothing.
    private func bottom(path: Digest, hasher: MapHasher) throws(MapProofError) -> Digest {
        if let value {
            guard terminal == nil else { throw .terminalWithValue }
            return hasher.leaf(path: path, valueHash: SHA256.hash(value))
        }
        guard let terminal else { return hasher.empty }
        guard terminal.path != path else { throw .terminalIsKey }
        for depth in siblings.indices where terminal.path.bit(depth) != path.bit(depth) {
            throw .terminalElsewhere
        }
        return hasher.leaf(path: terminal.path, valueHash: terminal.valueHash)
    }
}
