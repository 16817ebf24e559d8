import CBOR
import Ledger
import LedgerFixture
import QuotaRules
import Testing

@testable import Reporting

/// Shipments that stay below the threshold of a single one: report 3 and report 8.
struct ShipmentReportTests {
    /// One shipment of the route LICENSE is of 10,000 TPP at most, and from 5,000 TPP on the route LPP
    /// asks for a notice.
    private static func policy() throws -> Policy {
        let policy = FixtureRules.policy(version: 2)
        let limits = policy["limits"]?.arrayValue ?? []
        let single = limits[0].setting("id", to: "single").setting("cap", to: "10000")
            .setting("window", to: ["kind": "shipment"]).setting(
                "release",
                to: ["on": [], "citation": "Test"]
            )
        var routes = policy["routes"]?.arrayValue ?? []
        var rules = routes[0]["rules"]?.arrayValue ?? []
        rules[1] = rules[1].setting("limits", to: ["country", "single"])
        routes[0] = routes[0].setting("rules", to: .array(rules))
        routes[1] = routes[1].setting(
            "notices",
            to: [
                [
                    "id": "large", "recipient": "us-bis", "text": "Tell it.", "citation": "Test",
                    "deadline": ["kind": "before_shipment"],
                    "threshold": [
                        "limit": "parent-year", "measure": "shipment", "atLeast": "5000",
                    ],
                ]
            ]
        )
        return try Policy.decode(
            policy.setting("limits", to: .array(limits + [single]))
                .setting("routes", to: .array(routes))
        )
    }

    private static func start() throws -> SmallHistory {
        var history = try SmallHistory()
        let fixture = history.fixture
        let group = OrganisationBody.Parent(id: "grp", headquarters: "KE")
        try history.add(
            [
                try fixture.organisation("lab-ke", in: "KE", parent: group),
                try fixture.organisation("uni-ke", in: "KE", parent: group),
                try fixture.organisation("lab-my", in: "MY"),
            ],
            at: "2026-03-01"
        )
        let succession = PolicySuccession(
            try policy(),
            effective: try #require(CalendarDate("2026-03-01"))
        )
        try history.add([try fixture.proposal("p", .policy(succession))], at: "2026-03-01")
        try history.add([try fixture.vote(on: "p", by: fixture.founders[2])], at: "2026-03-01")
        return history
    }

    private func rows(_ history: SmallHistory, _ kind: ReportKind) throws -> [String] {
        let report = try #require(history.book.report(ReportQuery(kind)))
        let section = try #require(report.sections.first { $0.id == "shipmentStructuring" })
        return section.rows.map { $0.map(\.words).joined(separator: " | ") }
    }

    @Test func `small shipments to one parent that pass a threshold together are a hit`() throws {
        var history = try Self.start()
        let fixture = history.fixture
        try history.add(
            [
                try fixture.claim("c-1", to: "lab-ke", in: "KE", quantity: 9),
                try fixture.claim(
                    "c-2",
                    to: "uni-ke",
                    in: "KE",
                    quantity: 2,
                    by: fixture.government
                ),
                // Below the threshold of the other route.
                try fixture.claim("c-3", to: "lab-ke", in: "KE", quantity: 3, route: "LPP"),
                try fixture.claim("c-4", to: "lab-ke", in: "KE", quantity: 2, route: "LPP"),
                // At the threshold together, and no more.
                try fixture.claim("c-5", to: "lab-my", in: "MY", quantity: 4),
                try fixture.claim("c-6", to: "lab-my", in: "MY", quantity: 6),
            ],
            at: "2026-03-10"
        )
        let expected = [
            "grp | large | 2026-03 | 2 | 0 | chipco | 5,000 | 4,999.9 | TPP",
            "grp | single | 2026-03 | 2 | 1 | chipco us-bis | 11,000 | 10,000 | TPP",
        ]
        #expect(try rows(history, .exceptions) == expected)
        #expect(try rows(history, .concentration) == expected)
    }

    @Test func `another month, a cancelled claim and a notified one make no hit`() throws {
        var history = try Self.start()
        let fixture = history.fixture
        try history.add(
            [
                try fixture.claim("c-1", to: "lab-ke", in: "KE", quantity: 9),
                try fixture.claim("c-2", to: "lab-ke", in: "KE", quantity: 9),
                // One that tells of itself hides nothing.
                try fixture.claim("c-3", to: "lab-ke", in: "KE", quantity: 5, route: "LPP"),
                try fixture.claim("c-4", to: "lab-ke", in: "KE", quantity: 4, route: "LPP"),
            ],
            at: "2026-03-10"
        )
        try history.add([try fixture.cancel("c-2")], at: "2026-03-20")
        try history.add(
            [try fixture.claim("c-5", to: "lab-ke", in: "KE", quantity: 9)],
            at: "2026-04-01"
        )
        #expect(try rows(history, .exceptions).isEmpty)
    }

    @Test func `a policy without such a threshold has no hit`() throws {
        #expect(try rows(try SmallHistory.sample(), .exceptions).isEmpty)
    }
}
