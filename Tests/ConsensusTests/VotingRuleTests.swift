import Consensus
import QuotaCrypto
import Testing
import Votes

/// Rules I1 to I6 of section 2.3, and the handlers that keep them.
struct VotingRuleTests {
    @Test func `I1: the second proposal of a leader gets no notarize vote`() throws {
        var bench = try Bench.started()
        #expect(bench.accept(bench.entry(view: 1, block: "a")).kinds(in: 1) == [.notarize])
        #expect(bench.accept(bench.entry(view: 1, block: "b")).kinds(in: 1) == [])
    }

    @Test func `I2: a nullified view is not finalized`() throws {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        bench.step(.workAvailable(true))
        #expect(bench.step(.timer(.view(1)), after: 1_000).kinds(in: 1) == [.nullify])
        #expect(bench.accept(entry).kinds(in: 1) == [.notarize])
        let effects = bench.receive(.notarize, in: 1, for: entry.proposal.id, from: [1, 2])
        #expect(bench.replica.view == 2)
        #expect(effects.kinds(in: 1) == [])
    }

    @Test func `I2: a finalized view is not nullified`() throws {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        bench.accept(entry)
        let effects = bench.receive(.notarize, in: 1, for: entry.proposal.id, from: [1, 2])
        #expect(effects.kinds(in: 1) == [.finalize])
        #expect(bench.step(.timer(.view(1)), after: 5_000).votes.isEmpty)
        #expect(bench.receive(.nullify, in: 1, from: [0, 1]).kinds(in: 1) == [])
    }

    @Test func `I3: a notarization of what this node did not notarize gets no finalize vote`()
        throws
    {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        let effects = bench.receive(.notarize, in: 1, for: entry.proposal.id, from: [0, 1, 2])
        #expect(bench.replica.view == 2)
        #expect(effects.votes.isEmpty)
    }

    @Test func `a late block is notarized in its older view and finalized`() throws {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        bench.receive(bench.propose(entry), from: 0)
        bench.receive(.notarize, in: 1, for: entry.proposal.id, from: [1, 2])
        #expect(bench.replica.view == 2)
        let effects = bench.step(.executed(entry.proposal.id, .valid))
        #expect(effects.kinds(in: 1) == [.notarize, .finalize])
    }

    @Test func `I5: a proposal that skips a view without its nullification is refused`() throws {
        var bench = try Bench.started()
        let effects = bench.receive(bench.propose(bench.entry(view: 2)), from: 1)
        #expect(effects.rejections == [.badProposal(view: 2)])
        #expect(effects.executions.isEmpty)
    }

    @Test func `I5: a skip proof with a forged signature names its sender`() throws {
        var bench = try Bench.started()
        let good = bench.entry(view: 2, nullified: [1])
        let forged = Certificate(
            epoch: 1,
            kind: .nullify,
            view: 1,
            proposal: .zero,
            signatures: [0, 1, 2].map {
                Certificate.Signature(member: $0, bytes: [UInt8](repeating: 7, count: 64))
            }
        )
        let entry = ProposalEntry(
            proposal: good.proposal,
            justification: Justification(parent: nil, nullifications: [forged]),
            payload: good.payload
        )
        let effects = bench.receive(bench.propose(entry), from: 1)
        #expect(effects.rejections == [.badCertificate(.nullify, view: 1)])
        #expect(bench.replica.view == 1)
        #expect(bench.receive(bench.propose(good), from: 1).executions.count == 1)
        #expect(bench.replica.view == 2)
    }

    @Test func `I5: an invalid block is given up at once`() throws {
        var bench = try Bench.started()
        let effects = bench.accept(bench.entry(view: 1), outcome: .invalid)
        #expect(effects.kinds(in: 1) == [.nullify])
    }

    @Test func `I5: an untimely block gets no vote and can still become final`() throws {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        #expect(bench.accept(entry, outcome: .validButUntimely).kinds(in: 1) == [.nullify])
        let final = bench.certificate(.finalize, in: 1, for: entry.proposal.id)
        let effects = bench.receive(.certificate(final), from: 0)
        #expect(effects.commits.map(\.tip.block.height) == [1])
    }

    @Test func `bytes that are not the block name their sender and are asked for again`() throws {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        let effects = bench.accept(entry, outcome: .mismatched)
        #expect(effects.rejections == [.badBlock(view: 1)])
        let notarized = bench.certificate(.notarize, in: 1, for: entry.proposal.id)
        #expect(bench.receive(.certificate(notarized), from: 1).timers[.fetch] != nil)
    }

    /// A node that made a proposal of view 1 final, by this certificate.
    private func final() throws -> (bench: Bench, entry: ProposalEntry, first: Certificate) {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        bench.accept(entry)
        let first = bench.certificate(.finalize, in: 1, for: entry.proposal.id)
        bench.receive(.certificate(first), from: 0)
        return (bench, entry, first)
    }

    @Test func `I6: a second finalization of a final view halts for good`() throws {
        var (bench, entry, first) = try final()
        let other = bench.entry(view: 1, block: "other")
        let second = bench.certificate(.finalize, in: 1, for: other.proposal.id)
        let effects = bench.receive(.certificate(second), from: 0)
        #expect(effects.alarms == [.conflictingFinality(held: first, found: second)])
        #expect(bench.replica.isHalted)
        #expect(bench.accept(bench.entry(view: 2, on: entry)).votes.isEmpty)
        let restarted = try bench.restarted()
        #expect(restarted.replica.isHalted)
    }

    @Test func `I6: a finalization that skips a final view halts`() throws {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        bench.accept(entry)
        bench.receive(.finalize, in: 1, for: entry.proposal.id, from: [0, 1, 2])
        #expect(bench.replica.finalized.view == 1)
        let fork = bench.entry(view: 2, block: "fork", nullified: [1])
        bench.receive(bench.propose(fork), from: 1)
        let effects = bench.receive(.finalize, in: 2, for: fork.proposal.id, from: [0, 1, 2])
        #expect(effects.alarms.count == 1)
        #expect(bench.replica.finalized.view == 1)
    }

    /// A node whose last final proposal is of view 1, and one that is final elsewhere on another one.
    private func forked() throws -> (bench: Bench, first: Certificate, found: ProposalEntry) {
        let (bench, _, first) = try final()
        let other = bench.entry(view: 1, block: "other")
        return (bench, first, bench.entry(view: 2, on: other, block: "on the other"))
    }

    @Test func `I6: a final proposal on a fork halts as soon as it is fetched`() throws {
        var (bench, first, found) = try forked()
        let second = bench.certificate(.finalize, in: 2, for: found.proposal.id)
        #expect(bench.receive(.certificate(second), from: 0).alarms.isEmpty)
        bench.step(.timer(.fetch), after: 1_000)
        let answer = Message.proposals(.proposal(found.proposal.id), [found])
        let effects = bench.receive(answer, from: 1)
        #expect(effects.alarms == [.conflictingFinality(held: first, found: second)])
    }

    @Test func `I6: what stands on a fork is told as one, not as an invalid block`() throws {
        var (bench, first, found) = try forked()
        let last = bench.entry(view: 3, on: found, block: "above")
        bench.receive(bench.propose(found), from: 1)
        bench.receive(bench.propose(last), from: 2)
        let second = bench.certificate(.finalize, in: 3, for: last.proposal.id)
        let effects = bench.receive(.certificate(second), from: 0)
        #expect(effects.alarms == [.conflictingFinality(held: first, found: second)])
    }

    @Test func `I6: who stops at a fork shows it to everybody, also after a restart`() throws {
        var (bench, first, found) = try forked()
        bench.receive(bench.propose(found), from: 1)
        let second = bench.certificate(.finalize, in: 2, for: found.proposal.id)
        let told = bench.receive(.certificate(second), from: 0).messages
        #expect(told.map(\.message).contains(.certificate(first)))
        #expect(told.map(\.message).contains(.certificate(second)))
        var restarted = try bench.restarted()
        restarted.step(.start)
        let status = restarted.replica.status
        let bundles = restarted.receive(.status(status), from: 2).messages.compactMap { sent in
            if case .bundle(let bundle) = sent.message { bundle } else { nil }
        }
        #expect(bundles.first?.certificates.prefix(2) == [first, second])
        // Whoever is on the other side stops too.
        var other = try Bench.started(own: 2)
        other.accept(other.entry(view: 1, block: "other"))
        other.receive(
            .certificate(
                other.certificate(
                    .finalize,
                    in: 1,
                    for: other.entry(view: 1, block: "other").proposal.id
                )
            ),
            from: 0
        )
        #expect(other.receive(.bundle(bundles[0]), from: 3).alarms.count == 1)
    }

    @Test func `a final block that the state machine refuses raises an alarm`() throws {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        bench.accept(entry, outcome: .invalid)
        let effects = bench.receive(.finalize, in: 1, for: entry.proposal.id, from: [0, 1, 2])
        guard case .divergentExecution(view: 1, _, _) = effects.alarms.first else {
            Issue.record("expected an alarm, found \(effects.alarms)")
            return
        }
        #expect(bench.replica.isHalted)
        // For good, and a record that says nothing is not taken for one that says so.
        #expect(try bench.restarted().replica.isHalted)
        let empty = DurableRecord(key: Array("halt".utf8), value: [0x80])
        #expect(throws: RestoreError.self) { try Bench(restoring: [empty]) }
    }

    @Test func `a member that may not vote yet follows in silence`() throws {
        // Epoch 1, view 2.
        let abstain = DurableRecord(key: Array("abstain".utf8), value: [0x82, 0x01, 0x02])
        var bench = try Bench(restoring: [abstain])
        bench.step(.start)
        #expect(bench.replica.abstainUpTo == 2)
        let entry = bench.entry(view: 1)
        #expect(bench.accept(entry).votes.isEmpty)
        bench.step(.workAvailable(true))
        #expect(bench.step(.timer(.view(1)), after: 1_000).votes.isEmpty)
        let effects = bench.receive(.finalize, in: 1, for: entry.proposal.id, from: [0, 1, 2])
        #expect(effects.commits.count == 1)
        #expect(bench.accept(bench.entry(view: 2, on: entry, block: "2")).votes.isEmpty)
        bench.receive(.nullify, in: 2, from: [0, 1, 2])
        let third = bench.entry(view: 3, on: entry, block: "3", nullified: [2])
        #expect(bench.accept(third).kinds(in: 3) == [.notarize])
    }
}
