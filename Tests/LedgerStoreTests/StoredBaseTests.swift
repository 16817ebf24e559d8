import LedgerStore
import MerkleLog
import QuotaCrypto
import Testing

/// A ledger whose state came from others, and the log below it.
struct StoredBaseTests {
    /// A log of some size, and a store that holds its first block and the state behind its last.
    private struct Joined {
        let source = TestLedger()
        let joined = TestLedger()
        var batches: [StoreBatch] = []
        let base: StoredBase
        let edge: [[Digest]]

        init(blocks: Int, of count: Int) throws {
            for _ in 0..<blocks { batches.append(source.block(count)) }
            let hashes = batches.flatMap(\.leaves).map(\.hash)
            var levels = [hashes]
            while let row = levels.last, row.count >= 256 {
                levels.append(
                    stride(from: 0, to: row.count & ~0xFF, by: 256).map {
                        MemoryTree(leafHashes: row).foldedTile($0)
                    }
                )
            }
            edge = levels.map { Array($0[($0.count & ~0xFF)...]) }
            base = StoredBase(
                size: source.tree.size,
                root: source.tree.root,
                epoch: 1,
                view: 7,
                edge: edge[0]
            )
        }

        func install(_ store: LedgerStore) throws {
            let first = try #require(batches.first)
            try store.writeDurably(first)
            let last = try #require(batches.last)
            var batch = StoreBatch()
            batch.mapChanges = [(Array("whole".utf8), [1])]
            try store.install(
                base,
                edge: edge,
                landmarks: [
                    StoredLandmark(
                        block: try #require(last.blocks.first),
                        header: try #require(last.leaves.last)
                    )
                ],
                batch
            )
        }
    }

    @Test(arguments: [(3, 40), (9, 70), (40, 61)])
    func `the log goes on from a base, and what lies below comes later`(
        blocks: Int,
        count: Int
    ) throws {
        let joined = try Joined(blocks: blocks, of: count)
        var store = try joined.joined.open()
        try store.keepIncoming(place: [1], bytes: [2])
        try joined.install(store)
        #expect(try store.incoming().isEmpty)
        #expect(try store.mapCount() == 1)
        #expect(store.size == joined.base.size)
        #expect(try store.compactTree().root == joined.base.root)
        #expect(store.isFilling && store.lacks(joined.base.size - 2))
        #expect(!store.lacks(0) && !store.lacks(joined.base.size - 1))
        // The hashes of the last tile are there, those of the second are not.
        if joined.base.size > 512 {
            #expect(throws: SubtreeUnavailable.self) { try store.root(size: 300) }
        }
        #expect(try store.checkIntegrity().isSound)
        // The log grows meanwhile, over a start.
        let more = joined.source.block(300)
        try store.writeDurably(more)
        try store.close()
        store = try joined.joined.open()
        #expect(try store.compactTree().root == joined.source.tree.root)
        let leaf = try #require(more.leaves.first)
        let proof = try InclusionProof(index: leaf.index, size: store.size, from: store)
        try proof.verify(leaf: leaf.hash, root: joined.source.tree.root)
        try fill(store, joined)
        store = try joined.joined.open()
        #expect(!store.isFilling && !store.lacks(5))
        #expect(try store.checkIntegrity().isSound)
        for size in joined.source.roots.indices {
            #expect(try store.root(size: UInt64(size)) == joined.source.roots[size])
        }
        #expect(try store.claims(max: 10_000).count == (blocks * count) + 300)
        #expect(try store.blocks(from: 0, max: 10_000).count == blocks + 1)
    }

    /// Fills tile by tile, with a start after each.
    private func fill(_ opened: LedgerStore, _ joined: Joined) throws {
        var store = opened
        let leaves = joined.batches.flatMap(\.leaves)
        let blocks = joined.batches.flatMap(\.blocks)
        let claims = joined.batches.dropFirst().flatMap(\.claims)
        while let base = store.base, base.isFilling {
            let end = min((base.filled / 256 + 1) * 256, base.size)
            let range = base.filled..<end
            try store.fill(
                leaves.filter { range.contains($0.index) },
                blocks: blocks.filter { range.contains($0.headerIndex) },
                claims: claims.filter { range.contains($0.index) }
            )
            #expect(store.base?.filled == end)
            try store.close()
            store = try joined.joined.open()
        }
        try store.close()
    }

    @Test func `leaves that do not go on where the last ended are refused`() throws {
        let joined = try Joined(blocks: 9, of: 70)
        let store = try joined.joined.open()
        try joined.install(store)
        let leaves = joined.batches.flatMap(\.leaves)
        for range in [0..<256, 256..<512, 72..<600] {
            #expect(throws: StoreError.self) {
                try store.fill(Array(leaves[range]), blocks: [], claims: [])
            }
        }
    }

    @Test func `final proposals from before the base are not served with a gap`() throws {
        let joined = try Joined(blocks: 3, of: 40)
        let store = try joined.joined.open()
        try joined.install(store)
        var batch = StoreBatch()
        batch.proposals = [
            StoredProposal(epoch: 1, view: 8, id: SHA256.hash([8]), height: nil, entry: [1])
        ]
        try store.writeDurably(batch)
        #expect(try store.proposals(epoch: 1, after: 6, max: 9).isEmpty)
        #expect(try store.proposals(epoch: 1, after: 7, max: 9).count == 1)
    }
}

extension MemoryTree {
    /// The root of the 256 hashes from `start` on.
    fileprivate func foldedTile(_ start: Int) -> Digest {
        (try? hash(level: 8, index: UInt64(start / 256))) ?? .zero
    }
}
