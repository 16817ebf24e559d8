import Foundation
import GRDB
import QuotaCrypto

/// Reading what is not the log itself: votes, state, promises.
extension LedgerStore {
    /// All consensus records in the order of their keys.
    ///
    /// - Throws: ``StoreError/damaged(file:detail:)`` when a record does not match its checksum: a vote
    ///   that cannot be read may be a vote that would be contradicted.
    package func consensusRecords() throws(StoreError) -> [(key: [UInt8], value: [UInt8])] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT key, value, checksum FROM consensus ORDER BY key"
            )
            return try Row.fetchAll(statement).map { row in
                let (key, value) = (row.bytes(0), row.bytes(1))
                guard row[2] as Data == LedgerStore.checksum(key: key, value: value) else {
                    throw StoreError.damaged(
                        file: file,
                        detail: "consensus record \(Hex.encode(key)) fails its checksum"
                    )
                }
                return (key, value)
            }
        }
    }

    /// In how many turns this node has voted; nil if it never did from this store.
    package func votes() throws(StoreError) -> UInt64? {
        try read { database in
            let sql = "SELECT value FROM meta WHERE name = 'votes'"
            guard let value = try Data.fetchOne(database, sql: sql) else { return nil }
            guard let count = UInt64(String(decoding: value, as: UTF8.self)) else {
                throw StoreError.damaged(file: file, detail: "the count of votes is no number")
            }
            return count
        }
    }

    /// Visits every entry of the state map, in the order of the keys' bytes, one at a time.
    package func forEachMapEntry(
        _ body: ([UInt8], [UInt8]) throws -> Void
    ) throws(StoreError) {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT key, value FROM map ORDER BY key"
            )
            let rows = try Row.fetchCursor(statement)
            while let row = try rows.next() { try body(row.bytes(0), row.bytes(1)) }
        }
    }

    /// Number of entries in the state map.
    package func mapCount() throws(StoreError) -> Int {
        try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM map") ?? 0 }
    }

    /// The checkpoint of exactly `size` leaves.
    package func checkpoint(size: UInt64) throws(StoreError) -> StoredCheckpoint? {
        try checkpoints("WHERE size = ?", [Int64(clamping: size)]).first
    }

    /// The checkpoint of the largest size.
    package func lastCheckpoint() throws(StoreError) -> StoredCheckpoint? {
        try checkpoints("ORDER BY size DESC LIMIT 1", []).first
    }

    /// The smallest checkpoint of at least `size` leaves.
    package func firstCheckpoint(covering size: UInt64) throws(StoreError) -> StoredCheckpoint? {
        try checkpoints("WHERE size >= ? ORDER BY size LIMIT 1", [Int64(clamping: size)]).first
    }

    /// What `signer` signed last.
    package func lastSigned(by signer: String) throws(StoreError) -> SignedSize? {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT size, root FROM signed_sizes WHERE signer = ?"
            )
            return try Row.fetchOne(statement, arguments: [signer]).map { row in
                SignedSize(signer: signer, size: row.unsigned(0), root: row.digest(1))
            }
        }
    }

    /// All evidence, in the order of epoch, view and member.
    package func evidence() throws(StoreError) -> [StoredEvidence] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT code, epoch, view, member, bytes FROM evidence
                    ORDER BY epoch, view, member, code, digest LIMIT ?
                    """
            )
            return try Row.fetchAll(statement, arguments: [LedgerStore.rowsMax]).map { row in
                StoredEvidence(
                    code: row[0],
                    epoch: row.unsigned(1),
                    view: row.unsigned(2),
                    member: row.unsigned(3),
                    bytes: row.bytes(4)
                )
            }
        }
    }

    private func checkpoints(
        _ clause: String,
        _ arguments: StatementArguments
    ) throws(StoreError) -> [StoredCheckpoint] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT size, note FROM checkpoints \(clause)"
            )
            return try Row.fetchAll(statement, arguments: arguments).map {
                StoredCheckpoint(size: $0.unsigned(0), note: $0[1])
            }
        }
    }
}
