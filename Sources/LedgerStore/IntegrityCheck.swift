import Foundation
import GRDB
import MerkleLog
package import QuotaCrypto

/// What a full reading of a store found.
package struct IntegrityReport: Hashable, Sendable {
    /// Leaves read.
    package var leaves: UInt64 = 0

    /// Blocks read.
    package var blocks: UInt64 = 0

    /// Root of the tree over these leaves, computed from their bytes.
    package var root = Digest.zero

    /// Leaves that are still to be fetched, in a ledger whose state came from others: what lies from
    /// there on is checked leaf by leaf, and not against the tree.
    package var missing: Range<UInt64>?

    /// What is wrong, in sentences, at most ``problemsMax``; empty when nothing is.
    package var problems: [String] = []

    /// Most problems that are listed.
    package static let problemsMax = 100

    /// An empty report.
    package init() {}

    /// Whether nothing is wrong.
    package var isSound: Bool { problems.isEmpty }

    mutating func add(_ problem: String) {
        if problems.count < IntegrityReport.problemsMax { problems.append(problem) }
    }
}

/// A root that the state map must have, and how it is computed from all entries.
package struct MapExpectation {
    /// The root in the last block's header.
    package var root: Digest

    /// Computes the root of a map with these entries.
    package var compute: ([(key: [UInt8], value: [UInt8])]) throws -> Digest

    /// Expects `root` from `compute`.
    package init(
        root: Digest,
        compute: @escaping ([(key: [UInt8], value: [UInt8])]) throws -> Digest
    ) {
        self.root = root
        self.compute = compute
    }
}

/// Reading everything again, to find damage.
extension LedgerStore {
    /// Compares all that is stored with all that follows from it, in one consistent view.
    ///
    /// - Parameters:
    ///   - map: also compares the state map with its root.
    ///   - progress: called now and then with the leaves done and the leaves in all.
    /// - Returns: what was read and what is wrong with it.
    /// - Throws: ``StoreError`` when the file cannot be read at all.
    package func checkIntegrity(
        map: MapExpectation? = nil,
        progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws(StoreError) -> IntegrityReport {
        try read { database in
            var report = IntegrityReport()
            for line in try String.fetchAll(database, sql: "PRAGMA integrity_check")
            where line != "ok" {
                report.add("database: \(line)")
            }
            let base = try LedgerStore.base(in: database).flatMap { $0.isFilling ? $0 : nil }
            report.missing = base.map { $0.filled..<$0.size }
            let tree = try LedgerStore.checkLeaves(in: database, below: base, &report, progress)
            try LedgerStore.checkBlocks(in: database, below: base, size: tree.size, &report)
            try LedgerStore.checkProposals(in: database, &report)
            try LedgerStore.checkSigned(in: database, tree: tree, &report)
            try LedgerStore.checkClaims(in: database, &report)
            try LedgerStore.checkConsensus(in: database, &report)
            if let map { try LedgerStore.checkMap(in: database, expected: map, &report) }
            return report
        }
    }

    private static func checkLeaves(
        in database: Database,
        below base: StoredBase?,
        _ report: inout IntegrityReport,
        _ progress: (UInt64, UInt64) -> Void
    ) throws -> MemoryTree {
        var tree = MemoryTree()
        var edge = TileEdge()
        let count = UInt64(
            clamping: try Int64.fetchOne(database, sql: "SELECT count(*) FROM leaves") ?? 0
        )
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT leaf_index, hash, bytes FROM leaves ORDER BY leaf_index"
        )
        while let row = try rows.next() {
            let index = row.unsigned(0)
            let hash = TreeHash.leaf(row.bytes(2))
            if hash != row.digest(1) { report.add("leaf \(index): its bytes do not have its hash") }
            if let base, index >= base.filled { continue }
            if index != tree.size { report.add("leaf \(tree.size) is missing") }
            tree.append(hash)
            for tile in edge.append(CollectionOfOne(hash)) {
                // Tiles that are not full are compared once, below, as they stand at the end.
                guard tile.hashes.count == TileEdge.width else { continue }
                try compare(tile, in: database, &report)
            }
            if tree.size % 4096 == 0 { progress(tree.size, count) }
        }
        // Below a base the last tiles of a level are not there before they are full.
        for (level, hashes) in edge.levels.enumerated().dropFirst()
        where !hashes.isEmpty && base == nil {
            let number = edge.size >> UInt64(8 * (level + 1))
            try compare(
                TileEdge.Change(level: level, number: number, hashes: hashes),
                in: database,
                &report
            )
        }
        progress(tree.size, count)
        report.leaves = tree.size
        report.root = tree.root
        return tree
    }

    private static func compare(
        _ tile: TileEdge.Change,
        in database: Database,
        _ report: inout IntegrityReport
    ) throws {
        let stored = try hashes(level: tile.level, number: tile.number, in: database)
        if stored != tile.hashes {
            report.add("tile \(tile.number) of level \(tile.level) does not fit its leaves")
        }
    }

    private static func checkBlocks(
        in database: Database,
        below base: StoredBase?,
        size: UInt64,
        _ report: inout IntegrityReport
    ) throws {
        var begin: UInt64 = 0
        var height: UInt64?
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT height, first, count, header_index,
                    (SELECT count(*) FROM leaves WHERE leaf_index >= first
                        AND leaf_index < first + count AND leaves.height = blocks.height)
                FROM blocks ORDER BY height
                """
        )
        while let row = try rows.next() {
            let (number, first, count) = (row.unsigned(0), row.unsigned(1), row.unsigned(2))
            if let base, first + count > base.filled { continue }
            if let height, number != height + 1 { report.add("block \(height + 1) is missing") }
            if first != begin { report.add("block \(number) begins at \(first), not at \(begin)") }
            if row.unsigned(3) &+ 1 != first &+ count {
                report.add("block \(number): its header is not its last leaf")
            }
            if row.unsigned(4) != count {
                report.add("block \(number): \(row.unsigned(4)) of \(count) leaves are there")
            }
            (begin, height) = (first &+ count, number)
            report.blocks += 1
        }
        if begin != size, base == nil {
            report.add("the blocks end at leaf \(begin), the log at \(size)")
        }
    }

    private static func checkProposals(
        in database: Database,
        _ report: inout IntegrityReport
    ) throws {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT proposals.view, proposals.height FROM proposals LEFT JOIN blocks USING (height)
                WHERE proposals.height IS NOT NULL AND blocks.height IS NULL
                ORDER BY proposals.view LIMIT \(IntegrityReport.problemsMax)
                """
        )
        for row in rows {
            report.add("the proposal of view \(row.unsigned(0)) has no block \(row.unsigned(1))")
        }
    }

    private static func checkSigned(
        in database: Database,
        tree: MemoryTree,
        _ report: inout IntegrityReport
    ) throws {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT signer, size, root FROM signed_sizes ORDER BY signer"
        )
        for row in rows {
            let signer: String = row[0]
            let size = row.unsigned(1)
            // A size may be signed before its block is stored here.
            guard size <= tree.size else { continue }
            if try tree.root(size: size) != row.digest(2) {
                report.add("key \(signer) signed size \(size) with another root than the log's")
            }
        }
    }

    private static func checkClaims(
        in database: Database,
        _ report: inout IntegrityReport
    ) throws {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT claims.issuer, claims.claim FROM claims LEFT JOIN leaves
                    ON leaves.leaf_index = claims.leaf_index
                    AND leaves.issuer = claims.issuer AND leaves.subject = claims.claim
                WHERE leaves.leaf_index IS NULL ORDER BY 1, 2 LIMIT \(IntegrityReport.problemsMax)
                """
        )
        for row in rows {
            report.add(
                "claim \(row[1] as String) of \(row[0] as String): its statement is not there"
            )
        }
    }

    private static func checkConsensus(
        in database: Database,
        _ report: inout IntegrityReport
    ) throws {
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT key, value, checksum FROM consensus ORDER BY key"
        )
        while let row = try rows.next() {
            let key = row.bytes(0)
            if row[2] as Data != checksum(key: key, value: row.bytes(1)) {
                report.add("consensus record \(Hex.encode(key)) fails its checksum")
            }
        }
    }

    private static func checkMap(
        in database: Database,
        expected: MapExpectation,
        _ report: inout IntegrityReport
    ) throws {
        let entries = try Row.fetchAll(database, sql: "SELECT key, value FROM map ORDER BY key")
            .map { (key: $0.bytes(0), value: $0.bytes(1)) }
        let root = try expected.compute(entries)
        if root != expected.root {
            report.add("the state map has root \(root), the last block says \(expected.root)")
        }
    }
}
