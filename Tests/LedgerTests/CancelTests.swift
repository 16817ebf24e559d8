import Ledger
import LedgerFixture
import QuotaRules
import Testing

/// Withdrawing a claim.
struct CancelTests {
    let fixture: LedgerFixture
    let base: LedgerState

    init() throws {
        fixture = try LedgerFixture()
        let organisation = try fixture.organisation("uni-ke", in: "KE")
        let start = try fixture.state(after: [organisation], on: try fixture.state())
        base = try fixture.state(
            after: [
                try fixture.claim("licensed", to: "uni-ke", in: "KE", quantity: 10),
                try fixture.claim("small", to: "uni-ke", in: "KE", quantity: 5, route: "LPP"),
            ],
            on: start
        )
    }

    private func consumed(_ state: LedgerState, _ limit: String) -> UInt64? {
        state.accounts.first { $0.key.limit == limit }?.total.consumed
    }

    @Test func `a limit that releases on cancellation gives the room back`() throws {
        let state = try fixture.state(after: [try fixture.cancel("licensed")], on: base)
        #expect(consumed(base, "country") == 100_000)
        #expect(consumed(state, "country") == 0)
        let record = try #require(state.claim(issuer: "chipco", id: "licensed"))
        #expect(record.state == .cancelled)
        #expect(record.postings.map(record.consumed) == [0])
        #expect(record.postings.map(\.released) == [100_000])
        #expect(record.lines[0].quantities == BucketValues(10, in: .expired))
        #expect(state.accounts.first { $0.key.limit == "country" }?.total.asOf == base.size)
    }

    @Test func `a limit that counts what was exported keeps it`() throws {
        let state = try fixture.state(after: [try fixture.cancel("small")], on: base)
        #expect(consumed(state, "parent-year") == 50_000)
        let record = try #require(state.claim(issuer: "chipco", id: "small"))
        #expect(record.state == .cancelled)
        #expect(record.postings.map(record.consumed) == [50_000])
    }

    @Test func `a claim is cancelled once`() throws {
        let cancel = try fixture.cancel("licensed")
        let state = try fixture.state(after: [cancel], on: base)
        #expect(state.admit(cancel) == .duplicate(base.size))
        let second = try fixture.cancel("licensed", reason: "again")
        #expect(state.refusal(of: second)?.code == .conflict)
    }

    @Test func `only the issuer cancels, and only what there is`() throws {
        let other = try fixture.cancel("licensed", by: fixture.government)
        #expect(base.refusal(of: other)?.code == .unknownClaim)
        let nothing = try fixture.cancel("nothing")
        #expect(base.refusal(of: nothing)?.code == .unknownClaim)
        #expect(base.refusal(of: nothing)?.path == "$.payload.claim")
    }

    @Test func `a claim and its cancellation fit in one block`() throws {
        let claim = try fixture.claim("brief", to: "uni-ke", in: "KE", quantity: 7)
        let cancel = try fixture.cancel("brief")
        let build = fixture.build([cancel, claim], on: base)
        let result = try #require(build.result)
        #expect(build.refused.isEmpty)
        #expect(result.block.statements == [claim, cancel])
        #expect(consumed(result.state, "country") == 100_000)
        #expect(try base.verify(result.block).lastHeaderHash == result.state.lastHeaderHash)
    }

    @Test func `the room that a cancellation gives back can be claimed`() throws {
        let full = try fixture.state(
            after: [try fixture.claim("rest", to: "uni-ke", in: "KE", quantity: 990)],
            on: base
        )
        let next = try fixture.claim("next", to: "uni-ke", in: "KE", quantity: 10)
        #expect(full.refusal(of: next)?.code == .limitExceeded)
        let freed = try fixture.state(after: [try fixture.cancel("licensed")], on: full)
        #expect(freed.refusal(of: next) == nil)
    }
}
