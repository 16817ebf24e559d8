import GRDB
import LedgerStore
import MerkleLog
import QuotaCrypto
import Testing

struct IntegrityCheckTests {
    /// A ledger of 605 leaves, changed by `sql` behind the store's back.
    private func report(after sql: String?) throws -> IntegrityReport {
        let ledger = TestLedger()
        let store = try ledger.open()
        try store.writeDurably(ledger.block(300))
        try store.writeDurably(ledger.block(303))
        try store.close()
        if let sql {
            let queue = try DatabaseQueue(path: ledger.directory + "/ledger.sqlite")
            try queue.write { try $0.execute(sql: sql) }
            try queue.close()
        }
        return try ledger.open().checkIntegrity()
    }

    @Test func `a sound store has no problems, and its root`() throws {
        let ledger = TestLedger()
        let store = try ledger.open()
        try store.writeDurably(ledger.block(300))
        var last: UInt64 = 0
        let report = try store.checkIntegrity { done, all in last = done * 1000 / all }
        #expect(report.isSound)
        #expect(report.leaves == 301)
        #expect(report.blocks == 1)
        #expect(report.root == ledger.tree.root)
        #expect(last == 1000)
    }

    @Test(arguments: [
        ("UPDATE leaves SET bytes = x'00' WHERE leaf_index = 7", "leaf 7: its bytes"),
        ("UPDATE leaves SET hash = zeroblob(32) WHERE leaf_index = 7", "leaf 7: its bytes"),
        ("DELETE FROM leaves WHERE leaf_index = 7", "leaf 7 is missing"),
        (
            "UPDATE tiles SET hashes = zeroblob(8192) WHERE level = 0 AND number = 1",
            "tile 1 of level 0"
        ),
        ("DELETE FROM tiles WHERE level = 0 AND number = 0", "tile 0 of level 0"),
        ("UPDATE tiles SET hashes = zeroblob(64) WHERE level = 1", "tile 0 of level 1"),
        ("DELETE FROM blocks WHERE height = 1", "block 2 begins at 301"),
        ("DELETE FROM blocks WHERE height = 2", "the blocks end at leaf 301"),
        ("UPDATE blocks SET header_index = 5 WHERE height = 1", "block 1: its header"),
        ("UPDATE leaves SET height = 9 WHERE leaf_index = 3", "block 1: 300 of 301 leaves"),
        ("INSERT INTO proposals VALUES (1, 7, x'01', 99, x'')", "view 7 has no block 99"),
        ("UPDATE signed_sizes SET root = zeroblob(32)", "key log signed size 605"),
        ("UPDATE consensus SET value = x'00'", "consensus record 766f7465"),
        ("UPDATE claims SET leaf_index = 9999 WHERE claim = 'claim-4'", "claim claim-4 of us-bis"),
    ])
    func `each kind of damage is found and named`(sql: String, problem: String) throws {
        let found = try report(after: sql).problems
        #expect(found.contains { $0.contains(problem) }, "\(found)")
    }

    @Test func `a damaged vote is not passed on`() throws {
        let ledger = TestLedger()
        let store = try ledger.open()
        try store.writeDurably(ledger.block(1))
        try store.close()
        let queue = try DatabaseQueue(path: ledger.directory + "/ledger.sqlite")
        try queue.write { try $0.execute(sql: "UPDATE consensus SET value = x'00'") }
        try queue.close()
        #expect(throws: StoreError.self) { try ledger.open().consensusRecords() }
    }

    @Test func `the state map is compared with its root`() throws {
        let ledger = TestLedger()
        let store = try ledger.open()
        try store.writeDurably(ledger.block(3))
        let root = SHA256.hash([3])
        let good = MapExpectation(root: root) { SHA256.hash([UInt8($0.count)]) }
        #expect(try store.checkIntegrity(map: good).isSound)
        let bad = MapExpectation(root: root) { _ in .zero }
        #expect(try store.checkIntegrity(map: bad).problems.count == 1)
    }
}
