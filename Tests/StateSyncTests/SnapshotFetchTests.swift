import Consensus
import Ledger
import LedgerFixture
import MerkleLog
import QuotaCrypto
import StateMap
import StateSync
import TestSupport
import Testing

/// A node that joins, among peers that hand over, lie, keep silent or forget.
struct SnapshotFetchTests {
    /// How a peer answers.
    private enum Manner {
        case honest
        /// Flips a byte in every so many chunks.
        case corrupts(every: Int)
        case silent
        /// Has the snapshot on offer and then no more.
        case forgetful
        /// Hands over the head and has no more of it.
        case prunes
        /// Offers nothing.
        case poor
    }

    private struct World {
        let ledger: SyncLedger
        var fetch: SnapshotFetch<VerifiedSnapshot>
        var manners: [Manner]
        var kept: [[UInt8]: [UInt8]] = [:]
        var blamed: [Int] = []
        var isComplete = false
        var gaveUp: String?
        var now: UInt64 = 0
        var chunks = 0
        private let head: SnapshotHead

        init(_ ledger: SyncLedger, _ manners: [Manner], kept: [[UInt8]: [UInt8]] = [:]) throws {
            self.ledger = ledger
            self.manners = manners
            self.kept = kept
            head = try ledger.head(entry: ledger.entry())
            var limits = SnapshotFetch<VerifiedSnapshot>.Limits()
            limits.gapMin = 10
            fetch = SnapshotFetch(
                chainID: ledger.chainID,
                ownSize: 2,
                kept: kept.map { ($0.key, $0.value) },
                limits: limits,
                firstID: 1
            )
        }

        /// Runs until it is over, or until so many chunks were verified.
        mutating func run(untilChunks goal: Int = .max) {
            var waiting: [SnapshotFetch<VerifiedSnapshot>.Action] = []
            for peer in manners.indices { waiting += fetch.connected(peer, now: now) }
            for _ in 0..<10_000 where !isComplete && gaveUp == nil {
                guard fetch.progress.chunks < goal else { return }
                let actions = waiting
                waiting = []
                for action in actions { waiting += perform(action) }
                guard waiting.isEmpty else { continue }
                now += 500
                waiting = fetch.tick(now: now)
            }
        }

        private mutating func perform(_ action: SnapshotFetch<VerifiedSnapshot>.Action)
            -> [SnapshotFetch<VerifiedSnapshot>.Action]
        {
            switch action {
            case .send(let request, let id, let peer):
                guard let answer = answer(request, of: peer) else { return [] }
                return fetch.answered(answer, id: id, from: peer, now: now)
            case .keep(let place, let bytes): kept[place] = bytes
            case .forget: kept = [:]
            case .blame(let peer, _): blamed.append(peer)
            case .complete: isComplete = true
            case .giveUp(let reason): gaveUp = reason
            case .begun: break
            }
            return []
        }

        private mutating func answer(
            _ request: SnapshotRequest,
            of peer: Int
        ) -> SnapshotAnswer? {
            let block = ledger.blocks[ledger.blocks.count - 1].digest
            let offer = SnapshotOffer(
                block: block,
                height: ledger.last.height,
                size: ledger.last.size,
                bits: 3
            )
            switch (request, manners[peer]) {
            case (_, .silent): return nil
            case (.offers, .poor): return .offers([])
            case (.offers, _): return .offers([offer])
            case (_, .forgetful), (_, .poor), (.chunk, .prunes): return .absent
            case (.head, _): return .part(head.encoded())
            case (.chunk(_, let path, let bits), let manner):
                var bytes = ledger.last.map.chunk(at: path, bits: bits, bytesMax: 700).encoded()
                chunks += 1
                if case .corrupts(let every) = manner, chunks % every == 0 {
                    bytes[bytes.count / 2] ^= 1
                }
                return .part(bytes)
            case (.history, _): return .absent
            }
        }
    }

    private func expectWhole(_ world: inout World) throws {
        #expect(world.isComplete)
        let taken = world.fetch.take()
        let (snapshot, entries) = try #require(taken)
        var map = StateMap()
        map.update(entries.map { ($0.key, $0.value) })
        #expect(map.root == world.ledger.last.map.root)
        #expect(map.count == entries.count)
        #expect(snapshot.tree.root == world.ledger.last.tree.root)
        #expect(world.fetch.take() == nil)
    }

    @Test func `from honest peers the whole state comes in chunks`() throws {
        var world = try World(SyncLedger(), [.honest, .honest, .honest, .honest])
        world.run()
        try expectWhole(&world)
        #expect(world.chunks >= 8)
        #expect(world.blamed == [])
    }

    @Test func `who sends a corrupted chunk is named once, and costs one chunk`() throws {
        var world = try World(SyncLedger(), [.honest, .corrupts(every: 1), .honest])
        world.run()
        try expectWhole(&world)
        #expect(world.blamed == [1])
    }

    @Test func `liars, silent and forgetful peers do not stop it while one is honest`() throws {
        let manners: [Manner] = [.silent, .corrupts(every: 2), .forgetful, .poor, .honest]
        var world = try World(SyncLedger(), manners)
        world.run()
        try expectWhole(&world)
        #expect(world.blamed.allSatisfy { $0 == 1 })
    }

    @Test func `if nobody can hand over a whole snapshot it gives up and replays`() throws {
        var world = try World(SyncLedger(), [.forgetful, .forgetful, .forgetful])
        world.run()
        #expect(!world.isComplete)
        #expect(world.gaveUp != nil)
        #expect(world.kept.isEmpty)
    }

    @Test func `a peer that never says what it has is not waited for`() throws {
        var world = try World(SyncLedger(), [.silent, .prunes, .prunes])
        world.run()
        #expect(world.gaveUp != nil)
        #expect(world.blamed == [])
    }

    @Test func `if nobody is far ahead it replays at once`() throws {
        var world = try World(SyncLedger(), [.poor, .poor, .poor])
        world.run()
        #expect(world.gaveUp == "no peer is far ahead")
    }

    @Test func `after a crash at any chunk it goes on with what it verified`() throws {
        let ledger = try SyncLedger()
        var whole = try World(ledger, [.honest, .honest, .honest])
        whole.run()
        let total = whole.fetch.progress.chunks
        for cut in 1..<total {
            var first = try World(ledger, [.honest, .honest, .honest])
            first.run(untilChunks: cut)
            var second = try World(ledger, [.honest, .silent, .honest], kept: first.kept)
            // The head is kept beside the chunks.
            let kept = max(0, first.kept.count - 1)
            #expect(second.fetch.progress.chunks == kept)
            second.run()
            try expectWhole(&second)
            #expect(second.chunks == total - kept)
        }
    }

    @Test func `kept parts that were damaged are fetched again`() throws {
        let ledger = try SyncLedger()
        var first = try World(ledger, [.honest, .honest, .honest])
        first.run(untilChunks: 5)
        var random = SplitMix64(seed: 5)
        for place in first.kept.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            guard let bytes = first.kept[place] else { continue }
            var damaged = first.kept
            damaged[place]?[Int(random.next() % UInt64(bytes.count))] ^= 4
            var second = try World(ledger, [.honest, .honest, .honest], kept: damaged)
            second.run()
            try expectWhole(&second)
            #expect(second.blamed == [])
        }
    }
}
