import Consensus
import QuotaCrypto
import Testing
import Votes

/// Section 2.7 and `fetch` of 2.5: what is missing is asked for until it is there.
struct CatchUpTests {
    /// A chain of notarized proposals in views 1, 2, 3 and so on.
    private func chain(_ bench: Bench, count: UInt64) -> [ProposalEntry] {
        (1...count).reduce(into: []) { chain, view in
            let entry = bench.entry(view: view, on: chain.last, block: "block \(view)")
            chain.append(
                ProposalEntry(
                    proposal: entry.proposal,
                    justification: entry.justification,
                    payload: entry.payload,
                    finalization: bench.certificate(.finalize, in: view, for: entry.proposal.id)
                )
            )
        }
    }

    private func fetches(_ effects: [Effect]) -> [Message] {
        effects.messages.map(\.message).filter {
            switch $0 {
            case .fetch, .fetchFinalized: true
            default: false
            }
        }
    }

    @Test func `a notarized proposal that did not come is fetched, also without work`() throws {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        let notarization = bench.certificate(.notarize, in: 1, for: entry.proposal.id)
        bench.receive(.certificate(notarization), from: 0)
        bench.step(.workAvailable(false))
        let effects = bench.step(.timer(.fetch), after: 100)
        #expect(fetches(effects) == [.fetch(entry.proposal.id)])
        let answer = Message.proposals(.proposal(entry.proposal.id), [entry])
        #expect(bench.receive(answer, from: 2).executions.map(\.id) == [entry.proposal.id])
    }

    @Test func `one request is in flight per proposal, and the next comes later each time`() throws
    {
        var bench = try Bench.started()
        let id = SHA256.hash([1])
        bench.receive(.certificate(bench.certificate(.notarize, in: 1, for: id)), from: 0)
        var delay = try #require(
            bench.step(.workAvailable(true)).timers[.fetch] ?? Optional(100)
        )
        var pauses: [UInt64] = []
        for _ in 0..<9 {
            let effects = bench.step(.timer(.fetch), after: delay)
            #expect(fetches(effects).count == 1)
            bench.receive(.certificate(bench.certificate(.notarize, in: 1, for: id)), from: 1)
            delay = try #require(effects.timers[.fetch])
            pauses.append(delay)
        }
        #expect(
            pauses == [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]
        )
    }

    @Test func `a leader's vote without its proposal is a reason to ask the leader`() throws {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        bench.receive(.notarize, in: 1, for: entry.proposal.id, from: [0])
        let asked = bench.step(.timer(.fetch), after: 100).messages.first
        #expect(asked?.to == 0)
        #expect(asked?.message == .fetch(entry.proposal.id))
    }

    @Test func `votes of f + 1 members for an unknown proposal are a reason to ask`() throws {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        bench.receive(.notarize, in: 1, for: entry.proposal.id, from: [1])
        #expect(fetches(bench.step(.timer(.fetch), after: 100)).isEmpty)
        bench.receive(.notarize, in: 1, for: entry.proposal.id, from: [2])
        #expect(fetches(bench.step(.timer(.fetch), after: 100)).count == 1)
    }

    @Test func `a node that was away asks for ranges and commits them in order`() throws {
        var bench = try Bench.started()
        let chain = chain(bench, count: 30)
        let target = try #require(chain.last?.finalization)
        bench.receive(.certificate(target), from: 0)
        #expect(bench.replica.view == 31)
        var heights: [UInt64] = []
        var after: UInt64 = 0
        while bench.replica.finalized.view < 30 {
            let effects = bench.step(.timer(.fetch), after: 1)
            #expect(fetches(effects) == [.fetchFinalized(epoch: 1, after: after)])
            let part = Array(chain[Int(after)..<min(Int(after) + 12, 30)])
            var pending = bench.receive(
                .proposals(.finalized(epoch: 1, after: after), part),
                from: 1
            )
            while let request = pending.executions.first {
                heights += pending.commits.map(\.tip.block.height)
                pending = bench.step(.executed(request.id, .valid))
            }
            heights += pending.commits.map(\.tip.block.height)
            after = part.last?.proposal.view ?? 0
            #expect(bench.replica.finalized.view == after)
        }
        #expect(heights == heights.sorted())
        #expect(bench.replica.finalized.block.height == 30)
        #expect(bench.disk.count == 1, "old views get no votes")
        #expect(fetches(bench.step(.timer(.fetch), after: 60_000)).isEmpty)
    }

    @Test func `a chain without certificates of its own is committed by the last one`() throws {
        var bench = try Bench.started()
        let chain = chain(bench, count: 5).map {
            ProposalEntry(
                proposal: $0.proposal,
                justification: $0.justification,
                payload: $0.payload
            )
        }
        let last = try #require(chain.last)
        bench.receive(
            .certificate(bench.certificate(.finalize, in: 5, for: last.proposal.id)),
            from: 0
        )
        bench.step(.timer(.fetch), after: 1)
        var effects = bench.receive(.proposals(.finalized(epoch: 1, after: 0), chain), from: 1)
        while let request = effects.executions.first {
            #expect(effects.commits.isEmpty)
            effects = bench.step(.executed(request.id, .valid))
        }
        #expect(effects.commits.map(\.proposals.count) == [5])
    }

    @Test func `an answer with something else names its sender`() throws {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        let other = bench.entry(view: 1, block: "other")
        let notarization = bench.certificate(.notarize, in: 1, for: entry.proposal.id)
        bench.receive(.certificate(notarization), from: 0)
        let answer = Message.proposals(.proposal(entry.proposal.id), [other])
        #expect(bench.receive(answer, from: 2).rejections == [.unrequested])
    }

    @Test func `an answer that nobody waits for is ignored`() throws {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        let answer = Message.proposals(.proposal(entry.proposal.id), [entry])
        #expect(bench.receive(answer, from: 2).isEmpty)
    }

    @Test func `an empty answer brings the question to another member soon`() throws {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        let notarization = bench.certificate(.notarize, in: 1, for: entry.proposal.id)
        bench.receive(.certificate(notarization), from: 0)
        bench.step(.timer(.fetch), after: 100)
        let effects = bench.receive(.proposals(.proposal(entry.proposal.id), []), from: 2)
        #expect(effects.timers[.fetch] == 100)
    }

    @Test func `a question is answered from memory above the last final view`() throws {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        bench.accept(entry)
        let answer = bench.receive(.fetch(entry.proposal.id), from: 2).messages.first
        #expect(answer?.to == 2)
        #expect(answer?.message == .proposals(.proposal(entry.proposal.id), [entry]))
    }

    @Test func `a question below is answered from the driver's store, a few at a time`() throws {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        bench.accept(entry)
        bench.receive(.finalize, in: 1, for: entry.proposal.id, from: [0, 1, 2])
        let request = LoadRequest(peer: 2, key: .finalized(epoch: 1, after: 0), bytesMax: 1 << 20)
        #expect(bench.receive(.fetchFinalized(epoch: 1, after: 0), from: 2).loads == [request])
        for _ in 0..<3 { bench.receive(.fetchFinalized(epoch: 1, after: 0), from: 2) }
        #expect(bench.receive(.fetchFinalized(epoch: 1, after: 0), from: 2).loads.isEmpty)
        let answer = bench.step(.loaded(request, [entry])).messages.first
        #expect(answer?.to == 2)
        #expect(answer?.message == .proposals(.finalized(epoch: 1, after: 0), [entry]))
        #expect(bench.receive(.fetchFinalized(epoch: 1, after: 0), from: 2).loads.count == 1)
    }

    @Test func `a member that is behind gets a bundle, at most one a second`() throws {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        bench.accept(entry)
        bench.receive(.finalize, in: 1, for: entry.proposal.id, from: [0, 1, 2])
        let behind = Message.status(Status(epoch: 1, view: 1, finalizedView: 0, height: 0))
        let bundle = bench.receive(behind, from: 2).messages.first
        #expect(bundle?.to == 2)
        guard case .bundle(let content) = bundle?.message else {
            Issue.record("expected a bundle")
            return
        }
        #expect(content.certificates.map(\.kind) == [.finalize])
        #expect(bench.receive(behind, from: 2).isEmpty)
        bench.now += 1_000
        #expect(bench.receive(behind, from: 2).messages.count == 1)
        let level = Message.status(Status(epoch: 1, view: 2, finalizedView: 1, height: 1))
        bench.now += 1_000
        #expect(bench.receive(level, from: 2).isEmpty)
    }

    /// Questions for a proposal that nobody has, over ten minutes without work.
    private func questions(_ bench: inout Bench) -> Int {
        (0..<10).reduce(0) { count, _ in
            count + bench.step(.timer(.fetch), after: 60_000).messages.count
        }
    }

    @Test func `without work what only a vote names is not asked for without end`()
        throws
    {
        let lost = SHA256.hash([1])
        var bench = try Bench.started()
        bench.receive(.notarize, in: 1, for: lost, from: [0])
        #expect(questions(&bench) == 4)
        bench.receive(.certificate(bench.certificate(.finalize, in: 1, for: lost)), from: 0)
        #expect(questions(&bench) == 10)
    }
}
