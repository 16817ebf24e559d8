import Consensus
import QuotaCrypto
import Testing
import Votes

/// I6 where nobody votes: an epoch that ended in two ways, and halves of a fork at rest.
struct SealForkTests {
    /// A proposal with its finalization, as the store of a node holds it.
    private func final(_ entry: ProposalEntry, in bench: Bench) -> ProposalEntry {
        ProposalEntry(
            proposal: entry.proposal,
            justification: entry.justification,
            payload: entry.payload,
            finalization: bench.certificate(
                .finalize,
                in: entry.proposal.view,
                for: entry.proposal.id
            )
        )
    }

    /// A node that made a chain final and, where it is to, went over to the next epoch.
    private func node(final chain: [ProposalEntry], isOver: Bool = true) throws -> Bench {
        var bench = try Bench.started()
        for entry in chain {
            bench.accept(entry)
            let proposal = entry.proposal
            bench.receive(.notarize, in: proposal.view, for: proposal.id, from: [0, 1, 2])
        }
        let last = try #require(chain.last?.proposal)
        bench.receive(.finalize, in: last.view, for: last.id, from: [0, 1, 2])
        #expect(bench.replica.finalized.view == last.view)
        if isOver { bench.succeed() }
        return bench
    }

    /// Answers what the replica wants to know of its own chain.
    private func answer(
        _ effects: [Effect],
        with chain: [ProposalEntry],
        in bench: inout Bench
    ) throws -> [Effect] {
        let request = try #require(effects.loads.first)
        #expect(request.peer == nil)
        guard case .finalized(1, let floor) = request.key else {
            Issue.record("asks for \(request.key)")
            return []
        }
        let entries = chain.filter { $0.proposal.view > floor }.map { final($0, in: bench) }
        return bench.step(.loaded(request, entries))
    }

    /// A finalization as whoever stopped at a fork tells it.
    private func told(_ entry: ProposalEntry, in bench: Bench) -> Message {
        let certificate = bench.certificate(
            .finalize,
            in: entry.proposal.view,
            for: entry.proposal.id
        )
        return .bundle(Bundle(certificates: [certificate], votes: []))
    }

    /// Whether a finalization of a proposal is among messages, by whatever quorum.
    private func isShown(_ entry: ProposalEntry, in messages: [Message]) -> Bool {
        messages.contains {
            guard case .certificate(let certificate) = $0 else { return false }
            return certificate.kind == .finalize && certificate.proposal == entry.proposal.id
        }
    }

    private func finality(of entry: ProposalEntry, in bench: Bench) -> Message {
        .certificate(bench.certificate(.finalize, in: entry.proposal.view, for: entry.proposal.id))
    }

    @Test func `an end in the same view stops who saw another, and convicts who signed both`()
        throws
    {
        let bench = try Bench()
        let (own, other) = (bench.entry(view: 1, block: "a"), bench.entry(view: 1, block: "b"))
        var node = try node(final: [own])
        let asked = node.receive(finality(of: other, in: node), from: 0)
        #expect(asked.alarms.isEmpty)
        let effects = try answer(asked, with: [own], in: &node)
        #expect(effects.evidence.map(\.member) == [0, 1, 2])
        #expect(effects.evidence.allSatisfy { $0.offence == .doubleFinalize })
        guard case .conflictingFinality(let held, let found)? = effects.alarms.first else {
            Issue.record("no alarm")
            return
        }
        #expect([held?.proposal, found.proposal] == [own.proposal.id, other.proposal.id])
        // Both are told to everybody, and kept.
        #expect(isShown(other, in: effects.messages.map(\.message)))
        #expect(isShown(own, in: effects.messages.map(\.message)))
        let restarted = try Replica(
            configuration: node.nextEpoch(),
            signer: nil,
            verifier: Ed25519VoteVerifier(keys: node.keys.map(\.publicKey)),
            restoring: node.disk.map { DurableRecord(key: $0.key, value: $0.value) }
        )
        #expect(restarted.isHalted)
        #expect(restarted.evidence.map(\.member).sorted() == [0, 1, 2])
    }

    @Test func `an end in a later view is asked for, and its justification convicts`() throws {
        let bench = try Bench()
        let own = bench.entry(view: 1, block: "a")
        let other = bench.entry(view: 2, block: "b", nullified: [1])
        var node = try node(final: [own])
        // Who shows it sees this node's own in turn.
        #expect(node.receive(finality(of: other, in: node), from: 0).isEmpty)
        let asked = node.receive(told(other, in: node), from: 0)
        #expect(asked.messages.map(\.message) == [.fetch(other.proposal.id)])
        #expect(asked.loads.isEmpty)
        let answer = Message.proposals(.proposal(other.proposal.id), [other])
        // Whoever was not asked answers nothing.
        #expect(node.receive(answer, from: 1).alarms.isEmpty)
        let effects = node.receive(answer, from: 0)
        #expect(effects.alarms.count == 1)
        // This node's own finalization is by 0, 1 and itself.
        #expect(effects.evidence.map(\.member) == [0, 1])
        #expect(effects.evidence.allSatisfy { $0.offence == .nullifyAndFinalize })
    }

    @Test func `an end in a view that was given up convicts who did`() throws {
        let bench = try Bench()
        let own = bench.entry(view: 2, block: "a", nullified: [1])
        let other = bench.entry(view: 1, block: "b")
        var node = try node(final: [own])
        let asked = node.receive(finality(of: other, in: node), from: 0)
        let effects = try answer(asked, with: [own], in: &node)
        #expect(effects.alarms.count == 1)
        #expect(effects.evidence.allSatisfy { $0.offence == .nullifyAndFinalize })
        #expect(effects.evidence.map(\.member) == [0, 1, 2])
    }

    @Test func `an echo of the same seal, or what the own chain holds, is no fork`() throws {
        let bench = try Bench()
        let first = bench.entry(view: 1, block: "first")
        let seal = bench.entry(view: 2, on: first, block: "seal")
        let echo = bench.entry(view: 3, on: seal, block: nil)
        var node = try node(final: [first, seal])
        node.receive(told(echo, in: node), from: 0)
        let answered = node.receive(.proposals(.proposal(echo.proposal.id), [echo]), from: 0)
        #expect(answered.alarms.isEmpty)
        // It is judged once.
        node.now += 2_000
        #expect(node.receive(told(echo, in: node), from: 0).isEmpty)
        let asked = node.receive(finality(of: first, in: node), from: 0)
        #expect(try answer(asked, with: [first, seal], in: &node).alarms.isEmpty)
        // A store that does not hold the epoch cannot say.
        let other = bench.entry(view: 1, block: "other")
        node.now += 2_000
        let unknown = node.receive(finality(of: other, in: node), from: 0)
        #expect(try answer(unknown, with: [], in: &node).alarms.isEmpty)
    }

    @Test func `while the own chain is read, an earlier block from another is no fork`() throws {
        let bench = try Bench()
        let first = bench.entry(view: 1, block: "first")
        let seal = bench.entry(view: 2, on: first, block: "seal")
        var node = try node(final: [first, seal])
        let asked = node.receive(finality(of: first, in: node), from: 0)
        let sent = node.receive(.proposals(.proposal(first.proposal.id), [first]), from: 0)
        #expect(sent.alarms.isEmpty)
        #expect(try answer(asked, with: [first, seal], in: &node).alarms.isEmpty)
    }

    @Test func `a made-up end is refused, one a second is looked at`() throws {
        let bench = try Bench()
        let (own, other) = (bench.entry(view: 1, block: "a"), bench.entry(view: 1, block: "b"))
        var node = try node(final: [own])
        var bad = node.certificate(.finalize, in: 1, for: other.proposal.id)
        bad = Certificate(
            epoch: 1,
            kind: .finalize,
            view: 1,
            proposal: other.proposal.id,
            signatures: bad.signatures.map {
                .init(member: $0.member, bytes: bad.signatures[0].bytes)
            }
        )
        #expect(
            node.receive(.certificate(bad), from: 0).rejections
                == [.badCertificate(.finalize, view: 1)]
        )
        #expect(node.receive(finality(of: other, in: node), from: 0).isEmpty)
        #expect(!node.receive(finality(of: other, in: node), from: 1).loads.isEmpty)
    }

    @Test func `what ended the epoch is shown to each in turn, and to who comes back`() throws {
        let bench = try Bench()
        let own = bench.entry(view: 1, block: "a")
        var node = try node(final: [own])
        // Who may be in the epoch before is handed its end when it says so.
        #expect(node.step(.timer(.status), after: 10_000).messages.count == 1)
        for member in 0..<3 { node.receive(.status(node.replica.status), from: member) }
        let shown = (0..<3).flatMap { _ in node.step(.timer(.status), after: 10_000).messages }
        let receivers = shown.filter { isShown(own, in: [$0.message]) }.compactMap(\.to)
        #expect(receivers.sorted() == [0, 1, 2])
        #expect(isShown(own, in: node.step(.connected(1)).messages.map(\.message)))
    }

    @Test func `two halves of a fork find each other at rest`() throws {
        let bench = try Bench()
        let (left, right) = (bench.entry(view: 1, block: "a"), bench.entry(view: 1, block: "b"))
        var nodes = [
            try node(final: [left], isOver: false), try node(final: [right], isOver: false),
        ]
        // Each says that it stands where the other does.
        for index in nodes.indices {
            let status = nodes[1 - index].replica.status
            #expect(nodes[index].receive(.status(status), from: 1).messages.isEmpty)
        }
        let shown = (0..<3).flatMap { _ in nodes[0].step(.timer(.status), after: 10_000).messages }
        let messages = shown.filter { $0.to == 1 }.map(\.message)
        #expect(messages.count == 1)
        #expect(isShown(left, in: messages))
        let stopped = messages.flatMap { nodes[1].receive($0, from: 1) }
        #expect(stopped.alarms.count == 1)
        let effects = try answer(stopped, with: [right], in: &nodes[1])
        #expect(effects.evidence.map(\.member) == [0, 1])
    }

    @Test func `a proposal on another end is nobody's fault, and final it is a fork`() throws {
        let bench = try Bench()
        let own = bench.entry(view: 1, block: "a")
        var node = try node(final: [own])
        let payload = Array("first".utf8)
        let proposal = Proposal(
            chainID: Bench.chainID,
            epoch: 2,
            view: 1,
            parentView: 0,
            parent: SHA256.hash(Array("b".utf8)),
            block: SHA256.hash(payload)
        )
        func sign(_ kind: VoteKind, _ member: Int) -> Vote {
            bench.vote(kind, in: 1, for: proposal.id, by: member, epoch: 2)
        }
        let entry = ProposalEntry(
            proposal: proposal,
            justification: Justification(parent: nil, nullifications: []),
            payload: payload
        )
        let effects = node.receive(.propose(entry, sign(.notarize, 0)), from: 0)
        #expect(effects.rejections.isEmpty)
        #expect(effects.votes.map(\.kind) == [.nullify])
        let alarms = (0..<3).flatMap { node.receive(.vote(sign(.finalize, $0)), from: $0).alarms }
        guard case .conflictingFinality(let held, let found)? = alarms.first else {
            Issue.record("no alarm")
            return
        }
        #expect(held?.proposal == own.proposal.id)
        #expect(found.proposal == proposal.id)
    }
}
