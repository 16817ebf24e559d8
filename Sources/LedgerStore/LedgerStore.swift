import Foundation
import GRDB
import MerkleLog
package import QuotaCrypto
import Synchronization

/// One node's ledger in one SQLite file: what is final, what this node voted and signed.
///
/// `ledger.sqlite` in the node's directory, in WAL mode with a sync at every commit: when
/// ``writeDurably(_:)`` returns, its batch survives the loss of power. All methods block the calling
/// thread and may be called from any; reads go on while a batch is written.
package final class LedgerStore: Sendable {
    /// How a store is opened.
    package struct Options: Sendable {
        /// Largest size of the database file in bytes; beyond it writes fail as on a full disk.
        package var fileBytesMax: Int?

        /// Pages in the write-ahead log from which a commit moves them to the database file.
        package var checkpointPages = 4000

        /// Connections for reading at the same time.
        package var readersMax = 4

        /// Hash tiles kept in memory, of some 16 KiB each.
        package var cachedTilesMax = 256

        /// The default options.
        package init() {}
    }

    /// Where the next batch must go on.
    struct Position: Sendable {
        var edge = TileEdge()
        var lastHeight: UInt64?
        /// Where a ledger begins whose state came from others.
        var base: StoredBase?
    }

    /// Path of the database file.
    package let file: String

    /// Digest of the genesis statement of the ledger in this store.
    package let chainID: Digest

    let pool: DatabasePool
    let position: Mutex<Position>
    let tiles: TileCache
    private let lock: DirectoryLock

    /// Version of the layout that this program writes.
    static let formatVersion = 1

    /// Opens the store in `directory`, which is made if absent; sets it up when it is empty.
    ///
    /// - Parameters:
    ///   - directory: the node's directory.
    ///   - chainID: the ledger that must be in it; `nil` takes the one that is there.
    ///   - options: limits.
    /// - Throws: ``StoreError``, when another process has it open, it holds another ledger, was
    ///   written by a newer version, or is damaged.
    package init(directory: String, chainID: Digest?, options: Options = Options())
        throws(StoreError)
    {
        file = directory + "/ledger.sqlite"
        tiles = TileCache(countMax: options.cachedTilesMax)
        if chainID == nil, !FileManager.default.fileExists(atPath: file) {
            throw .noLedger(file: file)
        }
        do {
            try FileManager.default.createDirectory(
                atPath: directory,
                withIntermediateDirectories: true
            )
        } catch {
            throw .inputOutput(file: directory, detail: "cannot be made: \(error)")
        }
        lock = try DirectoryLock(directory: directory)
        try WriteAheadLog(databaseFile: file).check()
        do {
            pool = try LedgerStore.openPool(file: file, options: options)
            try LedgerStore.migrate(pool, file: file)
            self.chainID = try LedgerStore.identify(pool, file: file, expected: chainID)
            position = Mutex(try LedgerStore.position(in: pool, file: file))
        } catch {
            throw StoreError(error, file: file)
        }
    }

    /// Closes the file and gives the directory free.
    ///
    /// Reading or writing afterwards throws.
    package func close() throws(StoreError) {
        defer { lock.release() }
        try access {
            // The readers close last and may not do this; it spares the next start the log.
            _ = try pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
            try pool.close()
        }
    }

    /// Number of leaves.
    package var size: UInt64 { position.withLock { $0.edge.size } }

    /// Height of the last block, or `nil` before the first.
    package var lastHeight: UInt64? { position.withLock { $0.lastHeight } }

    // MARK: Opening

    private static func openPool(file: String, options: Options) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.label = "ledger"
        configuration.maximumReaderCount = options.readersMax
        configuration.persistentReadOnlyConnections = true
        let pool = try DatabasePool(path: file, configuration: configuration)
        try pool.writeWithoutTransaction { database in
            // Every commit is synced before it is reported. The pool's own default is NORMAL.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: "PRAGMA wal_autocheckpoint = \(options.checkpointPages)")
            try database.execute(sql: "PRAGMA journal_size_limit = \(64 << 20)")
            if let bytesMax = options.fileBytesMax {
                let pageBytes = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4096
                try database.execute(
                    sql: "PRAGMA max_page_count = \(max(1, bytesMax / pageBytes))"
                )
            }
        }
        return pool
    }

    private static func migrate(_ pool: DatabasePool, file: String) throws {
        let migrator = Schema.migrator
        let unknown = try pool.read { database in
            try migrator.appliedIdentifiers(database).subtracting(Schema.known).sorted()
        }
        guard let newest = unknown.last else { return try migrator.migrate(pool) }
        throw StoreError.newerFormat(
            file: file,
            found: newest,
            supported: Schema.known.last ?? "none"
        )
    }

    /// Compares what the file says about itself with what is expected, or writes it the first time.
    private static func identify(
        _ pool: DatabasePool,
        file: String,
        expected: Digest?
    ) throws -> Digest {
        try pool.write { database in
            let sql = "SELECT value FROM meta WHERE name = ?"
            let version = try Data.fetchOne(database, sql: sql, arguments: ["format"])
            let chain = try Data.fetchOne(database, sql: sql, arguments: ["chain"])
            guard let version, let chain else {
                guard let expected else { throw StoreError.noLedger(file: file) }
                let insert = "INSERT INTO meta (name, value) VALUES (?, ?)"
                try database.execute(
                    sql: insert,
                    arguments: ["format", Data("\(formatVersion)".utf8)]
                )
                try database.execute(sql: insert, arguments: ["chain", expected.data])
                return expected
            }
            let versionText = String(decoding: version, as: UTF8.self)
            guard let number = Int(versionText), number <= formatVersion else {
                throw StoreError.newerFormat(
                    file: file,
                    found: versionText,
                    supported: "\(formatVersion)"
                )
            }
            guard let found = Digest(Array(chain)) else {
                throw StoreError.damaged(file: file, detail: "the chain id is not 32 bytes")
            }
            guard expected == nil || expected == found else {
                throw StoreError.otherChain(
                    file: file,
                    found: "\(found)",
                    expected: expected.map { "\($0)" } ?? ""
                )
            }
            return found
        }
    }

    /// How commits are synced, as SQLite numbers it: 2 is `FULL`.
    package func synchronousSetting() throws(StoreError) -> Int? {
        try access {
            try pool.writeWithoutTransaction { database in
                try Int.fetchOne(database, sql: "PRAGMA synchronous")
            }
        }
    }

    // MARK: Access

    /// Runs a read, and names the file in what it throws.
    func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do { return try pool.read(body) } catch { throw StoreError(error, file: file) }
    }

    /// Runs a database access, and names the file in what it throws.
    func access<Value>(_ body: () throws -> Value) throws(StoreError) -> Value {
        do { return try body() } catch { throw StoreError(error, file: file) }
    }
}

extension Digest {
    /// The digest as a database value.
    var data: Data { Data(bytes) }
}
