import CBOR
import LedgerFixture

/// A policy with something of everything, for random histories: caps by country and by group, granted
/// caps, uplift, a route that needs decisions, consent, tolerance, cooling-off.
enum HistoryRules {
    /// The policy document.
    ///
    /// - Parameters:
    ///   - version: Its version.
    ///   - countryCap: What a country may get in a year, in TPP.
    /// - Returns: The document as CBOR.
    static func policy(version: UInt64 = 1, countryCap: UInt64 = 400_000) -> CBORValue {
        let policy = FixtureRules.policy(id: "history", version: version, countryCap: countryCap)
        let limits = policy["limits"]?.arrayValue ?? []
        let routes = policy["routes"]?.arrayValue ?? []
        let groups = policy["groups"]?.arrayValue ?? []
        let year: CBORValue = ["kind": "calendar_year", "from": "2025-01-01"]
        let country = limits[0].setting("window", to: year)
            .setting("uplift", to: ["percentMax": 50, "citation": "Test U", "entries": []])
            .setting(
                "release",
                to: [
                    "on": ["cancellation", "expiry", "return", "reexport", "attrition"],
                    "citation": "Test R",
                ]
            )
            .setting("countsOpening", to: true)
        let granted = limits[1].setting("id", to: "granted").setting("granted", to: true)
        return policy.setting("limits", to: [country, limits[1], granted])
            .setting("groups", to: .array(groups + [asked]))
            .setting(
                "routes",
                to: [
                    route(routes[0], "LICENSE", ["country", "parent-year"]),
                    route(routes[1], "LPP", ["parent-year"]),
                    route(routes[0], "GRANT", ["country", "granted"]),
                    route(routes[0], "DECIDE", ["country"], outcome: "needs_decision"),
                ]
            )
            .setting("lifecycle", to: lifecycle)
            .setting("governance", to: governance.setting("evidence", to: "suspend"))
    }

    private static var asked: CBORValue {
        [
            "id": "asked", "title": "Countries that are asked", "citation": "Test A",
            "members": [["countries": ["KE"], "from": "2025-01-01"]],
        ]
    }

    private static var lifecycle: CBORValue {
        [
            "citation": "Test L", "reservationDays": 6, "licenceDays": 30, "tolerancePercent": 10,
            "licenceFree": ["LPP"],
            "consent": [
                [
                    "when": [["match": "any", "of": ["destination"], "in": ["asked"]]],
                    "required": false, "noAnswerDays": 2, "citation": "Test C",
                ]
            ],
        ]
    }

    private static var governance: CBORValue {
        [
            "citation": "Test G", "noticeDays": ["policy": 1], "votingDays": 4,
            "coolingOffDays": ["key": 1, "organisation": 1],
        ]
    }

    private static func route(
        _ route: CBORValue,
        _ id: String,
        _ limits: [String],
        outcome: String = "admit"
    ) -> CBORValue {
        var rules = route["rules"]?.arrayValue ?? []
        rules[1] = rules[1].setting("limits", to: .array(limits.map { .text($0) }))
            .setting(
                "then",
                to: ["outcome": .text(outcome), "text": "Open.", "citation": "Test O"]
            )
        return route.setting("id", to: .text(id)).setting("rules", to: .array(rules))
    }
}
