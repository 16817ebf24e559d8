import Foundation
import LedgerStore
import MerkleLog
import QuotaCrypto
import TestSupport
import Testing

/// A process that dies at any moment, and disks that do worse.
struct StoreCrashTests {
    private func reopen(_ copy: String) throws -> LedgerStore {
        try LedgerStore(directory: copy, chainID: TestLedger.chainID)
    }

    private func wal(_ directory: String) -> URL {
        URL(fileURLWithPath: directory + "/ledger.sqlite-wal")
    }

    @Test func `what was reported is there when the process dies while writing`() async throws {
        let ledger = TestLedger()
        let store = try ledger.open()
        let batches = (0..<100).map { _ in ledger.block(5) }
        let directory = ledger.directory
        let writer = Task.detached { for batch in batches { try store.writeDurably(batch) } }
        for number in 0..<10 {
            try await Task.sleep(for: .milliseconds(5))
            let reported = store.size
            let copy = "\(directory)/copy-\(number)"
            try FileManager.default.copyLedger(from: directory, to: copy)
            let opened = try reopen(copy)
            #expect(opened.size >= reported)
            #expect(opened.size % 6 == 0)
            #expect(try opened.root(size: opened.size) == ledger.roots[Int(opened.size)])
            let report = try opened.checkIntegrity()
            #expect(report.problems.isEmpty)
            #expect(report.root == ledger.roots[Int(opened.size)])
            try opened.close()
        }
        try await writer.value
    }

    @Test(arguments: UInt64(0)..<40)
    func `a torn end costs at most what was not reported`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let ledger = TestLedger()
        let store = try ledger.open()
        for _ in 0..<6 { try store.writeDurably(ledger.block(4)) }
        let before = try wal(ledger.directory).resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
        try store.writeDurably(ledger.block(4))
        let copy = ledger.directory + "/copy"
        try FileManager.default.copyLedger(from: ledger.directory, to: copy)
        var log = try Data(contentsOf: wal(copy))
        let cut = Int.random(in: before..<log.count, using: &random)
        if Bool.random(using: &random) {
            log = log.prefix(cut)
        } else {
            // Pages may reach the disk in any order: one of the last transaction did not.
            let frame = before + (cut - before) / 4120 * 4120
            for place in frame..<min(log.count, frame + 4120) { log[place] = 0 }
        }
        try log.write(to: wal(copy))
        let opened = try reopen(copy)
        #expect(opened.size == 30)
        #expect(try opened.checkIntegrity().problems.isEmpty)
        try opened.writeDurably(ledgerAfter(6).block(4))
        #expect(opened.size == 35)
    }

    private func ledgerAfter(_ blocks: Int) -> TestLedger {
        let ledger = TestLedger()
        for _ in 0..<blocks { _ = ledger.block(4) }
        return ledger
    }

    @Test(arguments: UInt64(0)..<60)
    func `damage before the end of the log is refused`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let ledger = TestLedger()
        let store = try ledger.open()
        for _ in 0..<4 { try store.writeDurably(ledger.block(4)) }
        let reported =
            try wal(ledger.directory).resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
        for _ in 0..<2 { try store.writeDurably(ledger.block(4)) }
        let copy = ledger.directory + "/copy"
        try FileManager.default.copyLedger(from: ledger.directory, to: copy)
        var log = try Data(contentsOf: wal(copy))
        log[Int.random(in: 0..<reported, using: &random)] ^= UInt8.random(
            in: 1...255,
            using: &random
        )
        try log.write(to: wal(copy))
        #expect {
            _ = try reopen(copy)
        } throws: { error in
            guard case .damaged(let file, _)? = error as? StoreError else { return false }
            return file.hasSuffix("ledger.sqlite-wal") && "\(error)".contains("recover this node")
        }
    }

    @Test func `a log that began anew is not taken for damage`() throws {
        let ledger = TestLedger()
        var options = LedgerStore.Options()
        options.checkpointPages = 40
        let store = try ledger.open(options)
        for number in 0..<40 {
            try store.writeDurably(ledger.block(number % 7))
            let copy = "\(ledger.directory)/copy-\(number)"
            try FileManager.default.copyLedger(from: ledger.directory, to: copy)
            let opened = try reopen(copy)
            #expect(opened.size == store.size)
            try opened.close()
        }
    }

    @Test func `a log without its database is refused`() throws {
        let ledger = TestLedger()
        let store = try ledger.open()
        try store.writeDurably(ledger.block(1))
        let copy = ledger.directory + "/copy"
        try FileManager.default.copyLedger(from: ledger.directory, to: copy)
        try FileManager.default.removeItem(atPath: copy + "/ledger.sqlite")
        #expect(throws: StoreError.self) { try reopen(copy) }
    }

    @Test func `every commit is synced`() throws {
        let store = try TestLedger().open()
        // 2 is FULL: sqlite.org/pragma.html#pragma_synchronous
        #expect(try store.synchronousSetting() == 2)
    }
}
