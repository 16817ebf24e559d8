import Ledger
import LedgerFixture
import QuotaCrypto
import Testing
import Transparency
import Verifier

/// What became of a statement that a node took.
struct IntakeTests {
    /// Genesis, organisations, three claims, and the claim c-4, a block each.
    let ledger: SmallLedger
    let policy: TrustPolicy
    /// Just before every block of the ledger is dated.
    static let before = LedgerFixture.start - 1

    init() throws {
        ledger = try SmallLedger()
        policy = try ledger.policy()
    }

    private func claim(_ id: String, quantity: UInt64 = 5) throws -> Statement {
        try ledger.fixture.claim(id, to: "lab-ke", in: "KE", quantity: quantity)
    }

    /// The word of a founder's node, us-bis, that it took a statement after block `height`.
    private func intake(
        _ statement: Statement,
        height: Int = 1,
        by founder: Int = 3,
        epoch: UInt64 = 1
    ) throws -> UnverifiedIntake {
        let receipt = try ledger.fixture.founders[founder].intake(
            of: statement,
            at: ledger.states[height],
            time: Self.before,
            epoch: epoch
        )
        return try UnverifiedIntake(receipt.bytes)
    }

    private func entry(_ key: String...) throws -> VerifiedStateEntry {
        try UnverifiedStateEntry(Array(try ledger.entry(key).text.utf8)).verify(policy)
    }

    private func fate(_ statement: Statement, height: Int = 1) throws -> IntakeFate {
        let verified = try intake(statement, height: height).verify(policy)
        return try verified.fate(by: entry("claim", "chipco", statement.identity.subject))
    }

    @Test func `a trusted log key is enough, and does not say whose it is`() throws {
        let intake = try intake(claim("c-9"))
        let verified = try intake.verify(policy)
        #expect(!verified.isNamed)
        #expect(verified.receipt.node == "us-bis")
        let few = try ledger.policy(trusting: 3)
        #expect(
            failureCodes { () throws(VerificationFailure) in _ = try intake.verify(few) }
                == [.quorumNotMet]
        )
    }

    @Test func `by the hand-offs it must be the key that the member had in that epoch`() throws {
        let handOffs = try UnverifiedHandOffs(genesis: ledger.last.genesis, steps: [])
            .verify(chainID: ledger.last.chainID)
        let claim = try claim("c-9")
        #expect(try intake(claim).verify(handOffs).isNamed)
        let later = try intake(claim, epoch: 2)
        #expect(
            failureCodes { () throws(VerificationFailure) in _ = try later.verify(handOffs) }
                == [.quorumNotMet]
        )
        // One node in the name of another.
        let founders = ledger.fixture.founders
        let borrowed = IntakeReceipt(
            of: claim,
            head: IntakeReceipt.Head(ledger.states[1]),
            epoch: 1,
            view: 2,
            by: founders[2].id,
            at: Self.before,
            with: try founders[3].seed.key(for: .log)
        )
        let unverified = try UnverifiedIntake(borrowed.bytes)
        #expect(try !unverified.verify(policy).isNamed)
        #expect(
            failureCodes { () throws(VerificationFailure) in
                _ = try unverified.verify(handOffs)
            } == [.quorumNotMet]
        )
    }

    @Test func `no changed byte of a receipt passes`() throws {
        let bytes = try intake(claim("c-9")).receipt.bytes
        everyTampering(bytes) { changed, place in
            let verified = try? UnverifiedIntake(changed).verify(policy)
            #expect(verified == nil, "\(place)")
        }
    }

    @Test func `a later state says admitted, displaced or absent`() throws {
        let admitted = try Statement.decode(
            ledger.leaves[Int(ledger.claimIndex("c-4"))]
        )
        #expect(try fate(admitted) == .admitted(index: ledger.claimIndex("c-4")))
        #expect(try fate(claim("c-4", quantity: 6)) == .displaced(index: ledger.claimIndex("c-4")))
        #expect(try fate(claim("c-9")) == .absent)
    }

    @Test func `a state that is not later, or of another key, says nothing`() throws {
        let verified = try intake(claim("c-9"), height: 3).verify(policy)
        let same = try entry("claim", "chipco", "c-9")
        #expect(
            failureCodes { () throws(VerificationFailure) in _ = try verified.fate(by: same) }
                == [.tooEarly]
        )
        let other = try entry("claim", "chipco", "c-8")
        #expect(
            failureCodes { () throws(VerificationFailure) in _ = try verified.fate(by: other) }
                == [.otherAccount]
        )
    }

    /// A trail past every block of the ledger.
    private func trail(
        _ unverified: UnverifiedIntake,
        judging statement: Statement? = nil
    ) throws -> IntakeTrail {
        var trail = try IntakeTrail(of: unverified.verify(policy), statement: statement)
        var audit = LedgerAudit(keepsJournal: true)
        for leaf in ledger.leaves {
            let before = audit.state
            _ = try audit.append(leaf)
            guard let block = audit.lastBlock, let state = audit.state,
                state.size == audit.progress.leaves
            else { continue }
            try trail.take(before, block, state)
        }
        let note = try UnverifiedCheckpoint(ledger.note(ledger.checkpoint(3)).bytes)
        try trail.finish(try audit.finish(note, policy: policy))
        return trail
    }

    @Test func `a trail counts who left it out, and ends where it stands`() throws {
        let claim = try claim("c-9")
        let missed = try trail(try intake(claim))
        #expect(missed.fate == .absent)
        #expect(missed.omissions.keys.sorted() == ["us-bis"])
        let omissions = try #require(missed.omissions["us-bis"])
        #expect((omissions.blocks, omissions.withRoom, omissions.admissible) == (2, 2, 0))
        #expect(!missed.isJudged)

        let admitted = try Statement.decode(ledger.leaves[Int(try ledger.claimIndex("c-4"))])
        let found = try trail(try intake(admitted))
        #expect(found.place?.index == (try ledger.claimIndex("c-4")))
        #expect(found.place?.header.height == 3)
        #expect(found.omissions["us-bis"]?.blocks == 1)

        let other = try trail(try intake(self.claim("c-4", quantity: 6)))
        #expect(other.fate == .displaced(index: try ledger.claimIndex("c-4")))
        #expect(other.omissions["us-bis"]?.blocks == 1)
    }

    @Test func `blocks dated in the second of the intake count against nobody`() throws {
        let receipt = try ledger.fixture.founders[3].intake(
            of: claim("c-9"),
            at: ledger.states[1],
            time: LedgerFixture.start
        )
        #expect(try trail(UnverifiedIntake(receipt.bytes)).omissions.isEmpty)
    }

    @Test func `the rules are asked at the start of each block`() throws {
        let good = try claim("c-9")
        let passes = try trail(try intake(good), judging: good)
        #expect(passes.omissions["us-bis"]?.admissible == 2)
        #expect(passes.refusal == nil)
        // The cap of KE is 1,000 of these, and c-1 took three of them in block 2.
        let large = try claim("c-9", quantity: 998)
        let late = try trail(try intake(large), judging: large)
        #expect(late.omissions["us-bis"]?.withRoom == 2)
        #expect(late.omissions["us-bis"]?.admissible == 1)
        #expect(late.refusal?.code == .limitExceeded)
        #expect(throws: VerificationFailure.self) { try trail(try intake(good), judging: large) }
    }

    @Test func `what the node signed must be of this ledger, and of its own epoch`() throws {
        let claim = try claim("c-9")
        // Of another ledger with the same founders, from block 3 on.
        let other = try SmallLedger(quantity: 6)
        let forked = try ledger.fixture.founders[3].intake(
            of: claim,
            at: other.states[3],
            time: Self.before
        )
        func codes(_ receipt: IntakeReceipt) throws -> [VerificationFailure.Code] {
            do {
                _ = try trail(try UnverifiedIntake(receipt.bytes))
                return []
            } catch let failure as VerificationFailure {
                return failure.reasons.map(\.code)
            }
        }
        #expect(try codes(forked) == [.fork])
        #expect(try codes(intake(claim, height: 1, epoch: 2).receipt) == [.claimsDiffer])
        #expect(try codes(intake(claim, height: 3).receipt) == [.tooEarly])
        let later = try SmallLedger(more: 1)
        let ahead = try ledger.fixture.founders[3].intake(
            of: claim,
            at: later.states[4],
            time: Self.before
        )
        #expect(try codes(ahead) == [.tooEarly])
    }
}
