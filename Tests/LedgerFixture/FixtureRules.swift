public import CBOR

/// A small policy and a small catalogue with round numbers.
///
/// | limit | subject | window | cap | cancellation |
/// |---|---|---|---|---|
/// | `country` | destination | cumulative from 2025 | 1,000,000 TPP | gives room back |
/// | `parent-year` | ultimate parent of the consignee | calendar year | 100,000 TPP | does not |
///
/// `LICENSE` counts against `country`, `LPP` against `parent-year`. Any party in `CN` closes both.
public enum FixtureRules {
    /// What a country may get, in TPP.
    public static let countryCap: UInt64 = 1_000_000
    /// What the companies of one ultimate parent may get in a year, in TPP.
    public static let parentCap: UInt64 = 100_000
    /// TPP of one `chip-a`.
    public static let chipA: UInt64 = 1_000
    /// TPP of one `chip-b`.
    public static let chipB: UInt64 = 50

    /// The catalogue document.
    public static var catalogue: CBORValue { catalogue(id: "test-chips") }

    /// The catalogue document under another id.
    public static func catalogue(id: String) -> CBORValue {
        [
            "format": 1, "id": .text(id), "version": 1, "title": "Test chips",
            "source": "made up", "items": [chip("chip-a", tpp: "1000"), chip("chip-b", tpp: "50")],
        ]
    }

    /// The policy document.
    ///
    /// - Parameters:
    ///   - id: The id of the policy.
    ///   - version: Its version.
    ///   - countryCap: What a country may get, in TPP.
    ///   - governance: How members govern the ledger.
    /// - Returns: The document as CBOR.
    public static func policy(
        id: String = "test-policy",
        version: UInt64 = 1,
        countryCap: UInt64 = Self.countryCap,
        governance: CBORValue = Self.governance
    ) -> CBORValue {
        [
            "format": 1, "id": .text(id), "version": .unsigned(version), "title": "Test policy",
            "citation": "Test 1", "status": "in_force", "validity": ["from": "2025-01-01"],
            "roles": ["ultimate_consignee", "end_user"],
            "groups": [
                [
                    "id": "closed", "title": "Closed countries", "citation": "Test 2",
                    "members": [["countries": ["CN"], "from": "2025-01-01"]],
                ]
            ],
            "items": [
                [
                    "id": "all", "title": "All chips", "citation": "Test 3",
                    "any": [["tpp": ["atLeast": "1"]]],
                ]
            ],
            "regulatedItems": "all",
            "limits": [countryLimit(cap: countryCap), parentLimit],
            "routes": [
                route("LICENSE", limit: "country"), route("LPP", limit: "parent-year"),
            ],
            "governance": governance,
        ]
    }

    /// Default thresholds, without notice and cooling-off.
    public static var governance: CBORValue {
        [
            "citation": "Test 11", "noticeDays": ["policy": 0],
            "coolingOffDays": ["key": 0, "organisation": 0],
        ]
    }

    private static func chip(_ sku: String, tpp: String) -> CBORValue {
        [
            "sku": .text(sku), "name": .text(sku), "designer": "Test", "source": "made up",
            "tpp": .text(tpp), "datacentre": true, "estimate": false,
        ]
    }

    private static func countryLimit(cap: UInt64) -> CBORValue {
        [
            "id": "country", "title": "Country allocation", "citation": "Test 4",
            "metric": ["kind": "tpp"], "subject": ["destination"], "attribution": "destination",
            "window": ["kind": "cumulative", "from": "2025-01-01", "through": "2027-12-31"],
            "countBasis": "licensed", "cap": .text(String(cap)),
            "exceeded": refuse("The country's allocation is used up."),
            "release": ["on": ["cancellation"], "citation": "Test 5"],
        ]
    }

    private static var parentLimit: CBORValue {
        [
            "id": "parent-year", "title": "Ultimate parent, a year", "citation": "Test 6",
            "metric": ["kind": "tpp"], "subject": ["ultimate_consignee.parent"],
            "window": ["kind": "calendar_year", "from": "2025-01-01"],
            "countBasis": "received", "cap": .text(String(parentCap)),
            "exceeded": refuse("The group's yearly amount is used up."),
            "release": ["on": [], "citation": "Test 7"],
        ]
    }

    private static func route(_ id: String, limit: String) -> CBORValue {
        [
            "id": .text(id), "title": .text(id), "citation": "Test 8",
            "requiredRoles": ["ultimate_consignee"],
            "rules": [
                [
                    "id": "closed",
                    "when": [
                        [
                            "match": "any",
                            "of": [
                                "destination", "location", "headquarters", "parent_headquarters",
                            ],
                            "in": ["closed"],
                        ]
                    ],
                    "then": refuse("A country of this claim is closed."),
                ],
                [
                    "id": "open",
                    "then": ["outcome": "admit", "text": "Open.", "citation": "Test 9"],
                    "limits": [.text(limit)],
                ],
            ],
        ]
    }

    private static func refuse(_ text: String) -> CBORValue {
        ["outcome": "refuse", "text": .text(text), "citation": "Test 10"]
    }
}
