import LedgerStore
import MerkleLog
import QuotaCrypto
import Testing

struct LedgerStoreTreeTests {
    @Test func `proofs at every size come from the store`() throws {
        let ledger = TestLedger()
        let store = try ledger.open()
        while ledger.tree.size < 600 { try store.writeDurably(ledger.block(36)) }
        let hashes = try store.leaves(0..<1000).map(\.hash)
        for size in UInt64(0)...ledger.tree.size {
            #expect(try store.root(size: size) == ledger.roots[Int(size)])
        }
        for size in [1, 2, 255, 256, 257, 511, 512, 513, ledger.tree.size] {
            for index in stride(from: 0, to: size, by: 13) {
                let proof = try InclusionProof(index: index, size: size, from: store)
                try proof.verify(leaf: hashes[Int(index)], root: ledger.roots[Int(size)])
            }
            let proof = try ConsistencyProof(oldSize: size, newSize: ledger.tree.size, from: store)
            try proof.verify(oldRoot: ledger.roots[Int(size)], newRoot: ledger.tree.root)
        }
    }

    @Test func `every subtree is as in memory, in batches of any size, after a restart`() throws {
        let ledger = TestLedger()
        var store = try ledger.open()
        var memory = MemoryTree()
        for count in [0, 254, 0, 0, 255, 1, 700, 3, 510, 65_000, 0, 12] {
            let batch = ledger.block(count)
            try store.writeDurably(batch)
            memory.append(contentsOf: batch.leaves.map(\.hash))
            try store.close()
            store = try ledger.open()
            #expect(try store.compactTree() == memory.compact)
        }
        #expect(store.size > 65_536 + 256)
        for level in 0..<20 {
            let count = store.size >> UInt64(level)
            for index in stride(from: 0, to: count, by: max(1, Int(count) / 97)) {
                #expect(
                    try store.hash(level: level, index: index)
                        == memory.hash(level: level, index: index)
                )
            }
            #expect(throws: SubtreeUnavailable(level: level, index: count)) {
                try store.hash(level: level, index: count)
            }
        }
        for level in [-1, 64, .max, .min] {
            #expect(throws: SubtreeUnavailable.self) { try store.hash(level: level, index: 0) }
        }
        #expect(throws: SubtreeUnavailable.self) { try store.hash(level: 0, index: .max) }
    }

    @Test func `tiles are served from the store`() throws {
        let ledger = TestLedger()
        let store = try ledger.open()
        try store.writeDurably(ledger.block(299))
        let hashes = try store.leaves(0..<300).map(\.hash)
        let full = try #require(TilePath(.hashes(level: 0), index: 0))
        #expect(try Tile.bytes(full, from: store) == hashes[..<256].flatMap(\.bytes))
        let partial = try #require(TilePath(.hashes(level: 0), index: 1, width: 44))
        #expect(try Tile.bytes(partial, from: store) == hashes[256...].flatMap(\.bytes))
    }
}
