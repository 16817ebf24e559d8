import CBOR
import Ledger
import LedgerFixture
import QuotaRules
import Testing

/// Claims that governments decide on.
struct ClaimDecisionTests {
    private let reference = ClaimReference(issuer: "chipco", id: "c-1")

    /// A ledger on which a group that passes a hundred of `chip-a` a year needs a decision.
    private func fixture(_ threshold: CBORValue?) throws -> ConsignmentFixture {
        try ConsignmentFixture(patch: Self.asking(threshold))
    }

    /// What makes a policy ask for that decision.
    private static func asking(_ threshold: CBORValue?) -> (CBORValue) -> CBORValue {
        { policy in
            var limits = policy["limits"]?.arrayValue ?? []
            let exceeded: CBORValue = [
                "outcome": "needs_decision", "text": "A large cluster.", "citation": "Test 30",
            ]
            limits[1] = limits[1].setting(
                "exceeded",
                to: threshold == nil ? exceeded : exceeded.setting("decision", to: "cluster")
            )
            let policy = policy.setting("limits", to: .array(limits))
            guard let threshold else { return policy }
            let decision: CBORValue = [
                "id": "cluster", "title": "A large cluster", "citation": "Test 30",
                "threshold": threshold,
            ]
            return policy.setting("decisions", to: [decision])
        }
    }

    private func waiting(_ fixture: ConsignmentFixture) throws -> LedgerState {
        try fixture.apply([try fixture.claim(quantities: [101])], to: try fixture.start())
    }

    private func licence(_ fixture: ConsignmentFixture) throws -> Statement {
        let day = try #require(CalendarDate("2026-12-31"))
        return try fixture.event(.licence(quantities: nil, expires: day, digest: nil), id: "l")
    }

    @Test func `it is reserved and waits; nothing goes on before the decision`() throws {
        let fixture = try fixture(["count": 3])
        #expect(
            try fixture.record(
                try fixture.apply(
                    [try fixture.claim(quantities: [100])],
                    to: try fixture.start()
                )
            ).decision == .notNeeded
        )
        let state = try waiting(fixture)
        let record = try fixture.record(state)
        #expect(record.decision == .awaiting)
        #expect(record.state == .awaiting)
        #expect(record.asks == ["cluster"])
        #expect(try fixture.total(state, "parent-year", "uni-ke").consumed == 1_010_000)
        #expect(state.refusal(of: try licence(fixture))?.code == .needsDecision)
        let day = try #require(CalendarDate("2026-01-01"))
        let ship = ClaimEvent.ship(quantities: [1], date: day, tags: [], digest: nil)
        #expect(
            state.refusal(of: try fixture.event(ship, id: "s"))?.code == .needsDecision
        )
    }

    @Test func `as many as the policy's decision wants must approve`() throws {
        let fixture = try fixture(["count": 3])
        var state = try waiting(fixture)
        for government in [fixture.exporting, fixture.receiving] {
            state = try fixture.apply(
                [try fixture.vote(on: .claim, "c-1", by: government)],
                to: state
            )
            #expect(state.decision(on: reference)?.state == .open)
            #expect(state.refusal(of: try licence(fixture))?.code == .needsDecision)
        }
        state = try fixture.apply(
            [try fixture.vote(on: .claim, "c-1", by: fixture.third)],
            to: state
        )
        #expect(state.decision(on: reference)?.state == .approved)
        #expect(try fixture.record(state).decision == .approved)
        let licensed = try fixture.apply([try licence(fixture)], to: state)
        #expect(try fixture.record(licensed).count(in: .licensed) == 101)
    }

    @Test func `a claim goes on when a policy comes whose decision wants fewer`() throws {
        let fixture = try fixture(["count": 3])
        var state = try waiting(fixture)
        for government in [fixture.exporting, fixture.receiving] {
            let vote = try fixture.vote(on: .claim, "c-1", by: government)
            state = try fixture.apply([vote], to: state)
        }
        #expect(state.decision(on: reference)?.state == .open)
        let next = Self.asking(["count": 2])(ConsignmentFixture.policy.setting("id", to: "next"))
        state = try fixture.state(
            deciding: .policy(
                PolicySuccession(
                    try Policy.decode(next),
                    effective: try #require(CalendarDate("2026-01-01"))
                )
            ),
            on: state
        )
        #expect(state.decision(on: reference)?.state == .approved)
        #expect(try fixture.record(state).decision == .approved)
        let late = try fixture.vote(on: .claim, "c-1", by: fixture.third)
        #expect(state.refusal(of: late)?.code == .notOpen)
    }

    @Test func `a decision without a number of its own takes that of claims`() throws {
        let fixture = try fixture(nil)
        var state = try waiting(fixture)
        #expect(try fixture.record(state).asks == [""])
        state = try fixture.apply(
            [
                try fixture.vote(on: .claim, "c-1", by: fixture.receiving),
                try fixture.vote(on: .claim, "c-1", by: fixture.third),
            ],
            to: state
        )
        #expect(try fixture.record(state).decision == .approved)
    }

    @Test func `a rejection ends the claim and gives back what cancelling does`() throws {
        let fixture = try fixture(["count": 3])
        let state = try fixture.apply(
            [try fixture.vote(.reject, on: .claim, "c-1", by: fixture.third)],
            to: try waiting(fixture)
        )
        let record = try fixture.record(state)
        #expect(record.decision == .rejected)
        #expect(record.state == .rejected)
        #expect(record.count(in: .expired) == 101)
        #expect(try fixture.total(state, "country", "KE").consumed == 0)
        #expect(try fixture.total(state, "parent-year", "uni-ke").consumed == 1_010_000)
        #expect(state.decision(on: reference)?.state == .rejected)
        #expect(state.refusal(of: try licence(fixture)) != nil)
    }

    @Test func `each government votes once, while the question is open`() throws {
        let fixture = try fixture(["count": 2])
        let first = try fixture.vote(on: .claim, "c-1", by: fixture.third)
        let once = try fixture.apply([first], to: try waiting(fixture))
        let other = try fixture.vote(.reject, on: .claim, "c-1", by: fixture.third)
        #expect(once.refusal(of: other)?.code == .conflict)
        let byExporter = try fixture.vote(on: .claim, "c-1", by: fixture.exporter)
        #expect(once.refusal(of: byExporter)?.code == .notAuthorised)
        let decided = try fixture.apply(
            [try fixture.vote(on: .claim, "c-1", by: fixture.receiving)],
            to: once
        )
        let late = try fixture.vote(on: .claim, "c-1", by: fixture.exporting)
        #expect(decided.refusal(of: late)?.code == .notOpen)
    }

    @Test
    func `a suspended government does not vote, and a claim that waits for nothing takes none`()
        throws
    {
        let fixture = try fixture(["count": 2])
        let suspension = try fixture.sign(
            .suspension(SuspensionBody(member: "nl-cdiu")),
            id: "s-1",
            by: fixture.exporting
        )
        let state = try fixture.apply([suspension], to: try waiting(fixture))
        let vote = try fixture.vote(on: .claim, "c-1", by: fixture.third)
        #expect(state.refusal(of: vote)?.code == .suspended)
        let small = try fixture.apply([try fixture.claim()], to: try fixture.start())
        #expect(small.refusal(of: vote)?.code == .notOpen)
    }
}
