import Consensus
import QuotaCrypto
import Testing
import Votes

/// Section 2.6: nothing leaves before it is durable, and a restart continues from the records.
struct PersistenceTests {
    @Test func `records come before every vote that they hold`() throws {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        bench.receive(bench.propose(entry), from: 0)
        bench.receive(.notarize, in: 1, for: entry.proposal.id, from: [1, 2])
        let effects = bench.step(.executed(entry.proposal.id, .valid))
        guard case .persist(let records) = effects.first else {
            Issue.record("expected records first")
            return
        }
        for vote in effects.votes {
            #expect(records.contains { $0.value == vote.encoded() })
        }
        #expect(effects.votes.count == 2)
        #expect(records.contains { $0.value == entry.encoded() }, "the proposal voted for")
        let notarization = bench.certificate(
            .notarize,
            in: 1,
            for: entry.proposal.id,
            by: [0, 1, 2]
        )
        #expect(records.contains { $0.value == notarization.encoded() }, "what finalize rests on")
    }

    @Test func `a vote of the step that ends its view is durable with its notarization too`() throws
    {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        let id = entry.proposal.id
        let notarization = bench.certificate(.notarize, in: 1, for: id)
        bench.receive(bench.propose(entry), from: 0)
        bench.receive(.certificate(notarization), from: 0)
        bench.receive(.finalize, in: 1, for: id, from: [0, 1])
        let effects = bench.step(.executed(id, .valid))
        guard case .persist(let records) = effects.first else {
            Issue.record("expected records first")
            return
        }
        // The power may fail before the commit: the finalize vote must not stand alone then.
        let saved = try #require(records.first { $0.value == notarization.encoded() })
        let commit = try #require(effects.commits.first)
        #expect(commit.records.contains { $0.key == saved.key && $0.value == nil })
    }

    @Test func `one write covers all votes of a step`() throws {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        bench.receive(bench.propose(entry), from: 0)
        bench.receive(.notarize, in: 1, for: entry.proposal.id, from: [1, 2])
        let effects = bench.step(.executed(entry.proposal.id, .valid))
        let writes = effects.filter { if case .persist = $0 { true } else { false } }
        #expect(writes.count == 1)
    }

    @Test func `a leader's proposal is durable before it is sent`() throws {
        var bench = try Bench.started(own: 0)
        let request = try #require(bench.step(.workAvailable(true)).builds.first)
        let body = BlockBody(digest: SHA256.hash([1]), payload: [1])
        let effects = bench.step(.built(request, body))
        let entry = try #require(effects.proposals.first)
        guard case .persist(let records) = effects.first else {
            Issue.record("expected records first")
            return
        }
        #expect(records.count == 2)
        #expect(records.contains { $0.value == entry.encoded() })
    }

    @Test func `I4: after a crash a leader sends the same proposal and signature`() throws {
        var bench = try Bench.started(own: 0)
        let request = try #require(bench.step(.workAvailable(true)).builds.first)
        let body = BlockBody(digest: SHA256.hash([1]), payload: [1])
        let before = try #require(bench.step(.built(request, body)).messages.first)
        var restarted = try bench.restarted()
        let effects = restarted.step(.start)
        let again = try #require(effects.messages.last)
        #expect(again.message == before.message)
        #expect(restarted.step(.workAvailable(true)).builds.isEmpty)
    }

    @Test func `own votes count again after a restart, and are not signed again`() throws {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        bench.accept(entry)
        var restarted = try bench.restarted()
        let effects = restarted.step(.start)
        #expect(effects.records.isEmpty)
        #expect(effects.executions.map(\.id) == [entry.proposal.id])
        restarted.step(.executed(entry.proposal.id, .valid))
        let finished = restarted.receive(.notarize, in: 1, for: entry.proposal.id, from: [0, 1])
        #expect(restarted.replica.view == 2)
        #expect(finished.kinds(in: 1) == [.finalize])
    }

    @Test func `own votes are sent again to each member whose link comes up`() throws {
        var bench = try Bench.started()
        bench.accept(bench.entry(view: 1))
        var restarted = try bench.restarted()
        restarted.step(.start)
        for member in 0..<3 {
            let messages = restarted.step(.connected(member)).messages
            #expect(messages.allSatisfy { $0.to == member })
            guard case .bundle(let bundle) = messages.last?.message else {
                Issue.record("expected a bundle")
                return
            }
            #expect(
                bundle.votes == [
                    bench.vote(.notarize, in: 1, for: bench.entry(view: 1).proposal.id, by: 3)
                ]
            )
        }
    }

    @Test func `a finalize vote survives with the certificate that leads out of its view`() throws {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        bench.accept(entry)
        bench.receive(.notarize, in: 1, for: entry.proposal.id, from: [0, 1])
        #expect(bench.replica.view == 2)
        var restarted = try bench.restarted()
        restarted.step(.start)
        #expect(restarted.replica.view == 2)
    }

    @Test func `a commit carries the tip and deletes what it replaces, in one transaction`() throws
    {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        bench.accept(entry)
        let effects = bench.receive(.finalize, in: 1, for: entry.proposal.id, from: [0, 1, 2])
        let commit = try #require(effects.commits.first)
        #expect(commit.tip.block.height == 1)
        #expect(commit.proposals.map(\.entry.proposal) == [entry.proposal])
        #expect(commit.proposals.last?.entry.finalization != nil)
        #expect(commit.records.contains { $0.value == commit.tip.encoded() })
        #expect(bench.disk.values.count { _ in true } == 1, "only the tip is left")
        var restarted = try bench.restarted()
        restarted.step(.start)
        #expect(restarted.replica.finalized == commit.tip)
        #expect(restarted.replica.view == 2)
    }

    @Test func `a record that cannot be read is refused by name`() throws {
        var bench = try Bench.started()
        bench.accept(bench.entry(view: 1))
        for (key, value) in bench.disk {
            var damaged = value
            damaged[damaged.count / 2] ^= 0xFF
            damaged.removeLast()
            #expect(throws: RestoreError.self) {
                try Bench(restoring: [DurableRecord(key: key, value: damaged)])
            }
        }
        #expect(throws: RestoreError.self) {
            try Bench(restoring: [DurableRecord(key: Array("what".utf8), value: [0])])
        }
    }

    @Test func `a record under another record's key is refused`() throws {
        var bench = try Bench.started()
        bench.accept(bench.entry(view: 1))
        let key = try #require(bench.disk.keys.first { $0.starts(with: Array("vote/".utf8)) })
        let other = bench.vote(.notarize, in: 9, for: SHA256.hash([9]), by: 3)
        #expect(throws: RestoreError.self) {
            try Bench(restoring: [DurableRecord(key: key, value: other.encoded())])
        }
    }
}
