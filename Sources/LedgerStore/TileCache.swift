import QuotaCrypto
import Synchronization

/// Full tiles with the hashes of all subtrees inside them, the most recently used ones.
final class TileCache: Sendable {
    /// Place of a tile in the tree.
    struct Key: Hashable {
        var level: Int
        var number: UInt64
    }

    private struct State {
        /// Filled first; becomes `older` when full, so that use since then decides what stays.
        var recent: [Key: ExpandedTile] = [:]
        var older: [Key: ExpandedTile] = [:]
    }

    private let countMax: Int
    private let state = Mutex(State())

    init(countMax: Int) {
        self.countMax = max(2, countMax)
    }

    /// The tile at `key`, if it is here.
    func tile(_ key: Key) -> ExpandedTile? {
        state.withLock { state in
            if let tile = state.recent[key] { return tile }
            guard let tile = state.older[key] else { return nil }
            keep(tile, at: key, in: &state)
            return tile
        }
    }

    /// Remembers a full tile.
    func insert(_ tile: ExpandedTile, at key: Key) {
        state.withLock { keep(tile, at: key, in: &$0) }
    }

    private func keep(_ tile: ExpandedTile, at key: Key, in state: inout State) {
        if state.recent.count >= countMax / 2 {
            state.older = state.recent
            state.recent = [:]
        }
        state.recent[key] = tile
    }
}

/// The hashes of one full tile and of all complete subtrees over them.
struct ExpandedTile: Sendable {
    /// `rows[r][i]` covers 2^r hashes of the tile from number i * 2^r.
    private let rows: [[Digest]]

    init(_ hashes: [Digest]) {
        var rows = [hashes]
        var row = hashes
        while row.count > 1 {
            row = stride(from: 0, to: row.count - 1, by: 2).map {
                TileEdge.fold(row[$0...($0 + 1)])
            }
            rows.append(row)
        }
        self.rows = rows
    }

    /// The subtree over 2^`row` hashes with number `index` in the tile.
    func hash(row: Int, index: Int) -> Digest { rows[row][index] }

    /// The tile's own hashes.
    var hashes: [Digest] { rows[0] }
}
