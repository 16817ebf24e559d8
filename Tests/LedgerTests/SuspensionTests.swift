import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import Testing

/// The emergency stop of a key, and what ends it.
struct SuspensionTests {
    let fixture: LedgerFixture
    let base: LedgerState
    let us: Founder
    let ae: Founder
    let nl: Founder
    /// A fourth government.
    let fr: Founder
    static let hours72: UInt64 = 72 * 3_600

    init() throws {
        fixture = try LedgerFixture()
        us = fixture.government
        ae = fixture.founders[0]
        nl = fixture.founders[2]
        fr = try fixture.fourthGovernment()
        base = try fixture.state(
            joinedBy: fr,
            on: try fixture.state(
                after: [try fixture.organisation("uni-ke", in: "KE")],
                on: try fixture.state()
            )
        )
    }

    /// The state with `nl-cdiu` suspended by `us-bis`.
    private func suspended() throws -> LedgerState {
        try fixture.state(after: [try fixture.suspension("s-1", of: nl.id)], on: base)
    }

    private func tick(_ state: LedgerState, to time: UInt64) throws -> LedgerState {
        let body = FacilityBody(
            id: "tick-\(time)",
            country: "KE",
            operatorID: "uni-ke",
            owner: "uni-ke",
            address: .zero,
            security: []
        )
        let statement = try fixture.statement(.facility(body), by: us, at: time)
        return try fixture.state(after: [statement], on: state, time: time)
    }

    @Test func `a suspended member's statements and votes are refused at once`() throws {
        let block = try fixture.state(
            after: [try fixture.suspension("s-1", of: "chipco")],
            on: base
        )
        let claim = try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 1)
        #expect(base.refusal(of: claim) == nil)
        #expect(block.refusal(of: claim)?.code == .suspended)
        let state = try suspended()
        let vote = try fixture.vote(on: "s-1", kind: .suspension, by: nl)
        #expect(state.refusal(of: vote)?.code == .suspended)
        let proposal = try fixture.proposal("p-1", .release(member: nl.id), by: nl)
        #expect(state.refusal(of: proposal)?.code == .suspended)
    }

    @Test func `a suspension takes effect before anything else of its block`() throws {
        let claim = try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 1)
        let build = fixture.build(
            [claim, try fixture.suspension("s-1", of: "chipco")],
            on: base
        )
        #expect(build.refused.map(\.refusal.code) == [.suspended])
        #expect(build.result?.block.statements.count == 1)
    }

    @Test func `it lapses at exactly 72 hours`() throws {
        let state = try suspended()
        let end = LedgerFixture.start + Self.hours72
        #expect(state.suspension(of: nl.id)?.until == end)
        let last = try tick(state, to: end - 1)
        #expect(last.suspension(of: nl.id)?.state == .open)
        let proposal = try fixture.proposal("p-1", .release(member: us.id), by: nl, at: end - 1)
        #expect(last.refusal(of: proposal, time: end - 1)?.code == .suspended)
        let after = try tick(state, to: end)
        #expect(after.suspension(of: nl.id) == nil)
        let record = try #require(after.suspensions.first?.record)
        #expect(record.state == .lapsed)
        #expect(record.closed == end)
        let next = try fixture.proposal("p-1", .expel(member: "chipco"), by: nl, at: end)
        #expect(after.refusal(of: next, time: end)?.code == .validatorChange)
    }

    @Test func `votes confirm it, and it then holds until it is released`() throws {
        var state = try fixture.state(
            after: [try fixture.vote(on: "s-1", kind: .suspension, by: ae)],
            on: try suspended()
        )
        #expect(state.suspension(of: nl.id)?.state == .confirmed)
        state = try tick(state, to: LedgerFixture.start + 2 * Self.hours72)
        #expect(state.suspension(of: nl.id)?.state == .confirmed)
        let time = state.blockTime
        state = try fixture.state(
            after: [
                try fixture.proposal("r-1", .release(member: nl.id), at: time),
                try fixture.vote(on: "r-1", by: ae, at: time),
            ],
            on: state,
            time: time
        )
        #expect(state.suspension(of: nl.id) == nil)
        #expect(state.suspensions.first?.record.state == .released)
    }

    @Test func `votes against it end it`() throws {
        var state = try fixture.state(
            after: [try fixture.vote(.reject, on: "s-1", kind: .suspension, by: ae)],
            on: try suspended()
        )
        #expect(state.suspension(of: nl.id)?.state == .open)
        state = try fixture.state(
            after: [try fixture.vote(.reject, on: "s-1", kind: .suspension, by: fr)],
            on: state
        )
        #expect(state.suspension(of: nl.id) == nil)
        #expect(state.suspensions.first?.record.state == .released)
    }

    @Test func `one government cannot stop the others and decide alone`() throws {
        let state = try suspended()
        let second = try fixture.suspension("s-2", of: ae.id)
        #expect(state.refusal(of: second)?.code == .tooManyOpen)
        // What it proposes still needs three of four.
        let open = try fixture.state(
            after: [
                try fixture.proposal(
                    "p-1",
                    .member(try fixture.cardStatement(of: try Founder("x", .exporter, "US")))
                ),
                try fixture.vote(on: "p-1", by: ae),
            ],
            on: state
        )
        #expect(open.proposal(issuer: "us-bis", id: "p-1")?.state == .open)
        let passed = try fixture.state(after: [try fixture.vote(on: "p-1", by: fr)], on: open)
        #expect(passed.proposal(issuer: "us-bis", id: "p-1")?.state == .passed)
    }

    @Test func `the same government does not suspend the same member again and again`() throws {
        let end = LedgerFixture.start + Self.hours72
        let lapsed = try tick(try suspended(), to: end)
        let again = try fixture.suspension("s-2", of: nl.id, at: end)
        #expect(lapsed.refusal(of: again, time: end)?.code == .tooSoon)
        let byOther = try fixture.suspension("s-2", of: nl.id, by: ae, at: end)
        #expect(lapsed.refusal(of: byOther, time: end) == nil)
        let month = end + 30 * 86_400
        let later = try fixture.suspension("s-2", of: nl.id, at: month)
        #expect(lapsed.refusal(of: later, time: month) == nil)
    }

    @Test func `a member may stop its own key, and nobody but a government another's`() throws {
        let own = try fixture.suspension("s-1", of: "chipco", by: fixture.exporter)
        #expect(base.refusal(of: own) == nil)
        let other = try fixture.suspension("s-1", of: nl.id, by: fixture.exporter)
        #expect(base.refusal(of: other)?.code == .notAuthorised)
        let nobody = try fixture.suspension("s-1", of: "nobody")
        #expect(base.refusal(of: nobody)?.code == .unknownMember)
        let twice = try fixture.suspension("s-2", of: nl.id, by: ae)
        #expect(try suspended().refusal(of: twice)?.code == .conflict)
    }

    @Test func `another key ends the suspension, and the old key is dead`() throws {
        let key = try Ed25519.PrivateKey(seed: SHA256.hash(Array("second key".utf8)).bytes)
        let card = try fixture.cardStatement(
            of: nl,
            node: try nl.card(origin: LedgerFixture.origin).node,
            key: key
        )
        let proposed = try fixture.state(
            after: [try fixture.proposal("k-1", .key(card))],
            on: try suspended()
        )
        let own = try fixture.vote(on: "k-1", by: nl)
        #expect(proposed.refusal(of: own)?.code == .suspended)
        let state = try fixture.state(after: [try fixture.vote(on: "k-1", by: ae)], on: proposed)
        #expect(state.suspension(of: nl.id) == nil)
        #expect(state.member(nl.id)?.card.statementKey == key.publicKey)
        #expect(state.validators == base.validators)
        let old = try fixture.proposal("p-1", .release(member: us.id), by: nl)
        #expect(state.refusal(of: old)?.code == .wrongKey)
        let new = try StatementDraft(
            .proposal(ProposalBody(.release(member: us.id))),
            id: "p-1",
            issuer: nl.id,
            audience: LedgerFixture.origin,
            issuedAt: LedgerFixture.start
        ).signed(with: key)
        #expect(state.refusal(of: new)?.code == .notOpen)
    }

    @Test func `the votes of a member that is suspended meanwhile do not count`() throws {
        var state = try fixture.state(
            after: [
                try fixture.proposal(
                    "p-1",
                    .member(try fixture.cardStatement(of: try Founder("x", .exporter, "US")))
                ),
                try fixture.vote(on: "p-1", by: nl),
            ],
            on: base
        )
        state = try fixture.state(
            after: [
                try fixture.suspension("s-1", of: nl.id), try fixture.vote(on: "p-1", by: ae),
            ],
            on: state
        )
        #expect(state.proposal(issuer: "us-bis", id: "p-1")?.state == .open)
        state = try fixture.state(after: [try fixture.vote(on: "p-1", by: fr)], on: state)
        #expect(state.member("x") != nil)
    }

    /// The state in which `x` is proposed by `us-bis` and approved by `others`.
    private func proposed(approvedBy others: [Founder]) throws -> LedgerState {
        let card = try fixture.cardStatement(of: try Founder("x", .exporter, "US"))
        return try fixture.state(
            after: [try fixture.proposal("p-1", .member(card))]
                + others.map { try fixture.vote(on: "p-1", by: $0) },
            on: base
        )
    }

    @Test func `a confirmed suspension leaves fewer to ask, and what they approved passes`() throws
    {
        var state = try proposed(approvedBy: [ae])
        #expect(state.member("x") == nil)
        state = try fixture.state(after: [try fixture.suspension("s-1", of: nl.id)], on: state)
        #expect(state.member("x") == nil)
        state = try fixture.state(
            after: [try fixture.vote(on: "s-1", kind: .suspension, by: ae)],
            on: state
        )
        #expect(state.suspension(of: nl.id)?.state == .confirmed)
        #expect(state.proposal(issuer: us.id, id: "p-1")?.state == .passed)
        #expect(state.member("x") != nil)
    }

    @Test func `a vote counts again when the suspension of its member lapses`() throws {
        var state = try fixture.state(
            after: [try fixture.suspension("s-1", of: nl.id)],
            on: try proposed(approvedBy: [nl])
        )
        state = try fixture.state(after: [try fixture.vote(on: "p-1", by: ae)], on: state)
        #expect(state.member("x") == nil)
        state = try tick(state, to: LedgerFixture.start + Self.hours72)
        #expect(state.suspension(of: nl.id) == nil)
        #expect(state.member("x") != nil)
    }

    @Test func `who proposed and was stopped no longer counts, and the others can still carry it`()
        throws
    {
        var state = try fixture.state(
            after: [try fixture.vote(.reject, on: "p-1", by: fr)],
            on: try proposed(approvedBy: [])
        )
        #expect(state.proposal(issuer: us.id, id: "p-1")?.state == .open)
        state = try fixture.state(
            after: [try fixture.suspension("s-1", of: us.id, by: ae)],
            on: state
        )
        state = try fixture.state(
            after: [try fixture.vote(on: "s-1", kind: .suspension, of: ae.id, by: nl)],
            on: state
        )
        #expect(state.suspension(of: us.id)?.state == .confirmed)
        // Three are left, two must approve, one rejected: the others can still carry it.
        #expect(state.proposal(issuer: us.id, id: "p-1")?.state == .open)
        state = try fixture.state(after: [try fixture.vote(on: "p-1", by: ae)], on: state)
        state = try fixture.state(after: [try fixture.vote(on: "p-1", by: nl)], on: state)
        #expect(state.member("x") != nil)
    }
}
