import Foundation
import GRDB
package import QuotaCrypto
import Synchronization

/// Ledgers whose state came from others: parts on their way, the step to it, the log below.
extension LedgerStore {
    /// Where the ledger begins; nil if it was executed from its genesis on.
    package var base: StoredBase? { position.withLock { $0.base } }

    /// Whether leaves below the base are still missing.
    package var isFilling: Bool { base?.isFilling ?? false }

    /// Whether the leaf at `index` is one of those that are still missing.
    package func lacks(_ index: UInt64) -> Bool {
        guard let base else { return false }
        // The last leaf below the base is the header that came along.
        return index >= base.filled && index < base.size - min(base.size, 1)
    }

    // MARK: Parts on their way

    /// Keeps a part; it is on the disk when this returns.
    package func keepIncoming(place: [UInt8], bytes: [UInt8]) throws(StoreError) {
        try write { database in
            try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO incoming (place, bytes) VALUES (?, ?)"
            ).execute(arguments: [Data(place), Data(bytes)])
        }
    }

    /// The parts that were kept.
    package func incoming() throws(StoreError) -> [(place: [UInt8], bytes: [UInt8])] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT place, bytes FROM incoming ORDER BY place")
                .map { ($0.bytes(0), $0.bytes(1)) }
        }
    }

    /// Forgets the parts that were kept.
    package func forgetIncoming() throws(StoreError) {
        try write { try $0.execute(sql: "DELETE FROM incoming") }
    }

    // MARK: The step to the state

    /// Puts a state that came from others in the place of the one that is there, in one transaction.
    ///
    /// - Parameters:
    ///   - base: The log that the state stands on.
    ///   - levels: The hashes of its last hash tile of each level, from the leaves upward.
    ///   - landmarks: Blocks of which the header leaf is known, ascending; the last one is that of
    ///     the state.
    ///   - batch: The state map as a whole, consensus records, the final proposal, ends of epochs.
    /// - Throws: ``StoreError``. Nothing is changed then.
    package func install(
        _ base: StoredBase,
        edge levels: [[Digest]],
        landmarks: [StoredLandmark],
        _ batch: StoreBatch
    ) throws(StoreError) {
        guard let edge = TileEdge(size: base.size, levels: levels), let last = landmarks.last
        else { throw .damaged(file: file, detail: "a snapshot whose edge does not fit its size") }
        var base = base
        base.filled = size
        try write { [base] database in
            try database.execute(sql: "DELETE FROM map; DELETE FROM incoming")
            for landmark in landmarks { try LedgerStore.insert(landmark, in: database) }
            for (level, hashes) in levels.enumerated().dropFirst() where !hashes.isEmpty {
                let number = base.size >> UInt64(8 * (level + 1))
                try LedgerStore.insertTile(hashes, level: level, number: number, in: database)
            }
            try LedgerStore.set(base, in: database)
            try LedgerStore.apply(batch, in: database)
        }
        position.withLock {
            $0 = Position(edge: edge, lastHeight: last.block.height, base: base)
        }
    }

    private static func insert(_ landmark: StoredLandmark, in database: Database) throws {
        try insertIfNew(landmark.header, in: database)
        try insertIfNew(landmark.block, in: database)
    }

    // MARK: The log below

    /// Adds leaves below the base, and the blocks and claims that they complete.
    ///
    /// - Parameters:
    ///   - leaves: From `filled` on: up to a multiple of 256, or to the base.
    ///   - blocks: Blocks whose header is among them.
    ///   - claims: Claims of these blocks.
    /// - Throws: ``StoreError`` if the leaves do not go on where the last ended.
    package func fill(
        _ leaves: [StoredLeaf],
        blocks: [StoredBlock],
        claims: [StoredClaim]
    ) throws(StoreError) {
        guard var base, let first = leaves.first, let last = leaves.last,
            first.index == base.filled, last.index < base.size
        else {
            throw .outOfOrder(
                field: "leaf index",
                expected: base?.filled ?? 0,
                found: leaves.first?.index ?? 0
            )
        }
        base.filled = last.index + 1
        try write { [base] database in
            for leaf in leaves { try LedgerStore.insertIfNew(leaf, in: database) }
            for block in blocks { try LedgerStore.insertIfNew(block, in: database) }
            for claim in claims { try LedgerStore.insert(claim, in: database) }
            try LedgerStore.completeTiles(from: first.index, to: base.filled, in: database)
            try LedgerStore.set(base, in: database)
        }
        position.withLock { $0.base = base }
    }

    /// Makes the hash tiles that leaves up to `end` complete.
    private static func completeTiles(
        from start: UInt64,
        to end: UInt64,
        in database: Database
    ) throws {
        for number in (start >> 8)..<(end >> 8) {
            let hashes = try Data.fetchAll(
                database,
                sql: "SELECT hash FROM leaves WHERE leaf_index >= ? AND leaf_index < ?"
                    + " ORDER BY leaf_index",
                arguments: [Int64(clamping: number << 8), Int64(clamping: (number + 1) << 8)]
            ).compactMap { Digest(Array($0)) }
            try insertTile(hashes, level: 0, number: number, in: database)
            try completeTile(above: number, level: 1, in: database)
        }
    }

    /// Makes the tile of `level` whose last hash is that of the tile `number` below.
    private static func completeTile(
        above number: UInt64,
        level: Int,
        in database: Database
    ) throws {
        guard number & 0xFF == 0xFF else { return }
        let folded = try (number - 0xFF...number).map { below in
            TileEdge.fold(try hashes(level: level - 1, number: below, in: database)[...])
        }
        try insertTile(folded, level: level, number: number >> 8, in: database)
        try completeTile(above: number >> 8, level: level + 1, in: database)
    }

    // MARK: Rows

    static func base(in database: Database) throws -> StoredBase? {
        let row = try Row.fetchOne(
            database,
            sql: "SELECT size, root, epoch, view, edge, filled FROM base"
        )
        return row.map {
            StoredBase(
                size: $0.unsigned(0),
                root: $0.digest(1),
                epoch: $0.unsigned(2),
                view: $0.unsigned(3),
                edge: digests(in: $0.bytes(4)),
                filled: $0.unsigned(5)
            )
        }
    }

    private static func set(_ base: StoredBase, in database: Database) throws {
        var edge: [UInt8] = []
        for hash in base.edge { hash.append(to: &edge) }
        try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO base (one, size, root, epoch, view, edge, filled)
                VALUES (1, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            try integer(base.size, "size"), base.root.data, try integer(base.epoch, "epoch"),
            try integer(base.view, "view"), Data(edge), try integer(base.filled, "filled"),
        ])
    }

    private static func insertTile(
        _ hashes: [Digest],
        level: Int,
        number: UInt64,
        in database: Database
    ) throws {
        var bytes: [UInt8] = []
        for hash in hashes { hash.append(to: &bytes) }
        try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO tiles (level, number, hashes) VALUES (?, ?, ?)"
        ).execute(arguments: [level, try integer(number, "tile number"), Data(bytes)])
    }

    private static func insertIfNew(_ leaf: StoredLeaf, in database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO leaves (leaf_index, bytes, hash, kind, issuer, subject, height)
                VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (leaf_index) DO NOTHING
                """
        ).execute(arguments: [
            try integer(leaf.index, "leaf index"), Data(leaf.bytes), leaf.hash.data, leaf.kind,
            leaf.identity?.issuer, leaf.identity?.subject, try integer(leaf.height, "height"),
        ])
    }

    private static func insertIfNew(_ block: StoredBlock, in database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO blocks (height, digest, view, header_index, first, count)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (height) DO NOTHING
                """
        ).execute(arguments: [
            try integer(block.height, "height"), block.digest.data,
            try integer(block.view, "view"), try integer(block.headerIndex, "header index"),
            try integer(block.first, "first leaf"), try integer(block.count, "count"),
        ])
    }

    /// One durable transaction.
    private func write(_ body: (Database) throws -> Void) throws(StoreError) {
        try access {
            try pool.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    try body(database)
                    return .commit
                }
            }
        }
    }
}
