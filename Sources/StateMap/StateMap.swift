public import QuotaCrypto

/// A persistent map from keys to values with one root hash.
///
/// A copy shares all nodes with its original and costs nothing; a change makes new nodes only on the
/// way to the changed keys. Several versions can live at once and be dropped in any order.
public struct StateMap: Sendable {
    /// The number of keys.
    public private(set) var count = 0
    /// The tree's parameters.
    public let hasher: MapHasher
    private(set) var top = MapNode.empty

    /// A map without keys.
    public init(hasher: MapHasher = .jellyfish) {
        self.hasher = hasher
    }

    /// The root hash; the same for the same keys and values, however they got there.
    public var root: Digest { top.hash(hasher) }

    /// Whether the map has no keys.
    public var isEmpty: Bool { count == 0 }

    /// The value of a key, or nil if the map does not have it.
    public subscript(key: [UInt8]) -> [UInt8]? {
        let path = hasher.path(key)
        var node = top
        for depth in 0..<MapProof.depthMax {
            guard case .inner(let inner) = node else { break }
            node = inner.child(path.bit(depth))
        }
        guard case .leaf(let leaf) = node, leaf.path == path else { return nil }
        return leaf.value
    }

    /// Calls `body` for every key in the order of the paths, which every replica shares.
    ///
    /// - Throws: what `body` throws, at once.
    public func forEach<Failure>(
        _ body: (_ key: [UInt8], _ value: [UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        var pending = [top]
        while let node = pending.popLast() {
            switch node {
            case .empty: break
            case .leaf(let leaf): try body(leaf.key, leaf.value)
            case .inner(let inner): pending += [inner.right, inner.left]
            }
        }
    }

    /// Applies changes at once: a value sets its key, nil removes it.
    ///
    /// All changes are sorted by path and applied in one descent, so a node that several changes
    /// share is hashed once. If a key occurs more than once, its last change counts. Removing a key
    /// that is absent changes nothing.
    public mutating func update(_ changes: [(key: [UInt8], value: [UInt8]?)]) {
        let batch = MapBatch(changes, hasher: hasher)
        let result = batch.applied(to: top)
        top = result.node
        count += result.tally.added - result.tally.removed
    }

    /// The map with the changes applied; this one stays as it is.
    public func updated(_ changes: [(key: [UInt8], value: [UInt8]?)]) -> StateMap {
        var map = self
        map.update(changes)
        return map
    }
}

extension StateMap: Equatable {
    /// Whether two maps have the same keys and values: the same root under the same parameters.
    public static func == (left: StateMap, right: StateMap) -> Bool {
        left.hasher == right.hasher && left.root == right.root
    }
}
