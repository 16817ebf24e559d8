import Consensus
import QuotaCrypto
import Testing
import Votes

/// Section 2.9: a member that lost its votes votes again only where it cannot have voted before.
struct RecoveryTests {
    private let nonce: UInt64 = 77

    /// Member 3 of four, with an empty disk.
    private func recovering() throws -> Bench {
        var bench = try Bench(restoring: DurableRecord.recovering(nonce: nonce))
        let effects = bench.step(.start)
        #expect(effects.messages.contains { $0.to == nil && $0.message == .recover(nonce: nonce) })
        return bench
    }

    private func standing(_ view: UInt64, in bench: Bench, nonce: UInt64? = nil) -> Message {
        let certificate = view > 1 ? bench.certificate(.nullify, in: view - 1) : nil
        return .standing(
            Standing(epoch: 1, nonce: nonce ?? self.nonce, view: view, certificate: certificate)
        )
    }

    @Test func `until a quorum of others answers it casts no vote of any kind`() throws {
        var bench = try recovering()
        #expect(bench.replica.isRecovering)
        bench.step(.workAvailable(true))
        let entry = bench.entry(view: 1)
        #expect(bench.accept(entry).votes.isEmpty)
        #expect(bench.receive(.nullify, in: 1, from: [0, 1]).votes.isEmpty)
        bench.receive(standing(5, in: bench), from: 0)
        #expect(bench.receive(standing(4, in: bench), from: 1).votes.isEmpty)
        #expect(bench.replica.isRecovering)
    }

    @Test func `it votes from two views above the highest proven one on`() throws {
        var bench = try recovering()
        bench.receive(standing(5, in: bench), from: 0)
        bench.receive(standing(4, in: bench), from: 1)
        let effects = bench.receive(standing(5, in: bench), from: 2)
        #expect(!bench.replica.isRecovering)
        #expect(bench.replica.abstainUpTo == 6)
        #expect(bench.replica.view == 5)
        #expect(effects.records.contains { $0.value == nil }, "the question is answered")
        for view in UInt64(5)...6 {
            let nullifies = bench.receive(.nullify, in: view, from: [0, 1])
            #expect(nullifies.votes.isEmpty, "view \(view)")
            bench.receive(.nullify, in: view, from: [2])
        }
        #expect(bench.replica.view == 7)
        #expect(bench.receive(.nullify, in: 7, from: [0, 1]).kinds(in: 7) == [.nullify])
    }

    @Test func `what it concluded survives a crash`() throws {
        var bench = try recovering()
        for member in 0..<3 { bench.receive(standing(3, in: bench), from: member) }
        var restarted = try bench.restarted()
        restarted.step(.start)
        #expect(!restarted.replica.isRecovering)
        #expect(restarted.replica.abstainUpTo == 4)
    }

    @Test func `the way past the abstention survives a crash`() throws {
        var bench = try recovering()
        for member in 0..<3 { bench.receive(standing(3, in: bench), from: member) }
        for view in UInt64(3)...4 { bench.receive(.nullify, in: view, from: [0, 1, 2]) }
        #expect(bench.replica.view == 5)
        var restarted = try bench.restarted()
        restarted.step(.start)
        #expect(restarted.replica.view == 5)
    }

    @Test func `only proven answers to this question count`() throws {
        var bench = try recovering()
        let unproven = Message.standing(Standing(epoch: 1, nonce: nonce, view: 9, certificate: nil))
        #expect(bench.receive(unproven, from: 0).rejections == [.badStanding(view: 9)])
        let other = Message.standing(
            Standing(
                epoch: 1,
                nonce: nonce,
                view: 9,
                certificate: bench.certificate(.nullify, in: 7)
            )
        )
        #expect(bench.receive(other, from: 0).rejections == [.badStanding(view: 9)])
        let forged = Message.standing(
            Standing(
                epoch: 1,
                nonce: nonce,
                view: 9,
                certificate: bench.certificate(.nullify, in: 8, by: [0, 1])
            )
        )
        #expect(
            bench.receive(forged, from: 0).rejections == [.badCertificate(.nullify, view: 8)]
        )
        for member in 0..<3 {
            bench.receive(standing(2, in: bench, nonce: nonce + 1), from: member)
        }
        #expect(bench.replica.isRecovering)
        for _ in 0..<3 { bench.receive(standing(2, in: bench), from: 0) }
        #expect(bench.replica.isRecovering, "one member is not a quorum")
    }

    @Test func `a member answers from its view, with the proof, and at a pace`() throws {
        var bench = try Bench.started(own: 1)
        bench.receive(.nullify, in: 1, from: [0, 2, 3])
        let first = bench.receive(.recover(nonce: 5), from: 3).messages
        guard case .standing(let standing) = first.last?.message, first.last?.to == 3 else {
            Issue.record("expected an answer")
            return
        }
        #expect(standing.nonce == 5)
        #expect(standing.view == 2)
        #expect(standing.certificate?.kind == .nullify)
        #expect(bench.receive(.recover(nonce: 5), from: 3).messages.isEmpty)
        let later = bench.step(.message(from: 3, .recover(nonce: 6)), after: 1_000)
        #expect(later.messages.count == 1)
    }

    @Test func `who recovers or abstains does not answer`() throws {
        var bench = try recovering()
        #expect(bench.receive(.recover(nonce: 5), from: 0).messages.isEmpty)
        for member in 0..<3 { bench.receive(standing(3, in: bench), from: member) }
        #expect(bench.receive(.recover(nonce: 5), from: 0).messages.isEmpty)
    }

    @Test func `an idle cluster walks on for a member that abstains, once an hour`() throws {
        var bench = try Bench.started(own: 1)
        let asks = Message.status(
            Status(epoch: 1, view: 1, finalizedView: 0, height: 0, abstainUpTo: 2)
        )
        #expect(!bench.replica.hasWork)
        let effects = bench.receive(asks, from: 3)
        #expect(bench.replica.hasWork)
        #expect(effects.timers[.view(1)] == 1_000)
        #expect(bench.step(.timer(.view(1)), after: 1_000).kinds(in: 1) == [.nullify])
        bench.receive(.nullify, in: 1, from: [0, 2])
        #expect(bench.replica.view == 2)
        bench.receive(.nullify, in: 2, from: [0, 2, 3])
        #expect(bench.replica.view == 3)
        let again = Message.status(
            Status(epoch: 1, view: 3, finalizedView: 0, height: 0, abstainUpTo: 4)
        )
        bench.receive(again, from: 3)
        bench.step(.timer(.standstill))
        #expect(bench.receive(.status(bench.replica.status), from: 0).timers[.view(3)] == nil)
    }

    @Test func `far claims of abstention move nobody`() throws {
        var bench = try Bench.started(own: 1)
        for abstainUpTo in [UInt64(4), 1_000, Limits.viewMax] {
            bench.receive(
                .status(
                    Status(
                        epoch: 1,
                        view: 1,
                        finalizedView: 0,
                        height: 0,
                        abstainUpTo: abstainUpTo
                    )
                ),
                from: 3
            )
            #expect(!bench.replica.hasWork)
        }
    }

    @Test func `votes go, and what is final and who is guilty stays`() throws {
        var bench = try Bench.started()
        let entry = bench.entry(view: 1)
        bench.accept(entry)
        bench.receive(.finalize, in: 1, for: entry.proposal.id, from: [0, 1, 2])
        bench.receive(bench.propose(bench.entry(view: 2, on: entry, block: "next")), from: 1)
        bench.receive(.vote(bench.vote(.nullify, in: 2, by: 0)), from: 0)
        bench.receive(.vote(bench.vote(.finalize, in: 2, for: entry.proposal.id, by: 0)), from: 0)
        let records = bench.disk.map { DurableRecord(key: $0.key, value: $0.value) }
        let kept = DurableRecord.recovering(from: records, nonce: 1)
        let after = try Bench(restoring: kept)
        #expect(after.replica.finalized == bench.replica.finalized)
        #expect(after.replica.evidence == bench.replica.evidence)
        #expect(after.replica.evidence.count == 1)
        #expect(after.replica.isRecovering)
    }
}
