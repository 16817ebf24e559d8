import QuotaCrypto

/// Changes to a map, sorted by path, one for each key.
struct MapBatch {
    private struct Change {
        let path: Digest
        let key: [UInt8]
        let value: [UInt8]?
    }

    private let changes: [Change]
    private let hasher: MapHasher

    /// Sorts the changes; of several for one key only the last is kept.
    init(_ list: [(key: [UInt8], value: [UInt8]?)], hasher: MapHasher) {
        let paths = list.map { hasher.path($0.key) }
        let order = list.indices.sorted { (paths[$0], $0) < (paths[$1], $1) }
        var changes: [Change] = []
        changes.reserveCapacity(list.count)
        for index in order {
            if changes.last?.path == paths[index] { changes.removeLast() }
            changes.append(
                Change(path: paths[index], key: list[index].key, value: list[index].value)
            )
        }
        self.changes = changes
        self.hasher = hasher
    }

    /// The tree with the changes applied, and how many keys came and went.
    func applied(to node: MapNode) -> (node: MapNode, added: Int, removed: Int) {
        var descent = Descent(changes: changes, hasher: hasher)
        let node = descent.applied(to: node, changes.indices, depth: 0)
        return (node, descent.added, descent.removed)
    }

    /// The way down and up again; it goes at most 256 levels deep, one for each bit of a path.
    private struct Descent {
        let changes: [Change]
        let hasher: MapHasher
        var added = 0
        var removed = 0

        /// The subtree at `depth` after the changes in `range`, which all fall into it.
        mutating func applied(to node: MapNode, _ range: Range<Int>, depth: Int) -> MapNode {
            guard !range.isEmpty else { return node }
            switch node {
            case .empty:
                return built(range, beside: nil, depth: depth)
            case .leaf(let leaf):
                return applied(to: leaf, range, depth: depth)
            case .inner(let inner):
                let middle = self.middle(of: range, depth: depth)
                let left = applied(
                    to: inner.left,
                    range.lowerBound..<middle,
                    depth: depth + 1
                )
                let right = applied(
                    to: inner.right,
                    middle..<range.upperBound,
                    depth: depth + 1
                )
                let isSame = left.isIdentical(to: inner.left) && right.isIdentical(to: inner.right)
                return isSame ? node : joined(left, right)
            }
        }

        /// The subtree that held one leaf so far.
        ///
        /// A change of that very leaf replaces it.
        private mutating func applied(
            to leaf: MapLeaf,
            _ range: Range<Int>,
            depth: Int
        ) -> MapNode {
            guard let own = range.first(where: { changes[$0].path == leaf.path }) else {
                return built(range, beside: leaf, depth: depth)
            }
            guard range.count > 1 || changes[own].value != leaf.value else { return .leaf(leaf) }
            removed += 1
            return built(range, beside: nil, depth: depth)
        }

        /// A new subtree of the values set in `range` and, if given, one leaf that stays.
        private mutating func built(
            _ range: Range<Int>,
            beside other: MapLeaf?,
            depth: Int
        ) -> MapNode {
            guard let first = range.first else { return other.map(MapNode.leaf) ?? .empty }
            if range.count == 1, other == nil { return leaf(changes[first]) }
            let middle = self.middle(of: range, depth: depth)
            let otherIsRight = other?.path.bit(depth)
            let left = built(
                range.lowerBound..<middle,
                beside: otherIsRight == false ? other : nil,
                depth: depth + 1
            )
            let right = built(
                middle..<range.upperBound,
                beside: otherIsRight == true ? other : nil,
                depth: depth + 1
            )
            return joined(left, right)
        }

        private mutating func leaf(_ change: Change) -> MapNode {
            guard let value = change.value else { return .empty }
            added += 1
            return .leaf(
                MapLeaf(path: change.path, key: change.key, value: value, hasher: hasher)
            )
        }

        /// Two halves as one subtree; a leaf that is alone is lifted instead.
        private func joined(_ left: MapNode, _ right: MapNode) -> MapNode {
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
                if changes[probe].path.bit(depth) { high = probe } else { low = probe + 1 }
            }
            return low
        }
    }
}
