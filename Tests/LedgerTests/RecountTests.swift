import CBOR
import Ledger
import LedgerFixture
import QuotaRules
import Testing

/// Votes count by the thresholds of the policy in force when the matter is decided.
struct RecountTests {
    let fixture: LedgerFixture
    /// A ledger of four governments, of which two thirds are three.
    let base: LedgerState
    let nl: Founder
    let ae: Founder
    let fr: Founder
    static let day: UInt64 = 86_400

    init() throws {
        fixture = try LedgerFixture()
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

    /// The next policy, which asks for so many approvals of everything.
    private func policy(of count: UInt64, effective: String = "2026-01-01") throws -> ProposalAction
    {
        let rules = FixtureRules.governance.setting(
            "thresholds",
            to: ["default": ["count": .unsigned(count)]]
        )
        return .policy(
            PolicySuccession(
                try Policy.decode(FixtureRules.policy(id: "p-2", governance: rules)),
                effective: try #require(CalendarDate(effective))
            )
        )
    }

    /// The state in which `us-bis` proposes that `x` joins, with the votes of others.
    private func proposed(_ votes: [(Founder, VoteBody.Choice)] = []) throws -> LedgerState {
        let card = try fixture.cardStatement(of: try Founder("x", .exporter, "US"))
        return try fixture.state(
            after: [try fixture.proposal("p-1", .member(card))]
                + votes.map { try fixture.vote($1, on: "p-1", by: $0) },
            on: base
        )
    }

    /// The state after three of four governments decided on a policy.
    private func deciding(_ action: ProposalAction, on state: LedgerState) throws -> LedgerState {
        try fixture.state(
            after: [
                try fixture.proposal("next", action), try fixture.vote(on: "next", by: nl),
                try fixture.vote(on: "next", by: ae),
            ],
            on: state
        )
    }

    private func record(_ state: LedgerState) throws -> ProposalRecord {
        try #require(state.proposal(issuer: "us-bis", id: "p-1"))
    }

    @Test func `votes that were too few pass the proposal when a policy comes that asks for fewer`()
        throws
    {
        let open = try proposed([(nl, .approve)])
        #expect(open.member("x") == nil)
        let state = try deciding(try policy(of: 2), on: open)
        #expect(state.policy.document.id == "p-2")
        #expect(try record(state).state == .passed)
        #expect(try record(state).decided == state.lastHeader.index - 1)
        #expect(state.member("x") != nil)
    }

    @Test
    func `votes that would have passed the proposal do not under a policy that asks for more`()
        throws
    {
        var state = try deciding(try policy(of: 4), on: try proposed([(nl, .approve)]))
        state = try fixture.state(after: [try fixture.vote(on: "p-1", by: ae)], on: state)
        #expect(try record(state).state == .open)
        state = try fixture.state(after: [try fixture.vote(on: "p-1", by: fr)], on: state)
        #expect(try record(state).state == .passed)
    }

    @Test func `a proposal that cannot pass under the next policy is rejected when it begins`()
        throws
    {
        let open = try proposed([(fr, .reject)])
        #expect(try record(open).state == .open)
        let state = try deciding(try policy(of: 4), on: open)
        #expect(try record(state).state == .rejected)
    }

    @Test func `a scheduled policy counts open votes before the first statement of its day`() throws
    {
        let scheduled = try deciding(
            try policy(of: 2, effective: "2026-01-05"),
            on: try proposed([(nl, .approve)])
        )
        let first = LedgerFixture.start + 4 * Self.day
        let eve = try fixture.state(
            after: [try fixture.suspension("s-1", of: "chipco", at: first - 1)],
            on: scheduled,
            time: first - 1
        )
        #expect(try record(eve).state == .open)
        let vote = try fixture.vote(on: "p-1", by: ae, at: first)
        #expect(eve.refusal(of: vote, time: first)?.code == .notOpen)
        let after = try fixture.state(
            after: [try fixture.vote(on: "s-1", kind: .suspension, by: ae, at: first)],
            on: eve,
            time: first
        )
        #expect(try record(after).state == .passed)
        #expect(after.member("x") != nil)
        #expect(after.suspension(of: "chipco")?.state == .confirmed)
    }

    @Test func `a policy with the same thresholds changes no open proposal`() throws {
        let open = try proposed([(nl, .approve), (fr, .reject)])
        let state = try deciding(try policy(of: 3), on: open)
        #expect(state.policy.document.id == "p-2")
        #expect(try record(state) == record(open))
    }
}
