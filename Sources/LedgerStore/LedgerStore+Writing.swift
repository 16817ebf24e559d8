import Foundation
import GRDB
import QuotaCrypto
import Synchronization

extension LedgerStore {
    /// Writes a batch as one transaction; it is on the disk when this returns.
    ///
    /// - Throws: ``StoreError``. Nothing of the batch is stored then. After
    ///   ``StoreError/inputOutput(file:detail:)``, ``StoreError/diskFull(file:)`` or
    ///   ``StoreError/damaged(file:detail:)`` the node must stop: what the disk holds is not known.
    package func writeDurably(_ batch: StoreBatch) throws(StoreError) {
        try access {
            // One writer at a time, from reading the position to moving it.
            try pool.writeWithoutTransaction { database in
                var next = position.withLock { $0 }
                try database.inTransaction(.immediate) {
                    try insert(batch.leaves, in: database, edge: &next.edge)
                    try insert(batch.blocks, in: database, position: &next)
                    try LedgerStore.apply(batch, in: database)
                    return .commit
                }
                position.withLock { $0 = next }
            }
        }
    }

    /// Makes a signature's promise durable before it is given.
    ///
    /// - Throws: ``StoreError/signedBefore(signer:size:root:refusedSize:)`` when `signer` has signed a
    ///   larger size, or this size with another root.
    package func recordSigned(_ signed: SignedSize) throws(StoreError) {
        var batch = StoreBatch()
        batch.signedSizes = [signed]
        try writeDurably(batch)
    }

    private func insert(
        _ leaves: [StoredLeaf],
        in database: Database,
        edge: inout TileEdge
    ) throws {
        guard !leaves.isEmpty else { return }
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO leaves (leaf_index, bytes, hash, kind, issuer, subject, height)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        )
        for (expected, leaf) in zip(edge.size..., leaves) {
            guard leaf.index == expected else {
                throw StoreError.outOfOrder(
                    field: "leaf index",
                    expected: expected,
                    found: leaf.index
                )
            }
            try statement.execute(arguments: [
                try integer(leaf.index, "leaf index"), Data(leaf.bytes), leaf.hash.data, leaf.kind,
                leaf.identity?.issuer, leaf.identity?.subject, try integer(leaf.height, "height"),
            ])
        }
        let tile = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO tiles (level, number, hashes) VALUES (?, ?, ?)"
        )
        for change in edge.append(leaves.lazy.map(\.hash)) {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(change.hashes.count * Digest.byteCount)
            for hash in change.hashes { hash.append(to: &bytes) }
            try tile.execute(arguments: [
                change.level, try integer(change.number, "tile number"), Data(bytes),
            ])
        }
    }

    private func insert(
        _ blocks: [StoredBlock],
        in database: Database,
        position: inout Position
    ) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO blocks (height, digest, view, header_index, first, count)
                VALUES (?, ?, ?, ?, ?, ?)
                """
        )
        for block in blocks {
            if let last = position.lastHeight, block.height != last + 1 {
                throw StoreError.outOfOrder(
                    field: "height",
                    expected: last + 1,
                    found: block.height
                )
            }
            try checkExtent(of: block, in: database, size: position.edge.size)
            try statement.execute(arguments: [
                try integer(block.height, "height"), block.digest.data,
                try integer(block.view, "view"), try integer(block.headerIndex, "header index"),
                try integer(block.first, "first leaf"), try integer(block.count, "count"),
            ])
            position.lastHeight = block.height
        }
        guard let last = blocks.last else { return }
        let end = last.first + last.count
        guard end == position.edge.size else {
            throw StoreError.outOfOrder(
                field: "leaves of the last block",
                expected: position.edge.size,
                found: end
            )
        }
    }

    /// A block begins where the one before ends, and its leaves are there.
    private func checkExtent(of block: StoredBlock, in database: Database, size: UInt64) throws {
        let previous = try Row.fetchOne(
            database.cachedStatement(
                sql: "SELECT first + count FROM blocks ORDER BY height DESC LIMIT 1"
            )
        )
        let begin = UInt64(clamping: (previous?[0] as Int64?) ?? 0)
        guard block.first == begin else {
            throw StoreError.outOfOrder(field: "first leaf", expected: begin, found: block.first)
        }
        guard block.count > 0, block.count <= size - min(size, begin),
            block.headerIndex == begin + block.count - 1
        else {
            throw StoreError.outOfOrder(
                field: "count of leaves",
                expected: size - min(size, begin),
                found: block.count
            )
        }
    }

    /// Writes the parts of a batch that do not depend on the position in the log.
    static func apply(_ batch: StoreBatch, in database: Database) throws {
        try apply(signedSizes: batch.signedSizes, in: database)
        for (key, value) in batch.consensus {
            guard let value else {
                try database.cachedStatement(sql: "DELETE FROM consensus WHERE key = ?")
                    .execute(arguments: [Data(key)])
                continue
            }
            try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO consensus (key, value, checksum) VALUES (?, ?, ?)"
            ).execute(arguments: [Data(key), Data(value), checksum(key: key, value: value)])
        }
        for (key, value) in batch.mapChanges {
            guard let value else {
                try database.cachedStatement(sql: "DELETE FROM map WHERE key = ?")
                    .execute(arguments: [Data(key)])
                continue
            }
            try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO map (key, value) VALUES (?, ?)"
            ).execute(arguments: [Data(key), Data(value)])
        }
        for proposal in batch.proposals { try insert(proposal, in: database) }
        for claim in batch.claims { try insert(claim, in: database) }
        for (claim, state) in batch.claimStates {
            try database.cachedStatement(
                sql: "UPDATE claims SET state = ? WHERE issuer = ? AND claim = ?"
            ).execute(arguments: [state, claim.issuer, claim.subject])
        }
        for seal in batch.seals {
            try database.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO seals (epoch, size, note, validators)
                    VALUES (?, ?, ?, ?)
                    """
            ).execute(arguments: [
                try integer(seal.epoch, "epoch"), try integer(seal.size, "size"), seal.note,
                Data(seal.validators),
            ])
        }
        for checkpoint in batch.checkpoints {
            try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO checkpoints (size, note) VALUES (?, ?)"
            ).execute(arguments: [try integer(checkpoint.size, "size"), checkpoint.note])
        }
        for evidence in batch.evidence { try insert(evidence, in: database) }
        if let votes = batch.votes {
            try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO meta (name, value) VALUES ('votes', ?)"
            ).execute(arguments: [Data("\(votes)".utf8)])
        }
    }

    static func insert(_ claim: StoredClaim, in database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO claims (issuer, claim, leaf_index, destination, authority,
                    amount_tenths, state, block_time)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (issuer, claim) DO UPDATE SET
                    destination = excluded.destination, authority = excluded.authority,
                    amount_tenths = excluded.amount_tenths, state = excluded.state
                """
        ).execute(arguments: [
            claim.issuer, claim.claim, try integer(claim.index, "leaf index"), claim.destination,
            claim.authority, try integer(claim.amountTenths, "amount"), claim.state,
            try integer(claim.blockTime, "block time"),
        ])
    }

    private static func insert(_ evidence: StoredEvidence, in database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO evidence (digest, code, epoch, view, member, bytes)
                VALUES (?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            SHA256.hash(evidence.bytes).data, evidence.code, try integer(evidence.epoch, "epoch"),
            try integer(evidence.view, "view"), try integer(evidence.member, "member"),
            Data(evidence.bytes),
        ])
    }

    private static func apply(signedSizes: [SignedSize], in database: Database) throws {
        for signed in signedSizes {
            let last = try Row.fetchOne(
                database.cachedStatement(
                    sql: "SELECT size, root FROM signed_sizes WHERE signer = ?"
                ),
                arguments: [signed.signer]
            )
            if let last {
                let size = UInt64(clamping: last[0] as Int64)
                let root: Data = last[1]
                guard signed.size > size || (signed.size == size && signed.root.data == root) else {
                    throw StoreError.signedBefore(
                        signer: signed.signer,
                        size: size,
                        root: Hex.encode(Array(root)),
                        refusedSize: signed.size
                    )
                }
            }
            try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO signed_sizes (signer, size, root) VALUES (?, ?, ?)"
            ).execute(arguments: [
                signed.signer, try integer(signed.size, "size"), signed.root.data,
            ])
        }
    }

    /// First eight bytes of the hash over a record and its key: finds damage on the disk.
    static func checksum(key: [UInt8], value: [UInt8]) -> Data {
        Data(SHA256.hash(SHA256.hash(key).bytes, value).bytes.prefix(8))
    }
}

/// `value` as a database integer.
func integer(_ value: UInt64, _ field: String) throws(StoreError) -> Int64 {
    guard let integer = Int64(exactly: value) else {
        throw .outOfRange(field: field, value: value)
    }
    return integer
}
