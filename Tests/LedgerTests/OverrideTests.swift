import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import Testing

/// One claim beyond the limits, by the decision of all governments but one.
struct OverrideTests {
    let fixture: ConsignmentFixture
    private let reference = ClaimReference(issuer: "chipco", id: "c-1")

    init() throws { fixture = try ConsignmentFixture() }

    /// Leave for the claim with a statement's body.
    private func permit(_ statement: Statement) -> ProposalAction {
        .override(
            ClaimOverride(
                claim: reference,
                body: SHA256.hash(statement.bodyBytes),
                reason: .zero
            )
        )
    }

    // A group may get a hundred of chip-a a year.
    private func large() throws -> Statement { try fixture.claim(quantities: [150]) }

    @Test func `the exact claim passes once it is decided, and marks what it passes for ever`()
        throws
    {
        let claim = try large()
        let start = try fixture.start()
        #expect(start.refusal(of: claim)?.code == .limitExceeded)
        let proposed = try fixture.apply([try fixture.proposal(permit(claim))], to: start)
        #expect(proposed.refusal(of: claim)?.code == .limitExceeded)
        let decided = try fixture.apply([try fixture.vote(by: fixture.third)], to: proposed)
        #expect(decided.override(of: reference)?.used == nil)
        let state = try fixture.apply([claim], to: decided)
        let record = try fixture.record(state)
        #expect(record.isOverridden)
        #expect(state.override(of: reference)?.used == record.index)
        let parent = try fixture.total(state, "parent-year", "uni-ke")
        #expect(parent.consumed == 1_500_000)
        #expect(parent.room == 0)
        #expect(parent.overrides == 1)
        // The country had room: nothing was passed there.
        #expect(try fixture.total(state, "country", "KE").overrides == 0)
        let ended = try fixture.apply([try fixture.cancel()], to: state)
        #expect(try fixture.total(ended, "parent-year", "uni-ke").overrides == 1)
        #expect(try fixture.record(ended).isOverridden)
    }

    @Test func `no other body and no other claim passes by it`() throws {
        let state = try fixture.state(
            deciding: permit(try large()),
            on: try fixture.start()
        )
        for other in [
            try fixture.claim(quantities: [149]), try fixture.claim(quantities: [151]),
            try fixture.claim("c-2", quantities: [150]),
        ] {
            #expect(state.refusal(of: other)?.code == .limitExceeded)
        }
        #expect(state.refusal(of: try large()) == nil)
    }

    @Test func `it is used once`() throws {
        let claim = try large()
        let state = try fixture.apply(
            [claim, try fixture.cancel()],
            to: try fixture.state(deciding: permit(claim), on: try fixture.start())
        )
        let later = try fixture.claim(quantities: [150], at: ConsignmentFixture.start + 1)
        #expect(state.refusal(of: later)?.code == .conflict)
        let again = try fixture.proposal(permit(claim), id: "p-2")
        #expect(state.refusal(of: again)?.code == .conflict)
    }

    @Test func `a claim that fits leaves it unused`() throws {
        let claim = try fixture.claim(quantities: [100])
        let state = try fixture.apply(
            [claim],
            to: try fixture.state(deciding: permit(claim), on: try fixture.start())
        )
        #expect(try !fixture.record(state).isOverridden)
        #expect(state.override(of: reference)?.used == nil)
        #expect(try fixture.total(state, "parent-year", "uni-ke").overrides == 0)
    }

    @Test func `it lifts caps and no other rule`() throws {
        let body = OrganisationBody(
            id: "uni-cn",
            location: "CN",
            headquarters: "CN",
            parent: nil,
            name: .zero
        )
        let closed = try fixture.claim(quantities: [150], to: "uni-cn", in: "CN")
        let state = try fixture.state(
            deciding: permit(closed),
            on: try fixture.apply(
                [try fixture.register(body)],
                to: try fixture.start()
            )
        )
        #expect(state.refusal(of: closed)?.code == .ruleRefused)
    }
}
