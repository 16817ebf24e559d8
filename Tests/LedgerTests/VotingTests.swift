import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import Testing

/// Who may vote, how many must agree, and until when.
struct VotingTests {
    let fixture: LedgerFixture
    let base: LedgerState
    let us: Founder
    let ae: Founder
    let nl: Founder

    init() throws {
        fixture = try LedgerFixture()
        base = try fixture.state(
            after: [try fixture.organisation("uni-ke", in: "KE")],
            on: try fixture.state()
        )
        us = fixture.government
        ae = fixture.founders[0]
        nl = fixture.founders[2]
    }

    /// An action that passes whenever enough agree.
    private var action: ProposalAction {
        .organisation(
            OrganisationBody(
                id: "uni-ke",
                location: "KE",
                headquarters: "KE",
                parent: .init(id: "group-ae", headquarters: "AE"),
                name: .zero
            )
        )
    }

    private func proposed(on state: LedgerState? = nil) throws -> LedgerState {
        try fixture.state(after: [try fixture.proposal("p-1", action)], on: state ?? base)
    }

    /// A ledger of so many governments, with the state after genesis.
    private func ledger(of count: Int) throws -> (state: LedgerState, governments: [Founder]) {
        var governments: [Founder] = []
        for number in 0..<count {
            governments.append(try Founder("gov-\(number)", .government, "XA"))
        }
        let members = try governments.map { founder in
            try fixture.statement(
                .member(try founder.card(origin: LedgerFixture.origin)),
                by: founder
            ).bytes
        }
        let body = GenesisBody(
            origin: LedgerFixture.origin,
            time: LedgerFixture.start,
            members: members,
            policy: FixtureRules.policy().encoded(),
            catalogue: FixtureRules.catalogue.encoded()
        )
        let genesis = try LedgerFixture.genesis(
            body,
            founders: governments,
            signer: governments[0]
        )
        return (try LedgerState.genesis(genesis.bytes).state, governments)
    }

    private func build(
        _ statements: [Statement],
        on state: LedgerState,
        by proposer: Founder
    ) throws -> LedgerState {
        let build = state.build(
            statements,
            context: BlockContext(
                view: state.height + 1,
                proposer: proposer.id,
                time: state.blockTime
            )
        )
        if let refused = build.refused.first { throw refused.refusal }
        return try #require(build.result).state
    }

    @Test(arguments: [1, 2, 3, 4, 7])
    func `two thirds rounded up pass a proposal, and never the proposer alone`(
        count: Int
    ) throws {
        let needed = [1: 1, 2: 2, 3: 2, 4: 3, 7: 5]
        let (start, governments) = try ledger(of: count)
        let key = fixture.exporter.key.publicKey
        let card = try fixture.cardStatement(of: try Founder("gpuco", .exporter, "US"))
        var state = try build(
            [try fixture.proposal("p-1", .member(card), by: governments[0])],
            on: start,
            by: governments[0]
        )
        var approvals = 1
        for government in governments.dropFirst() where state.member("gpuco") == nil {
            #expect(state.proposal(issuer: "gov-0", id: "p-1")?.state == .open)
            state = try build(
                [try fixture.vote(on: "p-1", of: "gov-0", by: government)],
                on: state,
                by: governments[0]
            )
            approvals += 1
        }
        #expect(approvals == needed[count])
        #expect(state.member("gpuco")?.card.statementKey != key)
        #expect(state.proposal(issuer: "gov-0", id: "p-1")?.state == .passed)
    }

    @Test(arguments: [2, 3, 4, 7])
    func `an override needs all governments but one, and at least two`(count: Int) throws {
        let (start, governments) = try ledger(of: count)
        let permit = ClaimOverride(
            claim: ClaimReference(issuer: "gov-0", id: "c-1"),
            body: .zero,
            reason: .zero
        )
        var state = try build(
            [try fixture.proposal("p-1", .override(permit), by: governments[0])],
            on: start,
            by: governments[0]
        )
        for number in 1..<max(2, count - 1) {
            #expect(state.override(of: permit.claim) == nil)
            state = try build(
                [try fixture.vote(on: "p-1", of: "gov-0", by: governments[number])],
                on: state,
                by: governments[0]
            )
        }
        #expect(state.override(of: permit.claim)?.body == .zero)
    }

    @Test func `in a ledger of two, neither stops the other for good`() throws {
        let (start, governments) = try ledger(of: 2)
        let state = try build(
            [try fixture.suspension("s-1", of: "gov-1", by: governments[0])],
            on: start,
            by: governments[0]
        )
        #expect(state.suspension(of: "gov-1")?.state == .open)
        let own = try fixture.vote(on: "s-1", kind: .suspension, of: "gov-0", by: governments[0])
        #expect(state.refusal(of: own)?.code == .conflict)
        let end = LedgerFixture.start + 72 * 3_600
        let vote = try fixture.vote(
            on: "s-1",
            kind: .suspension,
            of: "gov-0",
            by: governments[1],
            at: end
        )
        #expect(state.refusal(of: vote, time: end)?.code == .notOpen)
    }

    @Test func `a second vote of one member is refused, whatever it says`() throws {
        var state = try proposed()
        let four = try fixture.state(joinedBy: try fixture.fourthGovernment(), on: base)
        state = try proposed(on: four)
        state = try fixture.state(after: [try fixture.vote(on: "p-1", by: nl)], on: state)
        #expect(state.proposal(issuer: "us-bis", id: "p-1")?.state == .open)
        let again = try fixture.vote(.reject, on: "p-1", by: nl)
        #expect(state.refusal(of: again)?.code == .conflict)
        let sameBytes = try fixture.vote(on: "p-1", by: nl)
        guard case .duplicate = state.admit(sameBytes, time: LedgerFixture.start) else {
            Issue.record("the same vote is a duplicate")
            return
        }
    }

    @Test func `of two votes of one member in one block one counts`() throws {
        let state = try proposed()
        let votes = [
            try fixture.vote(on: "p-1", by: nl), try fixture.vote(.reject, on: "p-1", by: nl),
        ]
        for order in [votes, votes.reversed()] {
            let build = fixture.build(order, on: state)
            #expect(build.refused.count == 1)
            let after = try #require(build.result).state
            let record = try #require(after.proposal(issuer: "us-bis", id: "p-1"))
            #expect(record.ballot.votes.map(\.member) == ["us-bis", "nl-cdiu"])
        }
    }

    @Test func `a second vote on a suspension is refused, and so is the first of who is stopped`()
        throws
    {
        let four = try fixture.state(joinedBy: try fixture.fourthGovernment(), on: base)
        let state = try fixture.state(
            after: [
                try fixture.suspension("s-1", of: "chipco"),
                try fixture.suspension("s-2", of: nl.id, by: ae),
                try fixture.vote(.reject, on: "s-1", kind: .suspension, by: ae),
            ],
            on: four
        )
        #expect(state.suspension(of: "chipco")?.state == .open)
        let again = try fixture.vote(on: "s-1", kind: .suspension, by: ae)
        #expect(state.refusal(of: again)?.code == .conflict)
        let stopped = try fixture.vote(on: "s-1", kind: .suspension, by: nl)
        #expect(state.refusal(of: stopped)?.code == .suspended)
    }

    @Test func `the proposer does not approve twice, and takes back by rejecting`() throws {
        let state = try proposed()
        let approve = try fixture.vote(on: "p-1", by: us)
        #expect(state.refusal(of: approve)?.code == .conflict)
        let closed = try fixture.state(
            after: [try fixture.vote(.reject, on: "p-1", by: us)],
            on: state
        )
        #expect(closed.proposal(issuer: "us-bis", id: "p-1")?.state == .rejected)
        #expect(closed.refusal(of: try fixture.vote(on: "p-1", by: nl))?.code == .notOpen)
    }

    @Test func `a proposal that cannot pass any more is rejected`() throws {
        var state = try fixture.state(
            after: [try fixture.vote(.reject, on: "p-1", by: nl)],
            on: try proposed()
        )
        #expect(state.proposal(issuer: "us-bis", id: "p-1")?.state == .open)
        state = try fixture.state(after: [try fixture.vote(.reject, on: "p-1", by: ae)], on: state)
        let record = try #require(state.proposal(issuer: "us-bis", id: "p-1"))
        #expect(record.state == .rejected)
        #expect(record.ballot.members(approving: false) == ["nl-cdiu", "ae-mofa"])
        #expect(state.organisation("uni-ke")?.body.parent == nil)
    }

    @Test func `votes count until the last second, and then the proposal has lapsed`() throws {
        let state = try proposed()
        let end = try #require(state.proposal(issuer: "us-bis", id: "p-1")).ends
        let inTime = try fixture.vote(on: "p-1", by: nl, at: end - 1)
        let passed = try fixture.state(after: [inTime], on: state, time: end - 1)
        #expect(passed.proposal(issuer: "us-bis", id: "p-1")?.state == .passed)
        let late = try fixture.vote(on: "p-1", by: nl, at: end)
        #expect(state.refusal(of: late, time: end)?.code == .notOpen)
        let other = try fixture.organisation("other", in: "FR", at: end)
        let lapsed = try fixture.state(after: [other], on: state, time: end)
        let record = try #require(lapsed.proposal(issuer: "us-bis", id: "p-1"))
        #expect(record.state == .lapsed)
        #expect(record.closed == end)
        #expect(lapsed.organisation("uni-ke")?.body.parent == nil)
    }

    @Test func `a vote on nothing is refused`() throws {
        for kind in [BallotSubject.Kind.proposal, .suspension] {
            let vote = try fixture.vote(on: "p-9", kind: kind, by: nl)
            #expect(base.refusal(of: vote)?.code == .unknownProposal)
        }
        let claim = try fixture.vote(on: "c-9", kind: .claim, of: "chipco", by: nl)
        #expect(base.refusal(of: claim)?.code == .unknownClaim)
    }

    @Test func `one member has so many proposals open and no more`() throws {
        var state = base
        for number in 0..<GovernanceLimits.openProposalsMax {
            state = try fixture.state(
                after: [try fixture.proposal("p-\(number)", action)],
                on: state
            )
        }
        let next = try fixture.proposal("p-next", action)
        #expect(state.refusal(of: next)?.code == .tooManyOpen)
        let byOther = try fixture.proposal("p-next", action, by: nl)
        #expect(state.refusal(of: byOther) == nil)
        let fewer = try fixture.state(
            after: [try fixture.vote(.reject, on: "p-0", by: us)],
            on: state
        )
        #expect(fewer.refusal(of: next) == nil)
    }

    @Test func `an approval by another member counts for nothing in a proposal`() throws {
        let byOther = try fixture.statement(
            .proposal(ProposalBody(action)),
            id: "p-1",
            by: us,
            approvers: [nl]
        )
        #expect(base.refusal(of: byOther)?.code == .notAuthorised)
        #expect(base.refusal(of: byOther)?.path == "$.payload.approvals[0]")
    }

    @Test func `a policy may ask for the second key of the proposer's organisation`() throws {
        let rules: CBORValue = [
            "citation": "Test", "twoKeys": ["proposal"], "noticeDays": ["policy": 0],
            "coolingOffDays": ["key": 0, "organisation": 0],
        ]
        let second = try Ed25519.PrivateKey(seed: SHA256.hash(Array("second".utf8)).bytes)
        let card = try fixture.cardStatement(
            of: us,
            coKey: second,
            node: try us.card(origin: LedgerFixture.origin).node,
            key: try Ed25519.PrivateKey(seed: SHA256.hash(Array("new".utf8)).bytes)
        )
        let key = try Ed25519.PrivateKey(seed: SHA256.hash(Array("new".utf8)).bytes)
        var state = try fixture.state(
            after: [
                try fixture.proposal("key", .key(card), by: nl),
                try fixture.vote(on: "key", of: nl.id, by: ae),
                try fixture.proposal(
                    "two",
                    .policy(
                        PolicySuccession(
                            try Policy.decode(FixtureRules.policy(id: "p-2", governance: rules)),
                            effective: try #require(CalendarDate("2026-01-01"))
                        )
                    ),
                    by: nl
                ),
            ],
            on: base
        )
        state = try fixture.state(
            after: [try fixture.vote(on: "two", of: nl.id, by: ae)],
            on: state
        )
        let oneKey = try fixture.proposal("p-1", action, by: nl)
        #expect(state.refusal(of: oneKey)?.code == .secondKeyMissing)
        var draft = StatementDraft(
            .proposal(ProposalBody(action)),
            id: "p-1",
            issuer: us.id,
            audience: LedgerFixture.origin,
            issuedAt: LedgerFixture.start
        )
        #expect(state.refusal(of: try draft.signed(with: key))?.code == .secondKeyMissing)
        draft.approvals = [draft.approval(by: us.id, at: LedgerFixture.start, with: nl.key)]
        #expect(state.refusal(of: try draft.signed(with: key))?.code == .wrongKey)
        draft.approvals = [draft.approval(by: us.id, at: LedgerFixture.start, with: second)]
        let signed = try draft.signed(with: key)
        #expect(state.refusal(of: signed) == nil)
        try state.checkSignature(signed)
    }
}
