import Consensus
import Ledger
import LedgerFixture
import MerkleLog
import QuotaCrypto
import StateMap
import StateSync
import TestSupport
import Testing
import Verifier
import Votes

struct SnapshotHeadTests {
    @Test func `a final block of the first epoch is reached from the genesis hash`() throws {
        let ledger = try SyncLedger()
        let entry = try ledger.entry()
        let head = try ledger.head(entry: entry)
        #expect(try SnapshotHead.decode(head.encoded()) == head)
        let snapshot = try head.verify(chainID: ledger.chainID)
        #expect(snapshot.tree == ledger.last.tree)
        #expect(snapshot.header == ledger.last.lastHeader)
        #expect(snapshot.epoch == 1)
        #expect(snapshot.epochRoot == nil)
        #expect(snapshot.tip?.view == 9)
        #expect(snapshot.block.digest == ledger.blocks.last?.digest)
    }

    @Test func `a final block behind a seal is believed by the votes of the new epoch only`() throws
    {
        var ledger = try SyncLedger()
        try ledger.seal()
        try ledger.add([try ledger.fixture.organisation("late", in: "KE")])
        let snapshot = try ledger.head(entry: ledger.entry()).verify(chainID: ledger.chainID)
        #expect(snapshot.epoch == 2)
        #expect(snapshot.validators.count == 5)
        #expect(snapshot.epochRoot?.digest == ledger.blocks[ledger.blocks.count - 2].digest)
        let old = try ledger.entry(epoch: 1, signers: ledger.fixture.founders)
        #expect(throws: SnapshotError.self) {
            try ledger.head(entry: old).verify(chainID: ledger.chainID)
        }
        #expect(throws: SnapshotError.self) {
            try ledger.head(entry: ledger.entry(), steps: []).verify(chainID: ledger.chainID)
        }
    }

    @Test func `the block that sealed an epoch needs its hand-off and nothing else`() throws {
        var ledger = try SyncLedger()
        try ledger.seal()
        let snapshot = try ledger.head(entry: nil).verify(chainID: ledger.chainID)
        #expect(snapshot.tip == nil)
        #expect(snapshot.epochRoot == snapshot.block)
        try ledger.add([try ledger.fixture.organisation("late", in: "KE")])
        #expect(throws: SnapshotError("proposal", "missing, and the block does not end an epoch")) {
            try ledger.head(entry: nil).verify(chainID: ledger.chainID)
        }
    }

    @Test func `whatever else is signed, missing or moved is refused with its name`() throws {
        let ledger = try SyncLedger()
        let good = try ledger.entry()
        func refuses(_ part: String, _ head: SnapshotHead, chain: Digest? = nil) {
            #expect {
                try head.verify(chainID: chain ?? ledger.chainID)
            } throws: {
                ($0 as? SnapshotError)?.part == part
            }
        }
        refuses("hand-offs", try ledger.head(entry: good), chain: .zero)
        refuses("proposal", try ledger.head(entry: ledger.entry(kind: .notarize)))
        refuses("proposal", try ledger.head(entry: ledger.entry(block: .zero)))
        refuses("proposal", try ledger.head(entry: ledger.entry(epoch: 2)))
        refuses("proposal", try ledger.head(entry: ledger.entry(chain: .zero)))
        let shuffled = Array(ledger.voters.reversed())
        refuses("proposal", try ledger.head(entry: ledger.entry(signers: shuffled)))
        let few = try ledger.entry(signers: Array(ledger.voters.prefix(1)))
        refuses("proposal", try ledger.head(entry: few))
        refuses("proposal", try ledger.head(entry: good.with(finalization: nil)))
        let other = ledger.blocks[1].headerBytes
        refuses("header", try ledger.head(entry: good, header: other))
        refuses("header", try ledger.head(entry: good, path: []))
        refuses("edge", try ledger.head(entry: good, edge: [ledger.edge[0].reversed()]))
        refuses("edge", try ledger.head(entry: good, edge: [Array(ledger.edge[0].dropLast())]))
        refuses("edge", try ledger.head(entry: good, edge: []))
    }

    @Test func `every changed byte of a head is refused, or changes nothing that is believed`()
        throws
    {
        let ledger = try SyncLedger(organisations: 2)
        let entry = try ledger.entry()
        let head = try ledger.head(entry: entry)
        let bytes = head.encoded()
        let good = try head.verify(chainID: ledger.chainID)
        var random = SplitMix64(seed: 8)
        for place in stride(from: 0, to: bytes.count, by: bytes.count / 400 + 1) {
            var changed = bytes
            changed[place] ^= UInt8(1 + random.next() % 255)
            guard let read = try? SnapshotHead.decode(changed),
                let snapshot = try? read.verify(chainID: ledger.chainID)
            else { continue }
            #expect(snapshot.tree == good.tree)
            #expect(snapshot.header == good.header)
        }
    }

    @Test func `state and tree of a snapshot are the ones that a replay has`() throws {
        var ledger = try SyncLedger()
        try ledger.seal()
        let snapshot = try ledger.head(entry: nil).verify(chainID: ledger.chainID)
        let state = try LedgerState(
            restoring: ledger.last.genesis,
            entries: try ledger.entries(bytesMax: 900).map { ($0.key, $0.value) },
            tree: snapshot.tree,
            header: snapshot.head.header
        )
        let late = try ledger.fixture.organisation("late", in: "KE")
        let after = try ledger.fixture.state(after: [late], on: state, view: 3)
        let replayed = try ledger.fixture.state(after: [late], on: ledger.last, view: 3)
        #expect(after.tree.root == replayed.tree.root)
        #expect(after.map.root == replayed.map.root)
        #expect(state.epoch.number == 2)
    }
}

struct HistoryPartTests {
    @Test(arguments: [1, 255, 256, 257, 512, 513, 700, 1_024, 1_300])
    func `every tile of every log is proven, and no other leaf`(size: Int) throws {
        let leaves = (0..<size).map { Array("leaf \($0)".utf8) }
        let hashes = leaves.map { TreeHash.leaf($0) }
        let tree = MemoryTree(leafHashes: hashes)
        let edge = Array(hashes[(size & ~0xFF)...])
        for first in stride(from: 0, to: size, by: 256) {
            let part = HistoryPart(
                leaves: Array(leaves[first..<min(first + 256, size)]),
                path: first + 256 <= size
                    ? Array(
                        try InclusionProof(index: UInt64(first), size: UInt64(size), from: tree)
                            .path.dropFirst(8)
                    ) : []
            )
            #expect(try HistoryPart.decode(part.encoded()) == part)
            func check(_ part: HistoryPart, at first: Int) throws {
                try part.verify(
                    first: UInt64(first),
                    size: UInt64(size),
                    root: tree.root,
                    edge: edge
                )
            }
            try check(part, at: first)
            #expect(throws: SnapshotError.self) { try check(part, at: first + 256) }
            #expect(throws: SnapshotError.self) { try check(part, at: first + 1) }
            for place in [0, part.leaves.count - 1] {
                var changed = part.leaves
                changed[place][0] ^= 1
                #expect(throws: SnapshotError.self) {
                    try check(HistoryPart(leaves: changed, path: part.path), at: first)
                }
            }
            #expect(throws: SnapshotError.self) {
                try check(HistoryPart(leaves: part.leaves, path: part.path + [.zero]), at: first)
            }
        }
    }
}
