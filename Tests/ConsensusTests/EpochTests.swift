import Consensus
import QuotaCrypto
import Testing
import Votes

/// The end of an epoch and the beginning of the next.
struct EpochTests {
    /// A node that has made a block final in view 1, as its driver would see it.
    private func sealed(abstaining: [DurableRecord] = []) throws -> (Bench, ProposalEntry) {
        var bench = try Bench(restoring: abstaining)
        bench.step(.start)
        let entry = bench.entry(view: 1)
        bench.accept(entry)
        bench.receive(.notarize, in: 1, for: entry.proposal.id, from: [0, 1, 2])
        let effects = bench.receive(.finalize, in: 1, for: entry.proposal.id, from: [0, 1, 2])
        #expect(effects.commits.count == 1)
        return (bench, entry)
    }

    /// What the leader of view 1 of the next epoch proposes.
    private func first(of bench: Bench) -> (Proposal, Message) {
        let payload = Array("first".utf8)
        let proposal = Proposal(
            chainID: Bench.chainID,
            epoch: 2,
            view: 1,
            parentView: 0,
            parent: bench.replica.configuration.root.digest,
            block: SHA256.hash(payload)
        )
        let entry = ProposalEntry(
            proposal: proposal,
            justification: Justification(parent: nil, nullifications: []),
            payload: payload
        )
        return (proposal, .propose(entry, vote(.notarize, for: proposal.id, by: 0, of: bench)))
    }

    /// A vote in view 1 of the next epoch.
    private func vote(
        _ kind: VoteKind,
        for proposal: Digest,
        by member: Int,
        of bench: Bench
    ) -> Vote {
        Vote(
            chainID: Bench.chainID,
            epoch: 2,
            kind: kind,
            view: 1,
            proposal: proposal,
            member: member,
            signer: Ed25519VoteSigner(key: bench.keys[min(member, 3)])
        )
    }

    private func restored(_ bench: Bench, epoch: UInt64 = 2, root: BlockID? = nil) throws -> Replica
    {
        var configuration = bench.nextEpoch()
        if epoch != 2 || root != nil {
            configuration = Configuration(
                chainID: Bench.chainID,
                epoch: epoch,
                root: root ?? bench.replica.finalized.block,
                committee: configuration.committee,
                ownIndex: 3
            )
        }
        return try Replica(
            configuration: configuration,
            signer: Ed25519VoteSigner(key: bench.keys[3]),
            verifier: Ed25519VoteVerifier(keys: bench.keys.map(\.publicKey)),
            restoring: bench.disk.map { DurableRecord(key: $0.key, value: $0.value) }
        )
    }

    @Test func `views begin at 1 on the sealing block, and nothing of the old epoch is kept`()
        throws
    {
        var (bench, _) = try sealed()
        bench.receive(.nullify, in: 2, from: [0, 1])
        #expect(bench.disk.keys.contains { $0.starts(with: Array("vote/".utf8)) })
        let block = bench.replica.finalized.block
        let effects = bench.succeed()
        #expect(bench.replica.view == 1)
        #expect(bench.replica.finalized.block == block)
        #expect(bench.replica.finalized.view == 0)
        #expect(!bench.disk.keys.contains { $0.starts(with: Array("vote/".utf8)) })
        #expect(!bench.disk.keys.contains { $0.starts(with: Array("proposal/".utf8)) })
        #expect(effects.messages.contains { $0.message == .status(bench.replica.status) })
        #expect(bench.replica.status.epoch == 2)
        #expect(try restored(bench).finalized == bench.replica.finalized)
    }

    @Test func `a crash between the seal and the first record of the next epoch changes nothing`()
        throws
    {
        var (bench, _) = try sealed()
        bench.receive(.nullify, in: 2, from: [0, 1])
        var replica = try restored(bench)
        #expect(replica.view == 1)
        #expect(replica.finalized.block == bench.replica.finalized.block)
        let effects = replica.step(.start, now: 2_000)
        let deleted = effects.records.filter { $0.value == nil }.map(\.key)
        #expect(deleted.contains { $0.starts(with: Array("vote/".utf8)) })
    }

    @Test func `records of an epoch to come, or of another beginning, stop the start`() throws {
        var (bench, _) = try sealed()
        bench.succeed()
        let other = BlockID(height: 9, digest: .zero)
        #expect(throws: RestoreError.self) { try restored(bench, root: other) }
        let (first, _) = try sealed()
        #expect(throws: RestoreError.self) { try restored(first, root: other) }
    }

    @Test func `who lags by an epoch is led to its end`() throws {
        var (bench, entry) = try sealed()
        bench.succeed()
        let old = Status(epoch: 1, view: 1, finalizedView: 0, height: 0)
        let effects = bench.receive(.status(old), from: 1)
        let request = LoadRequest(peer: 1, key: .seal(epoch: 1), bytesMax: 1 << 20)
        #expect(effects.loads == [request])
        // Once a second and member.
        #expect(bench.receive(.status(old), from: 1).isEmpty)
        let certificate = bench.certificate(.finalize, in: 1, for: entry.proposal.id)
        let last = ProposalEntry(
            proposal: entry.proposal,
            justification: entry.justification,
            payload: entry.payload,
            finalization: certificate
        )
        let answer = bench.step(.loaded(request, [last])).messages
        #expect(answer.map(\.message) == [.certificate(certificate)])
    }

    @Test func `who hears of a later epoch asks by saying where it stands`() throws {
        var bench = try Bench.started()
        let later = Status(epoch: 3, view: 9, finalizedView: 8, height: 99)
        let effects = bench.receive(.status(later), from: 1)
        #expect(effects.messages.map(\.message) == [.status(bench.replica.status)])
        #expect(bench.receive(.status(later), from: 1).messages.isEmpty)
    }

    @Test func `votes of another epoch count for nothing and blame nobody`() throws {
        var (bench, entry) = try sealed()
        bench.succeed(observers: 2)
        for member in [0, 1, 2, 4, 5] {
            let vote = bench.vote(.notarize, in: 1, for: entry.proposal.id, by: 0)
            #expect(bench.receive(.vote(vote), from: member).isEmpty)
        }
        let standing = Standing(epoch: 1, nonce: 1, view: 1, certificate: nil)
        #expect(bench.receive(.standing(standing), from: 1).isEmpty)
    }

    @Test func `a follower reads on and says nothing`() throws {
        var (bench, _) = try sealed()
        bench.succeed(own: nil)
        bench.step(.workAvailable(true))
        #expect(bench.step(.timer(.view(1)), after: 5_000).votes.isEmpty)
    }

    @Test func `after a loss in the epoch before view 1 may be given up and not voted for`() throws
    {
        // Epoch 1, view 2.
        let abstain = DurableRecord(key: Array("abstain".utf8), value: [0x82, 0x01, 0x02])
        var (bench, _) = try sealed(abstaining: [abstain])
        bench.succeed()
        #expect(bench.replica.abstainUpTo == 1)
        #expect(try restored(bench).abstainUpTo == 1)
        bench.step(.workAvailable(true))
        let votes = bench.step(.timer(.view(1)), after: 2_000).votes
        #expect(votes.map(\.kind) == [.nullify])
        #expect(votes.map(\.epoch) == [2])
        #expect(bench.replica.brokenInvariant() == nil)
        // Nor is anything voted for, proposed by whom it may.
        let (proposal, message) = first(of: bench)
        #expect(bench.receive(message, from: 0).executions.count == 1)
        #expect(bench.step(.executed(proposal.id, .valid)).votes.isEmpty)
        #expect(bench.replica.brokenInvariant() == nil)
    }

    @Test func `R10 tells of a vote where this member abstains`() throws {
        // Epoch 1, view 2.
        let abstain = DurableRecord(key: Array("abstain".utf8), value: [0x82, 0x01, 0x02])
        var bench = try Bench(restoring: [abstain]) { $0.disabledRules = [.recoveringIsMute] }
        bench.step(.start)
        #expect(bench.replica.brokenInvariant() == nil)
        bench.step(.workAvailable(true))
        #expect(bench.step(.timer(.view(1)), after: 2_000).votes.map(\.kind) == [.nullify])
        #expect(bench.replica.brokenInvariant() == .abstentionIsKept)
    }

    @Test(arguments: VoteKind.allCases)
    func `a follower's vote is refused, whatever it says`(_ kind: VoteKind) throws {
        var (bench, entry) = try sealed()
        bench.succeed(observers: 2)
        bench.step(.workAvailable(true))
        bench.step(.timer(.view(1)), after: 2_000)
        for member in [4, 5] {
            let named = kind == .nullify ? .zero : entry.proposal.id
            let vote = vote(kind, for: named, by: member, of: bench)
            #expect(bench.receive(.vote(vote), from: member).rejections == [.notYours(view: 1)])
        }
    }

    @Test func `behind the seal a member says that it stands in the next epoch`()
        throws
    {
        var (bench, _) = try sealed()
        bench.succeed()
        let standing = Standing(epoch: 2, nonce: 5, view: 1, certificate: nil)
        let answer = bench.receive(.recover(nonce: 5), from: 1).messages
        #expect(answer.map(\.to) == [1])
        #expect(answer.map(\.message) == [.standing(standing)])
    }

    @Test func `a recovery that is open at the seal is answered by the next epoch only`()
        throws
    {
        var (bench, _) = try sealed(abstaining: DurableRecord.recovering(nonce: 5))
        let effects = bench.succeed()
        #expect(effects.messages.contains { $0.to == nil && $0.message == .recover(nonce: 5) })
        #expect(bench.replica.abstainUpTo == Limits.viewMax)
        for epoch in UInt64(1)...2 {
            #expect(bench.replica.isRecovering)
            for member in 0..<3 {
                let standing = Standing(epoch: epoch, nonce: 5, view: 1, certificate: nil)
                bench.receive(.standing(standing), from: member)
            }
        }
        #expect(!bench.replica.isRecovering)
        #expect(bench.replica.abstainUpTo == 2)
    }

    @Test func `who stopped at a fork shows it behind the seal too`() throws {
        var (bench, _) = try sealed()
        let other = bench.certificate(.finalize, in: 1, for: SHA256.hash([1]))
        #expect(bench.receive(.certificate(other), from: 0).alarms.count == 1)
        bench.succeed()
        #expect(bench.replica.isHalted)
        let effects = bench.receive(.status(bench.replica.status), from: 1)
        let shown = effects.messages.flatMap { message -> [Certificate] in
            if case .bundle(let bundle) = message.message { bundle.certificates } else { [] }
        }
        #expect(shown.contains(other))
    }

    @Test func `a liar has a proposal of the old epoch asked for, and who answers is not blamed`()
        throws
    {
        var (bench, entry) = try sealed()
        bench.succeed()
        let id = entry.proposal.id
        bench.receive(.vote(vote(.notarize, for: id, by: 0, of: bench)), from: 0)
        let question = bench.step(.timer(.fetch), after: 5_000).messages
        #expect(question.map(\.message) == [.fetch(id)])
        #expect(bench.receive(.proposals(.proposal(id), [entry]), from: 1).rejections.isEmpty)
        // Nor is it asked for again.
        #expect(bench.step(.timer(.fetch), after: 60_000).messages.isEmpty)
    }

    @Test func `an echo of the seal that was voted for is forgotten with its epoch`() throws {
        var bench = try Bench.started()
        let seal = bench.entry(view: 1)
        bench.accept(seal)
        bench.receive(.notarize, in: 1, for: seal.proposal.id, from: [0, 1, 2])
        let echo = bench.entry(view: 2, on: seal, block: nil)
        #expect(bench.accept(echo).kinds(in: 2) == [.notarize])
        bench.receive(.notarize, in: 2, for: echo.proposal.id, from: [0, 1])
        bench.receive(.finalize, in: 1, for: seal.proposal.id, from: [0, 1, 2])
        #expect(bench.replica.finalized.view == 1)
        let open = ["vote/", "proposal/", "certificate/"].map { Array($0.utf8) }
        #expect(open.allSatisfy { kind in bench.disk.keys.contains { $0.starts(with: kind) } })
        bench.succeed()
        #expect(bench.disk.count == 1)
        #expect(try restored(bench).finalized == bench.replica.finalized)
    }

    @Test func `an abstention of an epoch to come stops the start`() {
        // Epoch 3, view 2.
        let abstain = DurableRecord(key: Array("abstain".utf8), value: [0x82, 0x03, 0x02])
        #expect(throws: RestoreError.self) { try Bench(restoring: [abstain]) }
    }

    @Test func `what is known of a follower goes with its link`() throws {
        var bench = try Bench.started()
        let status = Status(epoch: 1, view: 1, finalizedView: 0, height: 7)
        bench.replica.link(observers: 2)
        for position in [0, 4, 5] { bench.receive(.status(status), from: position) }
        #expect([0, 4, 5, 6].map(bench.replica.status) == [status, status, status, nil])
        // Another one takes the place of the first, the second is gone.
        bench.replica.forget(link: 4)
        bench.replica.link(observers: 1)
        bench.replica.link(observers: 2)
        // A member is never forgotten.
        bench.replica.forget(link: 0)
        #expect([0, 4, 5].map(bench.replica.status) == [status, nil, nil])
    }
}
