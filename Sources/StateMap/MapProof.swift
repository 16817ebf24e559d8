public import QuotaCrypto

/// Proof that a key has a value under a root, or that the key is absent.
public struct MapProof: Hashable, Sendable {
    /// The most siblings a proof can have: one for each bit of a path.
    public static let depthMax = 256

    /// The leaf that stands where an absent key would stand.
    public struct Terminal: Hashable, Sendable {
        /// SHA-256 of that leaf's key.
        public let path: Digest
        /// SHA-256 of that leaf's value.
        public let valueHash: Digest

        /// Another key's leaf.
        public init(path: Digest, valueHash: Digest) {
            self.path = path
            self.valueHash = valueHash
        }
    }

    /// The key that the proof is about.
    public let key: [UInt8]
    /// The key's value; nil claims that the key is absent.
    public let value: [UInt8]?
    /// The leaf found in an absent key's place; nil if that place is empty, or the key is present.
    public let terminal: Terminal?
    /// The siblings from the leaf's own to the root's child; nil stands for an empty subtree.
    public let siblings: [Digest?]

    /// A proof as received; nothing is checked until `verify`.
    public init(key: [UInt8], value: [UInt8]?, terminal: Terminal?, siblings: [Digest?]) {
        self.key = key
        self.value = value
        self.terminal = terminal
        self.siblings = siblings
    }
}

extension StateMap {
    /// The proof of a key's value, or of its absence, under this map's root.
    public func proof(for key: [UInt8]) -> MapProof {
        let path = hasher.path(key)
        var siblings: [Digest?] = []
        var node = top
        while case .inner(let inner) = node {
            let bit = path.bit(siblings.count)
            switch inner.child(!bit) {
            case .empty: siblings.append(nil)
            case let sibling: siblings.append(sibling.hash(hasher))
            }
            node = inner.child(bit)
        }
        siblings.reverse()
        guard case .leaf(let leaf) = node else {
            return MapProof(key: key, value: nil, terminal: nil, siblings: siblings)
        }
        guard leaf.path != path else {
            return MapProof(key: key, value: leaf.value, terminal: nil, siblings: siblings)
        }
        let terminal = MapProof.Terminal(path: leaf.path, valueHash: SHA256.hash(leaf.value))
        return MapProof(key: key, value: nil, terminal: terminal, siblings: siblings)
    }
}
