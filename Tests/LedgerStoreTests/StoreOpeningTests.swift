import Foundation
import GRDB
import LedgerStore
import QuotaCrypto
import Testing

/// What is refused, and what the message says.
struct StoreOpeningTests {
    private func message(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "no error"
        } catch {
            return error is StoreError ? "\(error)" : "not a StoreError: \(error)"
        }
    }

    private func edit(_ ledger: TestLedger, _ sql: String) throws {
        let queue = try DatabaseQueue(path: ledger.directory + "/ledger.sqlite")
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    @Test func `a second process is refused by name of the first`() throws {
        let ledger = TestLedger()
        let store = try ledger.open()
        let text = message { _ = try ledger.open() }
        #expect(text.contains("ledger.lock: in use by process \(getpid()); stop it"))
        try store.close()
        try ledger.open().close()
    }

    @Test func `a ledger of another chain is refused with both chains`() throws {
        let ledger = TestLedger()
        try ledger.open().close()
        let other = SHA256.hash([9])
        let text = message { _ = try LedgerStore(directory: ledger.directory, chainID: other) }
        #expect(text.contains("ledger.sqlite: belongs to ledger \(TestLedger.chainID)"))
        #expect(text.contains("configured for \(other)"))
        let any = try LedgerStore(directory: ledger.directory, chainID: nil)
        #expect(any.chainID == TestLedger.chainID)
    }

    @Test func `an empty directory holds no ledger`() throws {
        let ledger = TestLedger()
        let text = message { _ = try LedgerStore(directory: ledger.directory, chainID: nil) }
        #expect(text.contains("ledger.sqlite: holds no ledger"))
        #expect(!FileManager.default.fileExists(atPath: ledger.directory))
    }

    @Test func `a newer format is refused`() throws {
        let ledger = TestLedger()
        try ledger.open().close()
        try edit(ledger, "UPDATE meta SET value = x'32' WHERE name = 'format'")
        let text = message { _ = try ledger.open() }
        #expect(text.contains("has format 2, this program knows up to 1; run the version"))
    }

    @Test func `tables of a newer program are refused`() throws {
        let ledger = TestLedger()
        try ledger.open().close()
        try edit(ledger, "INSERT INTO grdb_migrations VALUES ('2099-1-escrow')")
        let text = message { _ = try ledger.open() }
        #expect(text.contains("has format 2099-1-escrow"))
    }

    @Test func `a file that is no database is refused`() throws {
        let ledger = TestLedger()
        try ledger.open().close()
        let file = ledger.directory + "/ledger.sqlite"
        try Data(repeating: 0x51, count: 8192).write(to: URL(fileURLWithPath: file))
        let text = message { _ = try ledger.open() }
        #expect(text.contains("\(file): damaged"))
    }

    @Test func `a directory that cannot be made or written is named`() throws {
        let ledger = TestLedger()
        try FileManager.default.createDirectory(
            atPath: ledger.directory,
            withIntermediateDirectories: true
        )
        let file = ledger.directory + "/file"
        try Data().write(to: URL(fileURLWithPath: file))
        let text = message { _ = try LedgerStore(directory: file, chainID: .zero) }
        #expect(text.contains(file) && text.contains("check the disk and the rights"))

        let path = ledger.directory + "/node/ledger.sqlite"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let second = message {
            _ = try LedgerStore(directory: ledger.directory + "/node", chainID: .zero)
        }
        #expect(second.contains(path))
    }

    @Test func `a full disk is named and loses nothing that was written`() throws {
        let ledger = TestLedger()
        var options = LedgerStore.Options()
        options.fileBytesMax = 400_000
        let store = try ledger.open(options)
        var error: (any Error)?
        var size: UInt64 = 0
        while error == nil, size < 100_000 {
            size = store.size
            do { try store.writeDurably(ledger.block(200)) } catch let thrown { error = thrown }
        }
        #expect(error as? StoreError == .diskFull(file: ledger.directory + "/ledger.sqlite"))
        #expect("\(error.map { "\($0)" } ?? "")".contains("no space left"))
        #expect(store.size == size)
        #expect(try store.checkIntegrity().isSound)
        try store.close()
        #expect(try ledger.open().size == size)
    }

    @Test func `a closed store throws`() throws {
        let store = try TestLedger().open()
        try store.close()
        #expect(throws: StoreError.self) { try store.consensusRecords() }
        #expect(throws: StoreError.self) { try store.writeDurably(StoreBatch()) }
    }
}
