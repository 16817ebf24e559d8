import Foundation
import LedgerStore
import QuotaCrypto
import Testing

/// Reports figures; asserts only that everything is stored.
@Suite(.serialized) struct StoreThroughputTests {
    /// Batches of a thousand leaves; more of them show how the figure holds up as the log grows.
    private let batches =
        ProcessInfo.processInfo.environment["QUOTA_STORE_BATCHES"].flatMap(Int.init) ?? 4

    @Test func `leaves in batches of a thousand`() throws {
        let ledger = TestLedger()
        let store = try ledger.open()
        var times: [Duration] = []
        for _ in 0..<batches {
            let batch = ledger.block(999)
            let began = ContinuousClock.now
            try store.writeDurably(batch)
            times.append(ContinuousClock.now - began)
        }
        let total = times.reduce(Duration.zero, +) / .seconds(1)
        times.sort()
        #expect(store.size == UInt64(batches * 1000))
        print(
            "store: \(Int(Double(batches * 1000) / total)) leaves a second over \(batches * 1000),",
            "batch p50 \(times[times.count / 2]), slowest \(times[times.count - 1])"
        )

        let began = ContinuousClock.now
        for index in 0..<1000 {
            _ = try store.leaf(UInt64(index * 7919) % store.size)
        }
        print("store: leaf read \((ContinuousClock.now - began) / 1000)")
        try store.close()
        let start = ContinuousClock.now
        _ = try ledger.open()
        print("store: opened in \(ContinuousClock.now - start)")
    }

    @Test func `one vote at a time`() throws {
        let store = try TestLedger().open()
        var times: [Duration] = []
        for number in 0..<500 {
            var batch = StoreBatch()
            batch.consensus = [(Array("vote \(number)".utf8), Array(repeating: 1, count: 200))]
            let began = ContinuousClock.now
            try store.writeDurably(batch)
            times.append(ContinuousClock.now - began)
        }
        times.sort()
        #expect(try store.consensusRecords().count == 500)
        print("store: one vote p50 \(times[250]), p99 \(times[495])")
    }
}
