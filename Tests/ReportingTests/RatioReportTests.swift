import CBOR
import Ledger
import LedgerFixture
import QuotaRules
import Testing

@testable import Reporting

/// Report 5: what went to one set of countries beside what went to another.
struct RatioReportTests {
    /// Of each chip the others get one for two that stay in the United States.
    private static func policy() throws -> Policy {
        let policy = FixtureRules.policy(version: 2)
        let limits = policy["limits"]?.arrayValue ?? []
        let groups = policy["groups"]?.arrayValue ?? []
        let home: CBORValue = [
            "id": "home", "title": "At home", "citation": "Test 20",
            "members": [["countries": ["US"], "from": "2025-01-01"]],
        ]
        func limit(_ id: String, _ match: String) -> CBORValue {
            [
                "id": .text(id), "title": .text(id), "citation": "Test 21",
                "metric": ["kind": "units"], "subject": ["product"],
                "window": ["kind": "cumulative", "from": "2026-01-01"], "countBasis": "exported",
                "when": [["match": .text(match), "of": ["destination"], "in": ["home"]]],
                "release": ["on": ["cancellation"], "citation": "Test 22"],
            ]
        }
        let away = limit("away", "none").setting("metric", to: ["kind": "ratio", "of": "units"])
            .setting("cap", to: "0.5")
            .setting("denominator", to: ["kind": "same_product", "limit": "at-home"])
            .setting("exceeded", to: limits[0]["exceeded"] ?? .null)
        var routes = policy["routes"]?.arrayValue ?? []
        var rules = routes[0]["rules"]?.arrayValue ?? []
        rules[1] = rules[1].setting("limits", to: ["country", "at-home", "away"])
        routes[0] = routes[0].setting("rules", to: .array(rules))
        return try Policy.decode(
            policy.setting("groups", to: .array(groups + [home]))
                .setting("limits", to: .array(limits + [limit("at-home", "every"), away]))
                .setting("routes", to: .array(routes))
        )
    }

    private func rows(_ history: SmallHistory) throws -> [String] {
        let report = try #require(history.book.report(ReportQuery(.ratio)))
        let section = try #require(report.sections.first { $0.id == "ratios" })
        return section.rows.map { $0.map(\.words).joined(separator: " | ") }
    }

    @Test func `both sums stand beside the cap, product by product`() throws {
        var history = try SmallHistory()
        let fixture = history.fixture
        try history.add(
            [
                try fixture.organisation("lab-us", in: "US"),
                try fixture.organisation("lab-ke", in: "KE"),
            ],
            at: "2026-03-01"
        )
        let succession = PolicySuccession(
            try Self.policy(),
            effective: try #require(CalendarDate("2026-03-01"))
        )
        try history.add([try fixture.proposal("p", .policy(succession))], at: "2026-03-01")
        try history.add([try fixture.vote(on: "p", by: fixture.founders[2])], at: "2026-03-01")
        #expect(try rows(history).isEmpty)
        for (number, claim) in [
            ("US", "chip-a", 10), ("US", "chip-b", 7), ("KE", "chip-a", 3), ("KE", "chip-b", 3),
        ].enumerated() {
            let statement = try fixture.claim(
                "c-\(number)",
                to: "lab-\(claim.0.lowercased())",
                in: claim.0,
                sku: claim.1,
                quantity: UInt64(claim.2)
            )
            try history.add([statement], at: "2026-03-10")
        }
        #expect(
            try rows(history) == [
                "away | chip-a | since-2026-01-01 | flow | 3 | 10 | units | 30.00 % | 50.00 % | 5 | open"
                    + " | at-home (same_product)",
                "away | chip-b | since-2026-01-01 | flow | 3 | 7 | units | 42.85 % | 50.00 % | 3 | full"
                    + " | at-home (same_product)",
            ]
        )
        // What is cancelled at home takes the room away, and the report says so.
        try history.add([try fixture.cancel("c-1")], at: "2026-03-11")
        let last = try #require(try rows(history).last)
        #expect(last.hasPrefix("away | chip-b | since-2026-01-01 | flow | 3 | 0 |"))
        #expect(last.contains("| over |"))
    }
}
