import Foundation
import GRDB
package import MerkleLog
package import QuotaCrypto
import Synchronization

/// Any proof at any size, from stored tiles and the edge in memory.
extension LedgerStore: SubtreeSource {
    /// The hash of the complete subtree of 2^`level` leaves with number `index`.
    ///
    /// - Throws: `SubtreeUnavailable` when the log has not all of its leaves, or ``StoreError``.
    package func hash(level: Int, index: UInt64) throws -> Digest {
        guard (0..<64).contains(level), index < size >> UInt64(level) else {
            throw SubtreeUnavailable(level: level, index: index)
        }
        let (tileLevel, row) = (level / 8, level % 8)
        let firstHash = index << row
        let number = firstHash >> 8
        let place = Int(firstHash & 0xFF)
        if let edge = edgeHashes(tileLevel: tileLevel, number: number) {
            return TileEdge.fold(edge[place..<(place + 1 << row)])
        }
        if let tile = try tile(level: tileLevel, number: number) {
            return tile.hash(row: row, index: place >> row)
        }
        // Below the base, where tiles are made as the leaves come.
        guard tileLevel > 0 else { return try hashOfLeaves(level: level, index: index) }
        return TreeHash.node(
            try hash(level: level - 1, index: 2 * index),
            try hash(level: level - 1, index: 2 * index + 1)
        )
    }

    /// The hash of a subtree whose leaves are there, of a tile that is not.
    private func hashOfLeaves(level: Int, index: UInt64) throws -> Digest {
        let hashes = try read { database in
            try Data.fetchAll(
                database.cachedStatement(
                    sql: "SELECT hash FROM leaves WHERE leaf_index >= ? AND leaf_index < ?"
                        + " ORDER BY leaf_index"
                ),
                arguments: [Int64(clamping: index << level), Int64(clamping: (index + 1) << level)]
            ).compactMap { Digest(Array($0)) }
        }
        guard hashes.count == 1 << level else {
            throw SubtreeUnavailable(level: level, index: index)
        }
        return TileEdge.fold(hashes[...])
    }

    /// The tree in compact form, to go on from after a start.
    package func compactTree() throws -> CompactTree {
        try CompactTree(size: size, from: self)
    }

    /// The last tile of a level, while it is not full.
    private func edgeHashes(tileLevel: Int, number: UInt64) -> [Digest]? {
        position.withLock { position in
            let edge = position.edge
            guard tileLevel < edge.levels.count,
                number == edge.size >> UInt64(8 * (tileLevel + 1))
            else { return nil }
            return edge.levels[tileLevel]
        }
    }

    /// A full tile; nil if it lies below the base and is not there yet.
    private func tile(level: Int, number: UInt64) throws(StoreError) -> ExpandedTile? {
        let key = TileCache.Key(level: level, number: number)
        if let tile = tiles.tile(key) { return tile }
        let hashes = try read { database in
            try LedgerStore.hashes(level: level, number: number, in: database)
        }
        guard hashes.count == TileEdge.width else {
            if hashes.isEmpty, isFilling { return nil }
            throw .damaged(
                file: file,
                detail: "tile \(number) of level \(level) has \(hashes.count) hashes, expected 256"
            )
        }
        let tile = ExpandedTile(hashes)
        tiles.insert(tile, at: key)
        return tile
    }

    /// The stored hashes of a tile; empty when there is none.
    static func hashes(level: Int, number: UInt64, in database: Database) throws -> [Digest] {
        let statement = try database.cachedStatement(
            sql: "SELECT hashes FROM tiles WHERE level = ? AND number = ?"
        )
        let stored = try Data.fetchOne(statement, arguments: [level, Int64(clamping: number)])
        return digests(in: Array(stored ?? Data()))
    }

    static func digests(in bytes: [UInt8]) -> [Digest] {
        stride(from: 0, to: bytes.count - bytes.count % Digest.byteCount, by: Digest.byteCount)
            .compactMap { Digest(bytes[$0..<($0 + Digest.byteCount)]) }
    }

    /// Reads where the log ends: its size, the edge of the tree and the last height.
    static func position(in pool: DatabasePool, file: String) throws -> Position {
        try pool.read { database in
            let last = try Int64.fetchOne(database, sql: "SELECT max(leaf_index) FROM leaves")
            let size = last.map { UInt64(clamping: $0) + 1 } ?? 0
            var levels = try TileEdge.counts(size: size).indices.map { level in
                let number = size >> UInt64(8 * (level + 1))
                return try hashes(level: level, number: number, in: database)
            }
            let base = try base(in: database)
            let begin = size & ~0xFF
            let known = base.flatMap { $0.size > begin ? $0 : nil }
            levels[0] =
                (known?.edge ?? [])
                + (try Data.fetchAll(
                    database,
                    sql: "SELECT hash FROM leaves WHERE leaf_index >= ? ORDER BY leaf_index",
                    arguments: [Int64(clamping: known?.size ?? begin)]
                ).compactMap { Digest(Array($0)) })
            guard let edge = TileEdge(size: size, levels: levels) else {
                throw StoreError.damaged(
                    file: file,
                    detail: "the last hash tiles do not fit a log of \(size) leaves"
                )
            }
            let height = try Int64.fetchOne(database, sql: "SELECT max(height) FROM blocks")
            return Position(
                edge: edge,
                lastHeight: height.map(UInt64.init(clamping:)),
                base: base
            )
        }
    }
}
