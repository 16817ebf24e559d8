public import QuotaCrypto

/// A part of a map that is whole in itself: every key whose path begins with the same bits, and the
/// siblings on the way from there to the root.
///
/// The hash of that part commits to all of its keys, so that whoever knows the root can take chunks
/// from anybody, one by one and in any order: none can lack a key, or have one too many.
public struct MapChunk: Hashable, Sendable {
    /// A key with its value.
    public struct Entry: Hashable, Sendable {
        /// The key.
        public let key: [UInt8]
        /// The value.
        public let value: [UInt8]

        /// A key with its value.
        public init(key: [UInt8], value: [UInt8]) {
            self.key = key
            self.value = value
        }
    }

    /// What an entry counts beside the bytes of its key and its value.
    static let entryOverhead = 16

    /// All entries of the part, in the order of their paths.
    public let entries: [Entry]
    /// The siblings from the part's own to the root's child; nil stands for an empty subtree.
    ///
    /// Their number is the number of bits that all paths of the part begin with.
    public let siblings: [Digest?]

    /// A chunk as received; nothing is checked until `verify`.
    public init(entries: [Entry], siblings: [Digest?]) {
        self.entries = entries
        self.siblings = siblings
    }

    /// Where the part after this one begins, if this one holds `path`; nil if this one is the last.
    public func end(from path: Digest) -> Digest? { path.successor(ofBits: siblings.count) }
}

extension StateMap {
    /// The largest part that holds `path`, begins with at least `bits` of its bits, and whose keys and
    /// values have at most `bytesMax` bytes, 16 more counted for each entry.
    ///
    /// A part of one key is never too large. Where the map is so sparse that a single key or none
    /// stands at a higher place, the part begins with fewer bits.
    public func chunk(at path: Digest, bits: Int, bytesMax: Int) -> MapChunk {
        var siblings: [Digest?] = []
        var node = top
        while case .inner(let inner) = node,
            siblings.count < bits || node.byteCount(upTo: bytesMax) == nil
        {
            let bit = path.bit(siblings.count)
            switch inner.child(!bit) {
            case .empty: siblings.append(nil)
            case let sibling: siblings.append(sibling.hash(hasher))
            }
            node = inner.child(bit)
        }
        return MapChunk(entries: node.entries, siblings: siblings.reversed())
    }
}

extension MapNode {
    /// The bytes of all keys and values below, or nil if they are more than `max`.
    fileprivate func byteCount(upTo max: Int) -> Int? {
        var count = 0
        var pending = [self]
        while let node = pending.popLast() {
            switch node {
            case .empty: break
            case .leaf(let leaf):
                count += leaf.key.count + leaf.value.count + MapChunk.entryOverhead
                guard count <= max else { return nil }
            case .inner(let inner): pending += [inner.right, inner.left]
            }
        }
        return count
    }

    /// All keys and values below, in the order of their paths.
    fileprivate var entries: [MapChunk.Entry] {
        var entries: [MapChunk.Entry] = []
        var pending = [self]
        while let node = pending.popLast() {
            switch node {
            case .empty: break
            case .leaf(let leaf): entries.append(.init(key: leaf.key, value: leaf.value))
            case .inner(let inner): pending += [inner.right, inner.left]
            }
        }
        return entries
    }
}

extension Digest {
    /// The lowest path that is greater than every path with the same first `count` bits; nil if there
    /// is none.
    func successor(ofBits count: Int) -> Digest? {
        var bytes = self.bytes
        for index in bytes.indices {
            let kept = min(max(count - index * 8, 0), 8)
            bytes[index] &= UInt8(truncatingIfNeeded: 0xFF00 >> kept)
        }
        for bit in (0..<min(count, bytes.count * 8)).reversed() {
            let mask: UInt8 = 0x80 >> UInt8(bit % 8)
            bytes[bit / 8] ^= mask
            if bytes[bit / 8] & mask != 0 { return Digest(bytes) }
        }
        return nil
    }
}
