import CBOR
import Ledger
import LedgerFixture
import QuotaRules
import Testing

/// What governments decide together about a consignment: disputes, write-offs, corrections.
struct DecidedEventTests {
    let fixture: ConsignmentFixture

    init() throws { fixture = try ConsignmentFixture() }

    private func action(_ event: ClaimEvent) -> ProposalAction {
        .event(EventBody(claim: ClaimReference(issuer: "chipco", id: "c-1"), event: event))
    }

    private func refusal(of event: ClaimEvent, on state: LedgerState) throws -> Refusal? {
        state.refusal(of: try fixture.proposal(action(event), id: "p-9"))
    }

    @Test func `a dispute is resolved part by part, to where it is decided`() throws {
        let disputed = try fixture.state(.disputed)
        let back = ClaimEvent.resolve(quantities: [4], from: .delivered, to: .delivered)
        let proposed = try fixture.apply([try fixture.proposal(action(back))], to: disputed)
        #expect(proposed.accounts == disputed.accounts)
        #expect(try fixture.record(proposed).count(in: .disputed) == 10)
        let part = try fixture.apply([try fixture.vote(by: fixture.third)], to: proposed)
        var record = try fixture.record(part)
        #expect(record.count(in: .delivered) == 4)
        #expect(record.disputes.map(\.from) == [.delivered])
        #expect(record.disputes.map(\.quantities) == [[6]])
        #expect(
            try refusal(
                of: .resolve(quantities: [7], from: .delivered, to: .delivered),
                on: part
            )?.code == .quantityExceeds
        )
        #expect(
            try refusal(of: .resolve(quantities: [1], from: .lost, to: .delivered), on: part)?
                .code == .quantityExceeds
        )
        let rest = try fixture.state(
            deciding: action(.resolve(quantities: [6], from: .delivered, to: .returned)),
            id: "p-2",
            on: part
        )
        record = try fixture.record(rest)
        #expect(record.disputes.isEmpty)
        #expect(record.count(in: .returned) == 6)
        // Countries get room back for what was returned, groups do not.
        #expect(try fixture.total(rest, "country", "KE").consumed == 40_000)
        #expect(try fixture.total(rest, "parent-year", "uni-ke").consumed == 100_000)
    }

    @Test func `what is lost is written off, and gives room back only for attrition`() throws {
        let state = try fixture.state(
            deciding: action(.writeOff(quantities: [10], from: .lost)),
            on: try fixture.state(.lost)
        )
        let total = try fixture.total(state, "country", "KE")
        #expect(total.amounts == BucketValues(100_000, in: .retired))
        #expect(total.consumed == 100_000)
        #expect(try fixture.record(state).state == .retired)
        let giving = try ConsignmentFixture { policy in
            var limits = policy["limits"]?.arrayValue ?? []
            limits[0] = limits[0].setting(
                "release",
                to: ["on": ["attrition"], "citation": "Test 5"]
            )
            return policy.setting("limits", to: .array(limits))
        }
        let given = try giving.state(
            deciding: action(.writeOff(quantities: [4], from: .lost)),
            on: try giving.state(.lost)
        )
        let rest = try giving.total(given, "country", "KE")
        #expect(rest.consumed == 60_000)
        #expect(rest.released == 40_000)
        #expect(rest.releasedChips == 4)
        let more = ClaimEvent.writeOff(quantities: [1], from: .lost)
        #expect(try refusal(of: more, on: state)?.code == .wrongState)
    }

    @Test func `a mistake is corrected within what was shipped, or within what was not`() throws {
        let delivered = try fixture.state(.delivered)
        let state = try fixture.state(
            deciding: action(.correct(quantities: [3], from: .delivered, to: .shortfall)),
            on: delivered
        )
        #expect(try fixture.record(state).count(in: .shortfall) == 3)
        #expect(try fixture.record(state).count(in: .delivered) == 7)
        #expect(try fixture.total(state, "country", "KE").consumed == 100_000)
        for (from, to) in [
            (Bucket.delivered, Bucket.reserved), (.delivered, .licensed), (.inTransit, .reserved),
        ] {
            let wrong = ClaimEvent.correct(quantities: [1], from: from, to: to)
            let refusal = try #require(try refusal(of: wrong, on: delivered))
            #expect(refusal.code == .wrongState)
            #expect(refusal.path == "$.payload.body.action.body.to")
        }
        // What ends without having been shipped ends by other events.
        #expect(throws: StatementError.self) {
            try fixture.proposal(
                action(.correct(quantities: [1], from: .delivered, to: .expired))
            )
        }
        let unshipped = try fixture.state(.reserved)
        let shipped = ClaimEvent.correct(quantities: [1], from: .reserved, to: .delivered)
        #expect(try refusal(of: shipped, on: unshipped)?.code == .wrongState)
    }

    @Test func `a vote for what has become impossible is refused, and the proposal stays open`()
        throws
    {
        let state = try fixture.apply(
            [
                try fixture.proposal(action(.writeOff(quantities: [10], from: .lost))),
                try fixture.event(.found(quantities: [1], to: .delivered), id: "found"),
            ],
            to: try fixture.state(.lost)
        )
        let vote = try fixture.vote(by: fixture.third)
        #expect(state.refusal(of: vote)?.code == .quantityExceeds)
        #expect(state.proposal(issuer: "us-bis", id: "p-1")?.state == .open)
        #expect(try fixture.record(state).count(in: .lost) == 9)
    }

    @Test func `a rejected proposal moves nothing`() throws {
        let lost = try fixture.state(.lost)
        let state = try fixture.apply(
            [
                try fixture.proposal(action(.writeOff(quantities: [10], from: .lost))),
                try fixture.vote(.reject, by: fixture.third),
                try fixture.vote(.reject, by: fixture.receiving),
            ],
            to: lost
        )
        #expect(state.proposal(issuer: "us-bis", id: "p-1")?.state == .rejected)
        #expect(state.accounts == lost.accounts)
    }

    @Test func `goods change hands only by the word of those who hold them`() throws {
        let transfer = ClaimEvent.transfer(
            organisation: "lab-ke",
            facility: nil,
            quantities: nil,
            tags: []
        )
        #expect(
            try refusal(of: transfer, on: try fixture.state(.delivered))?.code == .notAuthorised
        )
    }
}
