import Foundation
import GRDB
package import QuotaCrypto

/// The chain of final proposals, for members that catch up.
extension LedgerStore {
    /// Final proposals of the views after `view`, ascending, without gaps.
    ///
    /// - Throws: ``StoreError`` when the file cannot be read.
    package func proposals(
        epoch: UInt64,
        after view: UInt64,
        max: Int
    ) throws(StoreError) -> [StoredProposal] {
        // What came before the base is not there, and a chain with a gap is of no use.
        if let base, (epoch, view) < (base.epoch, base.view) { return [] }
        return try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT view, id, height, entry, epoch FROM proposals
                    WHERE epoch = ? AND view > ? ORDER BY view LIMIT ?
                    """
            )
            let arguments: StatementArguments = [
                Int64(clamping: epoch), Int64(clamping: view),
                Swift.min(Swift.max(0, max), LedgerStore.rowsMax),
            ]
            return try Row.fetchAll(statement, arguments: arguments)
                .compactMap(StoredProposal.init(row:))
        }
    }

    /// The final proposal with this identifier.
    package func proposal(id: Digest) throws(StoreError) -> StoredProposal? {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT view, id, height, entry, epoch FROM proposals WHERE id = ?"
            )
            return try Row.fetchOne(statement, arguments: [id.data])
                .flatMap(StoredProposal.init(row:))
        }
    }

    /// The last final proposal of an epoch.
    package func lastProposal(epoch: UInt64) throws(StoreError) -> StoredProposal? {
        try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT view, id, height, entry, epoch FROM proposals
                    WHERE epoch = ? ORDER BY view DESC LIMIT 1
                    """
            )
            return try Row.fetchOne(statement, arguments: [Int64(clamping: epoch)])
                .flatMap(StoredProposal.init(row:))
        }
    }

    /// The ends of epochs, oldest first.
    package func seals() throws(StoreError) -> [StoredSeal] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT epoch, size, note, validators FROM seals ORDER BY epoch"
            )
            return try Row.fetchAll(statement).map {
                StoredSeal(
                    epoch: $0.unsigned(0),
                    size: $0.unsigned(1),
                    note: $0[2],
                    validators: $0.bytes(3)
                )
            }
        }
    }

    /// Inserts one proposal.
    static func insert(_ proposal: StoredProposal, in database: Database) throws {
        try database.cachedStatement(
            sql: "INSERT INTO proposals (epoch, view, id, height, entry) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [
            try integer(proposal.epoch, "epoch"), try integer(proposal.view, "view"),
            proposal.id.data,
            try proposal.height.map { try integer($0, "height") }, Data(proposal.entry),
        ])
    }
}

extension StoredProposal {
    fileprivate init?(row: Row) {
        guard let id = Digest(Array(row[1] as Data)) else { return nil }
        self.init(
            epoch: UInt64(clamping: row[4] as Int64),
            view: UInt64(clamping: row[0] as Int64),
            id: id,
            height: (row[2] as Int64?).map { UInt64(clamping: $0) },
            entry: Array(row[3] as Data)
        )
    }
}
