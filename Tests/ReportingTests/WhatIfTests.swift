import CBOR
import Ledger
import LedgerFixture
import QuotaRules
import Testing

@testable import Reporting

/// The past of a small ledger under other rules.
struct WhatIfTests {
    private func world(
        cap: UInt64,
        from day: String,
        _ history: SmallHistory? = nil
    ) throws -> WhatIf {
        let policy = try Policy.decode(FixtureRules.policy(id: "new", countryCap: cap))
        let history = try history ?? SmallHistory.sample()
        return history.whatIf(
            .init(
                policy: policy,
                catalogue: nil,
                from: try #require(CalendarDate(day))
            )
        )
    }

    private func section(_ id: String, of world: WhatIf) throws -> String {
        let report = try #require(world.report)
        return try #require(report.sections.first { $0.id == id }).text
    }

    @Test func `the same rules from the start change nothing`() throws {
        let world = try world(cap: FixtureRules.countryCap, from: "2025-06-01")
        #expect(world.differences.isEmpty && world.skipped == 0 && world.judged == 5)
        let now = try #require(world.state)
        let then = try #require(world.world)
        #expect(now.accounts == then.accounts)
        #expect(now.size == then.size)
    }

    @Test func `a lower cap refuses what no longer fits, with the arithmetic`() throws {
        let world = try world(cap: 500_000, from: "2026-01-01")
        #expect(world.differences.map(\.claim.reference.id) == ["c-2"])
        let claims = try section("claims", of: world)
        #expect(claims.contains("640,000") && claims.contains("TPP above the cap of 500,000"))
        #expect(
            try section("countries", of: world) == """
                Claimed by destination, now and then
                  country  claims now  then  chips now  then  TPP now     then  difference
                  KE                3     2      1,340   700  960,000  320,000    -640,000
                  MY                1     1         95    95   95,000   95,000           0
                  NL                1     1         92    92   92,000   92,000           0
                  As claimed on the whole ledger; cancellations and what happened later show in accounts.

                """
        )
        #expect(try section("over", of: world).contains("Nobody."))
    }

    @Test func `what was committed before the day carries over and may be over at once`() throws {
        let world = try world(cap: 500_000, from: "2026-03-15")
        #expect(world.differences.map(\.claim.reference.id) == ["c-4"])
        let over = try section("over", of: world)
        #expect(
            over.contains("2026-03-15  KE       country  2025-2027    940,000  500,000  440,000")
        )
        #expect(
            over.contains("checkpoint  KE       country  2025-2027    640,000  500,000  140,000")
        )
    }

    @Test func `what happened to a refused claim is skipped and said so`() throws {
        let world = try world(cap: 200_000, from: "2026-01-01")
        #expect(world.differences.map(\.claim.reference.id).sorted() == ["c-1", "c-2"])
        #expect(world.skipped == 1)
        let report = try #require(world.report)
        #expect(report.notes.contains { $0.hasPrefix("1 other statements skipped") })
    }

    @Test func `a supposed catalogue weighs the claims`() throws {
        let heavier = try ChipCatalogue.decode([
            "format": 1, "id": "heavy", "version": 2, "title": "Heavy", "source": "made up",
            "items": [
                [
                    "sku": "chip-a", "name": "a", "designer": "Test", "source": "made up",
                    "tpp": "2000", "datacentre": true, "estimate": false,
                ]
            ],
        ])
        let world = try SmallHistory.sample().whatIf(
            .init(policy: nil, catalogue: heavier, from: try #require(CalendarDate("2026-01-01")))
        )
        // The order inside a block is drawn, so the claims are compared by id.
        let differences = world.differences.sorted { $0.claim.reference.id < $1.claim.reference.id }
        let codes = differences.compactMap { $0.decision?.decidingReason?.code }
        #expect(differences.map(\.claim.reference.id) == ["c-2", "c-3", "c-4", "c-5"])
        #expect(codes == [.limitExceeded, .limitExceeded, .unknownItem, .limitExceeded])
    }

    @Test func `a day after the last block leaves nothing to judge`() throws {
        let world = try world(cap: 1, from: "2030-01-01")
        #expect(world.judged == 0)
        let report = try #require(world.report)
        #expect(report.notes[0].contains("no block on or after 2030-01-01"))
    }
}
