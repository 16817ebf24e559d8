import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import Testing

/// Agreements that raise a cap, allocations, and overrides.
struct GrantTests {
    let fixture: LedgerFixture
    let base: LedgerState

    init() throws {
        fixture = try LedgerFixture()
        base = try fixture.state(
            deciding: "rules",
            .policy(
                PolicySuccession(
                    try Policy.decode(try Self.policy()),
                    effective: try #require(CalendarDate("2026-01-01"))
                )
            ),
            on: try fixture.state(
                after: [try fixture.organisation("uni-ke", in: "KE")],
                on: try fixture.state()
            )
        )
    }

    /// The fixture's policy with an uplift of at most 50 % for countries and a granted limit a year.
    private static func policy() throws -> CBORValue {
        let document = FixtureRules.policy(id: "p-grants")
        let entries = try #require(document.mapValue).map { entry -> CBORMapEntry in
            guard entry.key == .text("limits"), case .array(let limits) = entry.value else {
                return entry
            }
            let country = try #require(limits[0].mapValue)
            let parent = try #require(limits[1].mapValue)
            let uplift: CBORValue = ["percentMax": 50, "citation": "Test U", "entries": []]
            return CBORMapEntry(
                "limits",
                [
                    .sortedMap(country + [CBORMapEntry("uplift", uplift)]),
                    .sortedMap(parent + [CBORMapEntry("granted", true)]),
                ]
            )
        }
        return .sortedMap(entries)
    }

    private func date(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }

    private func agreement(
        _ percent: UInt64,
        from: String = "2026-01-01",
        through: String? = nil,
        limit: String = "country",
        country: String = "KE"
    ) throws -> ProposalAction {
        .agreement(
            Agreement(
                limit: limit,
                country: country,
                percent: percent,
                validity: Validity(from: try date(from), through: try through.map(date)),
                evidence: "exchange of letters",
                citation: "Test"
            )
        )
    }

    private func allocation(
        _ amount: UInt64,
        subject: [String] = ["uni-ke"],
        limit: String = "parent-year"
    ) throws -> ProposalAction {
        .allocation(
            Allocation(
                limit: limit,
                subject: subject,
                amount: amount,
                validity: Validity(from: try date("2026-01-01"), through: nil),
                citation: "Test"
            )
        )
    }

    private func refusal(of action: ProposalAction, on state: LedgerState? = nil) throws -> Refusal?
    {
        (state ?? base).refusal(of: try fixture.proposal("p-x", action))
    }

    private func claim(
        _ quantity: UInt64,
        on state: LedgerState,
        exported: String = "2026-02-01",
        route: String = "LICENSE"
    ) throws -> Decision {
        try state.dryRun(
            try fixture.claimBody(
                to: "uni-ke",
                in: "KE",
                quantity: quantity,
                route: route,
                exported: exported
            ),
            issuer: "chipco"
        )
    }

    @Test func `an agreement raises a country's cap to the percent and not further`() throws {
        #expect(try claim(1_000, on: base).outcome == .admit)
        #expect(try claim(1_001, on: base).outcome == .refuse)
        let state = try fixture.state(deciding: "ag", try agreement(50), on: base)
        #expect(try claim(1_500, on: state).outcome == .admit)
        #expect(try claim(1_501, on: state).outcome == .refuse)
        #expect(state.agreements.map(\.terms.percent) == [50])
    }

    @Test func `an agreement holds on its days only`() throws {
        let state = try fixture.state(
            deciding: "ag",
            try agreement(50, from: "2026-03-01", through: "2026-03-31"),
            on: base
        )
        for (day, outcome) in [
            ("2026-02-28", Outcome.refuse), ("2026-03-01", .admit), ("2026-03-31", .admit),
            ("2026-04-01", .refuse),
        ] {
            #expect(try claim(1_200, on: state, exported: day).outcome == outcome)
        }
    }

    @Test func `of two agreements the one decided later counts`() throws {
        var state = try fixture.state(deciding: "ag-1", try agreement(50), on: base)
        state = try fixture.state(deciding: "ag-2", try agreement(10), on: state)
        #expect(try claim(1_100, on: state).outcome == .admit)
        #expect(try claim(1_101, on: state).outcome == .refuse)
    }

    @Test func `an agreement stays inside what the limit provides for`() throws {
        #expect(try refusal(of: try agreement(51))?.code == .upliftExceeded)
        #expect(try refusal(of: try agreement(50)) == nil)
        #expect(
            try refusal(of: try agreement(10, limit: "parent-year"))?.code == .ruleRefused
        )
        #expect(try refusal(of: try agreement(10, limit: "nothing"))?.code == .unknownLimit)
    }

    @Test func `an agreement does not take back what is committed`() throws {
        var state = try fixture.state(deciding: "ag-1", try agreement(50), on: base)
        state = try fixture.state(
            after: [try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 1_400)],
            on: state
        )
        #expect(try refusal(of: try agreement(30), on: state)?.code == .capBelowCommitted)
        #expect(try refusal(of: try agreement(40), on: state) == nil)
    }

    @Test func `a granted limit gives nothing before its allocation, and at most its cap`() throws {
        #expect(try claim(1, on: base, route: "LPP").outcome == .refuse)
        let cap = FixtureRules.parentCap * 10
        #expect(try refusal(of: try allocation(cap + 1))?.code == .overAllocated)
        let state = try fixture.state(deciding: "al", try allocation(500_000), on: base)
        #expect(try claim(50, on: state, route: "LPP").outcome == .admit)
        #expect(try claim(51, on: state, route: "LPP").outcome == .refuse)
        let filled = try fixture.state(
            after: [
                try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 40, route: "LPP")
            ],
            on: state
        )
        #expect(try refusal(of: try allocation(399_999), on: filled)?.code == .capBelowCommitted)
        #expect(try refusal(of: try allocation(400_000), on: filled) == nil)
    }

    @Test func `an allocation names a granted limit and its whole subject`() throws {
        #expect(try refusal(of: try allocation(1, limit: "country"))?.code == .ruleRefused)
        #expect(try refusal(of: try allocation(1, subject: []))?.code == .malformed)
        #expect(try refusal(of: try allocation(1, limit: "nothing"))?.code == .unknownLimit)
    }

    @Test
    func
        `the steps of a cap follow agreements and policies, also those to come, to the period's end`()
        throws
    {
        let account = AccountKey(
            limit: "country",
            subject: ["KE"],
            period: "2025-2027"
        )
        func steps(_ state: LedgerState, days: Int = 900) throws -> [String] {
            state.capSteps(of: account, from: try date("2026-01-01"), days: days)
                .map { "\($0.from) \($0.cap.map { "\($0 / 10)" } ?? "none")" }
        }
        let plain = ["2026-01-01 1000000", "2028-01-01 none"]
        #expect(try steps(base) == plain)
        #expect(try steps(base, days: 1) == ["2026-01-01 1000000"])
        #expect(try steps(base, days: -1) == [])
        let raised = try fixture.state(
            deciding: "up",
            try agreement(25, from: "2026-03-01", through: "2026-06-30"),
            on: base
        )
        #expect(
            try steps(raised) == [
                "2026-01-01 1000000", "2026-03-01 1250000", "2026-07-01 1000000",
                "2028-01-01 none",
            ]
        )
        let next = try fixture.state(
            deciding: "next",
            .policy(
                PolicySuccession(
                    try Policy.decode(
                        FixtureRules.policy(id: "lower", countryCap: FixtureRules.countryCap / 2)
                    ),
                    effective: try date("2026-05-01")
                )
            ),
            on: base
        )
        #expect(
            try steps(next) == ["2026-01-01 1000000", "2026-05-01 500000", "2028-01-01 none"]
        )
        let unknown = AccountKey(limit: "none", subject: ["KE"], period: "2026")
        #expect(
            base.capSteps(of: unknown, from: try date("2026-01-01"), days: 9).map(\.cap) == [nil]
        )
    }

    @Test func `agreements, allocations and overrides come back from the state map`() throws {
        let reference = ClaimReference(issuer: "chipco", id: "c-1")
        var state = try fixture.state(deciding: "ag-1", try agreement(50), on: base)
        state = try fixture.state(deciding: "ag-2", try agreement(25), on: state)
        state = try fixture.state(deciding: "al-1", try allocation(500_000), on: state)
        let permit = ClaimOverride(claim: reference, body: .zero, reason: .zero)
        state = try fixture.state(deciding: "ov", .override(permit), on: state)
        let restored = try state.restored()
        #expect(state.agreements.map(\.terms.percent) == [50, 25])
        #expect(restored.agreements == state.agreements)
        #expect(state.allocations.map(\.terms.amount) == [500_000])
        #expect(restored.allocations == state.allocations)
        #expect(restored.override(of: reference) == state.override(of: reference))
        for (quantity, route) in [(1_250, "LICENSE"), (1_251, "LICENSE"), (50, "LPP"), (51, "LPP")]
        {
            let amount = UInt64(quantity)
            let outcome = try claim(amount, on: restored, route: route).outcome
            #expect(try claim(amount, on: state, route: route).outcome == outcome)
            #expect(outcome == (quantity % 10 == 0 ? .admit : .refuse))
        }
    }

    @Test func `an override is for one claim to come`() throws {
        let reference = ClaimReference(issuer: "chipco", id: "c-1")
        let permit = ClaimOverride(claim: reference, body: .zero, reason: .zero)
        let state = try fixture.state(deciding: "ov", .override(permit), on: base)
        #expect(state.override(of: reference)?.used == nil)
        #expect(try refusal(of: .override(permit), on: state)?.code == .conflict)
        let nobody = ClaimOverride(
            claim: ClaimReference(issuer: "nobody", id: "c-1"),
            body: .zero,
            reason: .zero
        )
        #expect(try refusal(of: .override(nobody))?.code == .unknownMember)
        let claimed = try fixture.state(
            after: [try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 1)],
            on: base
        )
        #expect(try refusal(of: .override(permit), on: claimed)?.code == .conflict)
    }
}
