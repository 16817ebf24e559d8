import QuotaCrypto

/// Changes to a map, sorted by path, one for each key.
///
/// Paths stand in an array of their own: the descent compares them often and touches keys and values
/// once.
struct MapBatch {
    private let paths: [Digest]
    private let keys: [[UInt8]]
    private let values: [[UInt8]?]
    private let hasher: MapHasher

    /// How many keys came and went.
    struct Tally {
        var added = 0
        var removed = 0
    }

    /// Sorts the changes; of several for one key only the last is kept.
    init(_ changes: [(key: [UInt8], value: [UInt8]?)], hasher: MapHasher) {
        let unsorted = changes.map { hasher.path($0.key) }
        let sorted = unsorted.indices.sorted { (unsorted[$0], $0) < (unsorted[$1], $1) }
        let kept = sorted.indices.filter { place in
            place + 1 == sorted.count || unsorted[sorted[place]] != unsorted[sorted[place + 1]]
        }
        let order = kept.map { sorted[$0] }
        paths = order.map { unsorted[$0] }
        keys = order.map { changes[$0].key }
        values = order.map { changes[$0].value }
        self.hasher = hasher
    }

    /// The tree with the changes applied.
    func applied(to node: MapNode) -> (node: MapNode, tally: Tally) {
        var tally = Tally()
        let changed = changed(node, paths.indices, depth: 0, &tally)
        return (changed ?? node, tally)
    }

    // The way down and up again goes at most 256 levels deep, one for each bit of a path.

    /// The subtree at `depth` after the changes in `range`, which all fall into it; nil if they
    /// leave it as it was.
    private func changed(
        _ node: borrowing MapNode,
        _ range: Range<Int>,
        depth: Int,
        _ tally: inout Tally
    ) -> MapNode? {
        guard !range.isEmpty else { return nil }
        switch node {
        case .empty:
            return range.contains { values[$0] != nil }
                ? built(range, beside: nil, depth: depth, &tally) : nil
        case .leaf(let leaf):
            return changed(leaf, range, depth: depth, &tally)
        case .inner(let inner):
            let middle = middle(of: range, depth: depth)
            let left = changed(inner.left, range.lowerBound..<middle, depth: depth + 1, &tally)
            let right = changed(inner.right, middle..<range.upperBound, depth: depth + 1, &tally)
            guard left != nil || right != nil else { return nil }
            return joined(left ?? inner.left, right ?? inner.right)
        }
    }

    /// The subtree that held one leaf so far, after the changes in `range`; nil if as it was.
    private func changed(
        _ leaf: MapLeaf,
        _ range: Range<Int>,
        depth: Int,
        _ tally: inout Tally
    ) -> MapNode? {
        let isOwn = range.contains { paths[$0] == leaf.path }
        guard range.count > 1 || values[range.lowerBound] != (isOwn ? leaf.value : nil) else {
            return nil
        }
        if isOwn { tally.removed += 1 }
        return built(range, beside: isOwn ? nil : leaf, depth: depth, &tally)
    }

    /// A new subtree of the values set in `range` and, if given, one leaf that stays.
    private func built(
        _ range: Range<Int>,
        beside other: MapLeaf?,
        depth: Int,
        _ tally: inout Tally
    ) -> MapNode {
        guard let first = range.first else { return other.map(MapNode.leaf) ?? .empty }
        if range.count == 1, other == nil { return leaf(first, &tally) }
        let middle = middle(of: range, depth: depth)
        let otherIsRight = other?.path.bit(depth)
        let left = built(
            range.lowerBound..<middle,
            beside: otherIsRight == false ? other : nil,
            depth: depth + 1,
            &tally
        )
        let right = built(
            middle..<range.upperBound,
            beside: otherIsRight == true ? other : nil,
            depth: depth + 1,
            &tally
        )
        return joined(left, right)
    }

    private func leaf(_ index: Int, _ tally: inout Tally) -> MapNode {
        guard let value = values[index] else { return .empty }
        tally.added += 1
        return .leaf(MapLeaf(path: paths[index], key: keys[index], value: value, hasher: hasher))
    }

    /// Two halves as one subtree; a leaf that is alone is lifted instead.
    private func joined(_ left: consuming MapNode, _ right: consuming MapNode) -> MapNode {
        switch (left, right) {
        case (.empty, .empty), (.leaf, .empty): left
        case (.empty, .leaf): right
        default: .inner(MapInner(left: left, right: right, hasher: hasher))
        }
    }

    /// Where the changes with a 1 bit at `depth` begin.
    private func middle(of range: Range<Int>, depth: Int) -> Int {
        var low = range.lowerBound
        var high = range.upperBound
        while low < high {
            let probe = low + (high - low) / 2
            if paths[probe].bit(depth) { high = probe } else { low = probe + 1 }
        }
        return low
    }
}
