import GRDB
import LedgerStore
import MerkleLog
import QuotaCrypto
import Testing

struct LedgerStoreTests {
    @Test func `what is written is read back, before and after a restart`() throws {
        let ledger = TestLedger()
        let batches = [ledger.block(3), ledger.block(0), ledger.block(5)]
        var store = try ledger.open()
        for batch in batches { try store.writeDurably(batch) }
        for isReopened in [false, true] {
            if isReopened {
                try store.close()
                store = try ledger.open()
            }
            #expect(store.size == 11)
            #expect(store.lastHeight == 3)
            #expect(try store.leaves(0..<100) == batches.flatMap(\.leaves))
            #expect(try store.leaves(4..<6) == Array(batches.flatMap(\.leaves)[4..<6]))
            #expect(try store.leafBytes(2..<5) == batches.flatMap(\.leaves)[2..<5].map(\.bytes))
            #expect(try store.leaf(10)?.kind == "header")
            #expect(try store.leaf(11) == nil)
            #expect(try store.leaf(.max) == nil)
            let leaf = batches[2].leaves[2]
            #expect(try store.leafIndex(of: leaf.hash) == leaf.index)
            #expect(try store.leafIndex(of: .zero) == nil)
            let identity = try #require(leaf.identity)
            #expect(try store.leaf(kind: "claim", identity: identity) == leaf)
            #expect(try store.leaf(kind: "cancel", identity: identity) == nil)
            #expect(try store.blocks(from: 1, max: 2) == batches[0].blocks + batches[1].blocks)
            #expect(try store.block(2) == batches[1].blocks[0])
            #expect(try store.block(4) == nil)
            #expect(try store.block(digest: batches[2].blocks[0].digest)?.height == 3)
            #expect(try store.lastBlock() == batches[2].blocks[0])
            #expect(try store.compactTree() == ledger.tree)
            #expect(try store.lastCheckpoint()?.size == 11)
            #expect(try store.checkpoint(size: 5)?.note == "note of 5")
            #expect(try store.firstCheckpoint(covering: 4)?.size == 4)
            #expect(try store.firstCheckpoint(covering: 12) == nil)
            #expect(try store.lastSigned(by: "log")?.root == ledger.tree.root)
            #expect(try store.mapCount() == 8)
        }
    }

    @Test func `consensus records and map entries are set, replaced and removed`() throws {
        let ledger = TestLedger()
        let store = try ledger.open()
        var batch = StoreBatch()
        batch.consensus = [([2], [20]), ([1], [10]), ([3], [])]
        batch.mapChanges = [([2], [20]), ([1], [10]), ([3], [])]
        try store.writeDurably(batch)
        batch.consensus = [([1], nil), ([2], [21]), ([9], nil)]
        batch.mapChanges = batch.consensus
        try store.writeDurably(batch)
        let records = try store.consensusRecords()
        #expect(records.map(\.key) == [[2], [3]])
        #expect(records.map(\.value) == [[21], []])
        var entries: [[UInt8]] = []
        try store.forEachMapEntry { key, value in entries.append(key + value) }
        #expect(entries == [[2, 21], [3]])
    }

    @Test func `claims are found by each field and in pages`() throws {
        let ledger = TestLedger()
        let store = try ledger.open()
        try store.writeDurably(ledger.block(20))
        var change = StoreBatch()
        change.claims = [TestLedger.claim(4, state: "cancelled")]
        try store.writeDurably(change)

        let all = (0..<20).map { TestLedger.claim($0, state: $0 == 4 ? "cancelled" : "reserved") }
        #expect(try store.claims(max: 100) == all)
        #expect(try store.claims(after: 5, max: 3) == Array(all[6..<9]))
        #expect(try store.claims(after: .max, max: 3).isEmpty)
        #expect(try store.claims(max: -1).isEmpty)
        var filter = ClaimFilter()
        filter.destination = "KE"
        #expect(try store.claims(filter, max: 100) == all.filter { $0.destination == "KE" })
        filter.authority = "LPP"
        #expect(try store.claims(filter, max: 100).map(\.index) == [0, 6, 12, 18])
        filter = ClaimFilter()
        filter.state = "cancelled"
        #expect(try store.claims(filter, max: 100).map(\.index) == [4])
        filter.issuer = "nobody' OR 1=1 --"
        #expect(try store.claims(filter, max: 100).isEmpty)
        #expect(try store.claim(issuer: "us-bis", claim: "claim-4")?.state == "cancelled")
        #expect(try store.claim(issuer: "us-bis", claim: "claim-99") == nil)
    }

    @Test(arguments: ["issuer", "destination", "authority", "state"])
    func `claims asked for by a field are read in order without a walk through the others`(
        field: String
    ) throws {
        let ledger = TestLedger()
        let store = try ledger.open()
        try store.writeDurably(ledger.block(20))
        try store.close()
        let queue = try DatabaseQueue(path: ledger.directory + "/ledger.sqlite")
        let sql = """
            SELECT * FROM claims WHERE leaf_index > 3 AND \(field) = ? ORDER BY leaf_index LIMIT 9
            """
        let plan = try queue.read { database in
            try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + sql, arguments: ["x"])
                .map { $0["detail"] as String }
        }
        #expect(
            plan == [
                "SEARCH claims USING INDEX claims_by_\(field) (\(field)=? AND leaf_index>?)"
            ]
        )
    }

    @Test func `evidence is kept once and in order`() throws {
        let store = try TestLedger().open()
        let later = StoredEvidence(code: "E1", epoch: 1, view: 9, member: 2, bytes: [1])
        let earlier = StoredEvidence(code: "E2", epoch: 1, view: 3, member: 0, bytes: [2])
        var batch = StoreBatch()
        batch.evidence = [later, earlier]
        try store.writeDurably(batch)
        try store.writeDurably(batch)
        #expect(try store.evidence() == [earlier, later])
    }

    @Test func `a key never signs backwards or beside`() throws {
        let ledger = TestLedger()
        var store = try ledger.open()
        let root = SHA256.hash([1])
        try store.recordSigned(SignedSize(signer: "log", size: 5, root: root))
        try store.recordSigned(SignedSize(signer: "log", size: 5, root: root))
        try store.close()
        store = try ledger.open()
        for refused in [
            SignedSize(signer: "log", size: 4, root: root),
            SignedSize(signer: "log", size: 5, root: SHA256.hash([2])),
        ] {
            let error = StoreError.signedBefore(
                signer: "log",
                size: 5,
                root: "\(root)",
                refusedSize: refused.size
            )
            #expect(throws: error) { try store.recordSigned(refused) }
        }
        try store.recordSigned(SignedSize(signer: "cosigner", size: 4, root: root))
        try store.recordSigned(SignedSize(signer: "log", size: 6, root: SHA256.hash([2])))
        #expect(try store.lastSigned(by: "log")?.size == 6)
        #expect(try store.lastSigned(by: "witness") == nil)
    }

    @Test func `a batch that does not go on where the log ends stores nothing`() throws {
        let ledger = TestLedger()
        let store = try ledger.open()
        try store.writeDurably(ledger.block(2))
        let good = ledger.block(2)

        var gap = good
        gap.leaves[1].index += 1
        var skipped = good
        skipped.blocks[0].height += 1
        var short = good
        short.leaves.removeLast()
        var overlap = good
        overlap.blocks[0].first -= 1
        var headerless = good
        headerless.blocks[0].headerIndex -= 1
        var unclaimed = good
        unclaimed.blocks[0].count -= 1
        unclaimed.blocks[0].headerIndex -= 1
        for batch in [gap, skipped, short, overlap, headerless, unclaimed] {
            #expect(throws: StoreError.self) { try store.writeDurably(batch) }
            #expect(store.size == 3)
            #expect(try store.consensusRecords().map(\.value) == [Array("height 1".utf8)])
        }
        var twin = good
        twin.leaves[0].identity = try store.leaf(0)?.identity
        #expect(throws: StoreError.self) { try store.writeDurably(twin) }
        var huge = good
        huge.claims[0].amountTenths = .max
        #expect(throws: StoreError.outOfRange(field: "amount", value: .max)) {
            try store.writeDurably(huge)
        }
        try store.writeDurably(good)
        #expect(store.size == 6)
        #expect(try store.checkIntegrity().isSound)
    }

    @Test func `batches from many threads all arrive`() async throws {
        let store = try TestLedger().open()
        await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<64 {
                group.addTask {
                    var batch = StoreBatch()
                    batch.consensus = [([UInt8(number)], [1])]
                    try store.writeDurably(batch)
                    _ = try store.consensusRecords()
                }
            }
        }
        #expect(try store.consensusRecords().count == 64)
    }
}

extension LedgerStoreTests {
    @Test func `final proposals are read by view and by identifier`() throws {
        let ledger = TestLedger()
        let store = try ledger.open()
        var batch = ledger.block(1)
        batch.proposals = (1...5).map { view in
            StoredProposal(
                epoch: 1,
                view: view * 10,
                id: SHA256.hash([UInt8(view)]),
                height: view == 1 ? 1 : nil,
                entry: [UInt8(view)]
            )
        }
        try store.writeDurably(batch)
        #expect(
            try store.proposals(epoch: 1, after: 20, max: 2) == Array(batch.proposals[2..<4])
        )
        #expect(try store.proposals(epoch: 1, after: 50, max: 2).isEmpty)
        #expect(try store.proposals(epoch: 2, after: 0, max: 2).isEmpty)
        #expect(try store.lastProposal(epoch: 1) == batch.proposals[4])
        #expect(try store.lastProposal(epoch: 2) == nil)
        #expect(try store.proposal(id: SHA256.hash([1])) == batch.proposals[0])
        #expect(try store.proposal(id: .zero) == nil)
        #expect(try store.checkIntegrity().isSound)
        var again = StoreBatch()
        again.proposals = [batch.proposals[0]]
        #expect(throws: StoreError.self) { try store.writeDurably(again) }
    }

    @Test func `views begin anew in every epoch, and the end of each is kept`() throws {
        let ledger = TestLedger()
        let store = try ledger.open()
        var batch = ledger.block(1)
        batch.proposals = (UInt64(1)...2).map { epoch in
            StoredProposal(
                epoch: epoch,
                view: 1,
                id: SHA256.hash([UInt8(epoch)]),
                height: nil,
                entry: []
            )
        }
        batch.seals = [StoredSeal(epoch: 1, size: 2, note: "a", validators: [1])]
        try store.writeDurably(batch)
        #expect(try store.proposals(epoch: 2, after: 0, max: 9) == [batch.proposals[1]])
        var more = StoreBatch()
        more.seals = [StoredSeal(epoch: 1, size: 2, note: "b", validators: [1])]
        try store.writeDurably(more)
        #expect(try store.seals() == more.seals)
    }

    @Test func `a claim whose state changes keeps its place`() throws {
        let ledger = TestLedger()
        let store = try ledger.open()
        try store.writeDurably(ledger.block(3))
        var batch = StoreBatch()
        batch.claimStates = [(StoredIdentity(issuer: "us-bis", subject: "claim-1"), "cancelled")]
        try store.writeDurably(batch)
        #expect(try store.claims(max: 10).map(\.state) == ["reserved", "cancelled", "reserved"])
        #expect(try store.claims(max: 10).map(\.index) == [0, 1, 2])
    }
}
