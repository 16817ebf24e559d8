import Foundation
import GRDB
package import QuotaCrypto

/// Reading leaves and blocks.
extension LedgerStore {
    /// Largest number of rows that one call returns.
    package static let rowsMax = 10_000

    /// The leaf at `index`.
    package func leaf(_ index: UInt64) throws(StoreError) -> StoredLeaf? {
        index < .max ? try leaves(index..<(index + 1)).first : nil
    }

    /// The leaves in `range` that exist, in order, at most ``rowsMax``.
    package func leaves(_ range: Range<UInt64>) throws(StoreError) -> [StoredLeaf] {
        try rows(
            """
            SELECT leaf_index, bytes, hash, kind, issuer, subject, height FROM leaves
            WHERE leaf_index >= ? AND leaf_index < ? ORDER BY leaf_index LIMIT ?
            """,
            range
        )
    }

    /// The bytes of the leaves in `range` that exist, in order, at most ``rowsMax``.
    package func leafBytes(_ range: Range<UInt64>) throws(StoreError) -> [[UInt8]] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT bytes FROM leaves
                    WHERE leaf_index >= ? AND leaf_index < ? ORDER BY leaf_index LIMIT ?
                    """
            )
            let arguments = StatementArguments(LedgerStore.bounds(range))
            return try Data.fetchAll(statement, arguments: arguments).map { Array($0) }
        }
    }

    /// The position of the leaf with `hash`.
    package func leafIndex(of hash: Digest) throws(StoreError) -> UInt64? {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT leaf_index FROM leaves WHERE hash = ?"
            )
            return try Int64.fetchOne(statement, arguments: [hash.data]).map(UInt64.init(clamping:))
        }
    }

    /// The statement of `kind` with `identity`.
    package func leaf(
        kind: String,
        identity: StoredIdentity
    ) throws(StoreError) -> StoredLeaf? {
        try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT leaf_index, bytes, hash, kind, issuer, subject, height FROM leaves
                    WHERE issuer = ? AND subject = ? AND kind = ?
                    """
            )
            return try Row.fetchOne(
                statement,
                arguments: [identity.issuer, identity.subject, kind]
            ).map(StoredLeaf.init(row:))
        }
    }

    /// The block at `height`.
    package func block(_ height: UInt64) throws(StoreError) -> StoredBlock? {
        try blocks(from: height, max: 1).first { $0.height == height }
    }

    /// The blocks from `height` upward, at most `max` and ``rowsMax``.
    package func blocks(from height: UInt64, max: Int) throws(StoreError) -> [StoredBlock] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "\(StoredBlock.select) WHERE height >= ? ORDER BY height LIMIT ?"
            )
            return try Row.fetchAll(
                statement,
                arguments: [
                    Int64(clamping: height), Swift.min(Swift.max(0, max), LedgerStore.rowsMax),
                ]
            ).map(StoredBlock.init(row:))
        }
    }

    /// The block with `digest`.
    package func block(digest: Digest) throws(StoreError) -> StoredBlock? {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "\(StoredBlock.select) WHERE digest = ?"
            )
            return try Row.fetchOne(statement, arguments: [digest.data])
                .map(StoredBlock.init(row:))
        }
    }

    /// The highest block.
    package func lastBlock() throws(StoreError) -> StoredBlock? {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "\(StoredBlock.select) ORDER BY height DESC LIMIT 1"
            )
            return try Row.fetchOne(statement).map(StoredBlock.init(row:))
        }
    }

    /// The highest block whose leaves all stand before `end`.
    package func lastBlock(endingBy end: UInt64) throws(StoreError) -> StoredBlock? {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "\(StoredBlock.select) WHERE first + count <= ? ORDER BY height DESC LIMIT 1"
            )
            return try Row.fetchOne(statement, arguments: [Int64(clamping: end)])
                .map(StoredBlock.init(row:))
        }
    }

    private func rows(_ sql: String, _ range: Range<UInt64>) throws(StoreError) -> [StoredLeaf] {
        try read { database in
            let statement = try database.cachedStatement(sql: sql)
            let arguments = StatementArguments(LedgerStore.bounds(range))
            return try Row.fetchAll(statement, arguments: arguments).map(StoredLeaf.init(row:))
        }
    }

    private static func bounds(_ range: Range<UInt64>) -> [Int64] {
        [
            Int64(clamping: range.lowerBound), Int64(clamping: range.upperBound),
            Int64(rowsMax),
        ]
    }
}

extension Row {
    /// A blob as bytes.
    func bytes(_ column: Int) -> [UInt8] {
        let data: Data = self[column]
        return Array(data)
    }

    /// An integer that is never negative in this schema.
    func unsigned(_ column: Int) -> UInt64 {
        UInt64(clamping: self[column] as Int64)
    }

    /// A digest; damage that changed its length reads as all zeros and fails every comparison.
    func digest(_ column: Int) -> Digest {
        Digest(bytes(column)) ?? .zero
    }
}

extension StoredLeaf {
    init(row: Row) {
        let issuer: String? = row[4]
        let subject: String? = row[5]
        self.init(
            index: row.unsigned(0),
            bytes: row.bytes(1),
            hash: row.digest(2),
            kind: row[3],
            identity: issuer.flatMap { issuer in
                subject.map { StoredIdentity(issuer: issuer, subject: $0) }
            },
            height: row.unsigned(6)
        )
    }
}

extension StoredBlock {
    static let select = "SELECT height, digest, view, first, count FROM blocks"

    init(row: Row) {
        self.init(
            height: row.unsigned(0),
            digest: row.digest(1),
            view: row.unsigned(2),
            first: row.unsigned(3),
            count: row.unsigned(4)
        )
    }
}
