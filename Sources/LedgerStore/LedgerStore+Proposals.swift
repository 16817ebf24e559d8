import Foundation
import GRDB
package import QuotaCrypto

/// The chain of final proposals, for members that catch up.
extension LedgerStore {
    /// Final proposals of the views after `view`, ascending, without gaps.
    ///
    /// - Throws: ``StoreError`` when the file cannot be read.
    package func proposals(after view: UInt64, max: Int) throws(StoreError) -> [StoredProposal] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT view, id, height, entry FROM proposals
                    WHERE view > ? ORDER BY view LIMIT ?
                    """
            )
            let arguments: StatementArguments = [
                Int64(clamping: view), Swift.min(Swift.max(0, max), LedgerStore.rowsMax),
            ]
            return try Row.fetchAll(statement, arguments: arguments)
                .compactMap(StoredProposal.init(row:))
        }
    }

    /// The final proposal with this identifier.
    package func proposal(id: Digest) throws(StoreError) -> StoredProposal? {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT view, id, height, entry FROM proposals WHERE id = ?"
            )
            return try Row.fetchOne(statement, arguments: [id.data])
                .flatMap(StoredProposal.init(row:))
        }
    }

    /// Inserts one proposal.
    static func insert(_ proposal: StoredProposal, in database: Database) throws {
        try database.cachedStatement(
            sql: "INSERT INTO proposals (view, id, height, entry) VALUES (?, ?, ?, ?)"
        ).execute(arguments: [
            try integer(proposal.view, "view"), proposal.id.data,
            try proposal.height.map { try integer($0, "height") }, Data(proposal.entry),
        ])
    }
}

extension StoredProposal {
    fileprivate init?(row: Row) {
        guard let id = Digest(Array(row[1] as Data)) else { return nil }
        self.init(
            view: UInt64(clamping: row[0] as Int64),
            id: id,
            height: (row[2] as Int64?).map { UInt64(clamping: $0) },
            entry: Array(row[3] as Data)
        )
    }
}
