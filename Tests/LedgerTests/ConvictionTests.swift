import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import StateMap
import Testing
import Votes

/// Contradicting votes as statements: who is convicted, and what follows.
struct ConvictionTests {
    let fixture: LedgerFixture
    let base: LedgerState
    let newcomer: Founder
    /// The accused, at position 0 of `ae-mofa`, `chipco`, `nl-cdiu`, `us-bis`.
    let accused: Founder

    init() throws {
        fixture = try LedgerFixture()
        base = try fixture.state()
        newcomer = try Founder("gpuco", .exporter, "US")
        accused = fixture.founders[0]
    }

    private func vote(
        _ kind: VoteKind,
        _ proposal: UInt8 = 0,
        by member: Founder? = nil,
        at position: Int = 0,
        epoch: UInt64 = 1
    ) throws -> Vote {
        try LedgerFixture.vote(
            kind,
            for: proposal == 0 ? .zero : SHA256.hash([proposal]),
            by: member ?? accused,
            at: position,
            on: base,
            epoch: epoch
        )
    }

    private func pair(_ left: Vote, _ right: Vote) throws -> EvidencePair {
        try #require(EvidencePair(left, right))
    }

    /// Evidence of a double vote, by the exporter's node.
    private func evidence(
        of member: Founder? = nil,
        named name: String? = nil,
        at position: Int = 0,
        epoch: UInt64 = 1
    ) throws -> Statement {
        try evidence(
            try pair(
                try vote(.notarize, 1, by: member, at: position, epoch: epoch),
                try vote(.notarize, 2, by: member, at: position, epoch: epoch)
            ),
            against: name ?? (member ?? accused).id
        )
    }

    private func evidence(_ pair: EvidencePair, against name: String = "ae-mofa") throws
        -> Statement
    {
        try LedgerFixture.evidence(pair, against: name, by: fixture.exporter)
    }

    private static func key(_ subject: String) -> [UInt8] {
        StateKey.registered(.evidence, id: subject)
    }

    private func checkSame(_ state: LedgerState) throws {
        let restored = try state.restored()
        #expect(restored.epoch == state.epoch)
        #expect(LedgerInvariants.checkWhole(restored) == [])
    }

    @Test(arguments: EvidencePair.Offence.allCases)
    func `each of four contradictions is recorded, and proven from the state map`(
        offence: EvidencePair.Offence
    ) throws {
        let votes: (Vote, Vote) =
            switch offence {
            case .doubleNotarize: (try vote(.notarize, 1), try vote(.notarize, 2))
            case .nullifyAndFinalize: (try vote(.nullify), try vote(.finalize, 1))
            case .doubleFinalize: (try vote(.finalize, 1), try vote(.finalize, 2))
            case .finalizeOfAnother: (try vote(.notarize, 1), try vote(.finalize, 2))
            }
        let pair = try pair(votes.0, votes.1)
        #expect(pair.offence == offence)
        let statement = try evidence(pair)
        try base.checkSignature(statement)
        let (block, state) = try #require(fixture.build([statement], on: base).result)
        #expect(try base.verify(try Block.decode(block.encoded())).map.root == state.map.root)
        let value = try #require(state.map[Self.key("1.ae-mofa")])
        let record = try Registration.decode(value)
        #expect(record.index == base.size)
        #expect(record.leafHash == statement.leafHash)
        #expect(record.issuer == "chipco")
        let body = try EvidenceBody(try CBORValue.decode(try #require(record.body)))
        #expect(body.pair == pair)
        #expect(base.map[Self.key("1.ae-mofa")] == nil)
        #expect(state.map[Self.key("1.us-bis")] == nil)
        // The fixture's policy says nothing of evidence: the record is all.
        #expect(state.validators == base.validators && !state.epoch.isChanging)
        try checkSame(state)
    }

    @Test func `what does not convict is refused with the reason`() throws {
        let stranger = try Founder("stranger", .exporter, "US")
        let good = try evidence()
        let after = try fixture.state(after: [good], on: base)
        let forged = try pair(try vote(.notarize, 1), try vote(.notarize, 2, by: fixture.exporter))
        let other = try pair(try vote(.nullify), try vote(.finalize, 1))
        let late = try LedgerFixture.evidence(other, against: "ae-mofa", by: fixture.government)
        let byMember = try fixture.statement(
            .evidence(EvidenceBody(member: "ae-mofa", pair: other))
        )
        let cases: [(Statement, LedgerState, RefusalCode, String)] = [
            (try evidence(forged), base, .badSignature, "both votes"),
            (try evidence(of: stranger, named: "ae-mofa"), base, .badSignature, "both votes"),
            (try evidence(named: "us-bis"), base, .unknownMember, "position 0"),
            (try evidence(at: 4), base, .unknownMember, "position 4"),
            (try evidence(epoch: 0), base, .unknownEpoch, "of epoch 0"),
            (try evidence(epoch: 2), base, .unknownEpoch, "of epoch 2"),
            (try evidence(epoch: .max), base, .unknownEpoch, "the present one is 1"),
            (late, after, .conflict, "One conviction of a member in an epoch is enough."),
            (byMember, base, .wrongKey, "log key"),
            (
                try LedgerFixture.evidence(other, against: "ae-mofa", by: newcomer), base,
                .unknownIssuer, "no member with a node"
            ),
        ]
        for (statement, state, code, reason) in cases {
            let refusal = try #require(state.refusal(of: statement), "\(code), \(reason)")
            #expect(refusal.code == code)
            #expect(refusal.message.contains(reason), "\(refusal.message)")
        }
        #expect(base.refusal(of: late) == nil)
        #expect(after.admit(good) == .duplicate(2))
    }

    @Test func `votes that do not contradict each other are no statement`() throws {
        let votes = [
            (try vote(.notarize, 1), try vote(.finalize, 1)),
            (try vote(.notarize, 1), try vote(.nullify)),
            (try vote(.notarize, 1), try vote(.notarize, 1)),
            (try vote(.notarize, 1), try vote(.notarize, 2, epoch: 2)),
            (try vote(.notarize, 1), try vote(.notarize, 2, at: 3)),
        ]
        for (left, right) in votes {
            #expect(EvidencePair(left, right) == nil)
            let body = CBORValue.object([
                ("member", "ae-mofa"), ("votes", .array([left.cbor, right.cbor])),
            ])
            #expect(throws: CBORFieldError.self) { try EvidenceBody(body) }
        }
        // The order of the two votes is fixed: one fact has one form.
        let pair = try pair(try vote(.notarize, 1), try vote(.notarize, 2))
        let turned = CBORValue.object([
            ("member", "ae-mofa"), ("votes", .array([pair.second.cbor, pair.first.cbor])),
        ])
        #expect(throws: CBORFieldError.self) { try EvidenceBody(turned) }
    }

    // MARK: - Epochs and effect

    private func joining(_ state: LedgerState) throws -> LedgerState {
        let node = try newcomer.card(origin: LedgerFixture.origin).node
        return try fixture.state(
            deciding: "join",
            .member(try fixture.cardStatement(of: newcomer, node: node)),
            on: state
        )
    }

    /// The state after the newcomer's node is ready and whatever else stands in that block.
    private func joined(_ pending: LedgerState, and others: [Statement] = []) throws -> LedgerState
    {
        let node = try #require(try newcomer.card(origin: LedgerFixture.origin).node)
        let ready = ReadyBody(
            epoch: pending.epoch.number + 1,
            node: node.digest,
            size: pending.size
        )
        let word = try StatementDraft(
            .ready(ready),
            issuer: newcomer.id,
            audience: LedgerFixture.origin,
            issuedAt: LedgerFixture.start
        ).signed(with: newcomer.seed.key(for: .log))
        return try fixture.state(after: others + [word], on: pending)
    }

    private static var suspending: CBORValue {
        FixtureRules.policy(
            governance: FixtureRules.governance.setting("evidence", to: "suspend")
        )
    }

    @Test func `an offence of the last epoch is evidence, an older one is not`() throws {
        let second = try joined(try joining(base))
        #expect(second.epoch.number == 2)
        let statement = try evidence()
        let (block, recorded) = try #require(fixture.build([statement], on: second).result)
        // Five are enough to leave one out, but the fixture's policy only records.
        #expect(recorded.epoch.number == 2 && !recorded.epoch.isChanging)
        #expect(LedgerInvariants.check(before: second, block: block, after: recorded) == [])
        // Those who left are convicted by the keys that they had.
        let third = try fixture.state(deciding: "out", .expel(member: "ae-mofa"), on: second)
        #expect(third.epoch.number == 3)
        #expect(third.refusal(of: statement)?.code == .unknownEpoch)
        let broken = LedgerInvariants.check(before: third, block: block, after: recorded)
        #expect(broken.contains { $0.expected.hasPrefix("two votes that 'ae-mofa' signed") })
        let later = try evidence(epoch: 2)
        let state = try fixture.state(after: [later], on: third)
        #expect(state.map[Self.key("2.ae-mofa")] != nil)
        try checkSame(state)
    }

    @Test func `under a policy that suspends, the convicted leaves with the block that says so`()
        throws
    {
        let fixture = try LedgerFixture(policy: Self.suspending)
        let five = try joined(try joining(try fixture.state()))
        #expect(five.validators.count == 5)
        let pair = try LedgerFixture.doubleVote(by: accused, at: 0, on: five)
        let statement = try LedgerFixture.evidence(pair, against: accused.id, by: newcomer)
        let (block, state) = try #require(fixture.build([statement], on: five).result)
        #expect(try five.verify(try Block.decode(block.encoded())).epoch == state.epoch)
        #expect(state.epoch.number == 3)
        #expect(state.validators.map(\.id) == ["chipco", "gpuco", "nl-cdiu", "us-bis"])
        let member = try #require(state.member(accused.id))
        #expect(member.card.node == nil && member.ended == nil)
        #expect(member.changed == five.size)
        // It is a member all the same, and signs with its statement key.
        let approved = try fixture.organisation("lab-ke", in: "KE")
        #expect(state.refusal(of: approved) == nil)
        try checkSame(state)
        // Members who vote for its node again know what they do.
        let node = try accused.card(origin: LedgerFixture.origin).node
        let again = try fixture.state(
            deciding: "again",
            .key(try fixture.cardStatement(of: accused, node: node)),
            on: state
        )
        #expect(again.epoch.next.contains { $0.id == accused.id })
        try checkSame(again)
    }

    @Test func `no conviction leaves fewer than four validators, or changes too many at one seal`()
        throws
    {
        let fixture = try LedgerFixture(policy: Self.suspending)
        let four = try fixture.state()
        let pair = try LedgerFixture.doubleVote(by: accused, at: 0, on: four)
        let statement = try LedgerFixture.evidence(pair, against: accused.id, by: fixture.exporter)
        let convicted = try fixture.state(after: [statement], on: four)
        #expect(!convicted.epoch.isChanging)
        let pending = try joining(convicted)
        #expect(pending.epoch.next.count == 5)
        try checkSame(pending)
        // The block that lets the fifth in does not let the convicted out; the next one does.
        let five = try joined(pending)
        #expect(five.epoch.number == 2 && five.validators.count == 5)
        let state = try fixture.state(
            after: [try fixture.organisation("lab-ke", in: "KE")],
            on: five
        )
        #expect(state.epoch.number == 3)
        #expect(state.validators.map(\.id) == ["chipco", "gpuco", "nl-cdiu", "us-bis"])
        try checkSame(state)
        // A second one stays, as three would be left.
        let second = try LedgerFixture.doubleVote(by: newcomer, at: 1, on: state)
        let more = try fixture.state(
            after: [
                try LedgerFixture.evidence(second, against: newcomer.id, by: fixture.exporter)
            ],
            on: state
        )
        #expect(more.validators.count == 4 && !more.epoch.isChanging)
        try checkSame(more)
    }
}
