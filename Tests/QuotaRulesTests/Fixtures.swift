import CBOR
import QuotaRules

/// A small policy about invented countries: AA is home, BB is capped, CC is closed.
enum Fixtures {
    static let always: CBORValue = ["from": "2025-01-01"]
    static let noRelease: CBORValue = ["on": [], "citation": "none"]

    static func consequence(
        _ outcome: Outcome,
        review: Review? = nil,
        waivedBy: [String] = []
    ) -> CBORValue {
        .object([
            ("outcome", .text(outcome.rawValue)), ("review", review.map { .text($0.rawValue) }),
            ("waivedBy", waivedBy.isEmpty ? nil : .array(waivedBy.map { .text($0) })),
            ("text", "Because."), ("citation", "art. 1"),
        ])
    }

    /// A limit with the given fields in place of the usual ones: 1,000 TPP for each destination.
    static func limit(_ changes: [(String, CBORValue?)] = []) -> CBORValue {
        object(
            [
                ("id", "cap"), ("title", "Cap"), ("citation", "art. 2"),
                ("metric", ["kind": "tpp"]), ("subject", ["destination"]),
                ("attribution", "destination"),
                ("window", ["kind": "cumulative", "from": "2025-01-01", "through": "2027-12-31"]),
                ("countBasis", "exported"), ("cap", "1000"), ("items", "regulated"),
                ("exceeded", consequence(.refuse, review: .policyOfDenial)),
                ("release", noRelease),
            ],
            changes
        )
    }

    /// A policy with the given limits, each of which a claim on the one route touches.
    static func document(
        limits: [CBORValue],
        _ changes: [(String, CBORValue?)] = [],
        route: [(String, CBORValue?)] = []
    ) -> CBORValue {
        let ids = limits.compactMap { $0["id"] }
        let rule = CBORValue.object([
            ("id", "all"), ("then", consequence(.admit)),
            ("limits", ids.isEmpty ? nil : .array(ids)),
        ])
        let plain: [(String, CBORValue?)] = [
            ("id", "ROUTE"), ("title", "Route"), ("citation", "art. 3"),
            ("requiredRoles", ["consignee"]), ("rules", [rule]),
        ]
        return object(
            [
                ("format", 1), ("id", "small"), ("version", 1), ("title", "Small"),
                ("citation", "art. 0"), ("status", "in_force"), ("validity", always),
                ("roles", ["consignee", "buyer"]),
                (
                    "groups",
                    [
                        [
                            "id": "home", "title": "Home", "citation": "list",
                            "members": [["countries": ["AA"], "from": "2025-01-01"]],
                        ]
                    ]
                ),
                (
                    "items",
                    [
                        [
                            "id": "regulated", "title": "a regulated item", "citation": "list",
                            "any": [["tpp": ["atLeast": "10"]]],
                        ]
                    ]
                ),
                ("regulatedItems", "regulated"),
                ("limits", limits.isEmpty ? nil : .array(limits)),
                ("routes", [object(plain, route)]),
            ],
            changes
        )
    }

    private static func object(
        _ pairs: [(String, CBORValue?)],
        _ changes: [(String, CBORValue?)]
    ) -> CBORValue {
        .object(pairs.filter { pair in !changes.contains { $0.0 == pair.0 } } + changes)
    }

    static func item(
        _ sku: String,
        tpp: String,
        _ more: [(String, CBORValue?)] = []
    ) -> CBORValue {
        object(
            [
                ("sku", .text(sku)), ("name", .text(sku)), ("designer", "Maker"),
                ("tpp", .text(tpp)), ("datacentre", true), ("estimate", false),
                ("source", "test"),
            ],
            more
        )
    }

    /// `ten` has 10 TPP, `half` 10.5, `small` 1, `rack` eight times `ten`.
    static let catalogueDocument: CBORValue = [
        "format": 1, "id": "items", "version": 1, "title": "Items", "source": "test",
        "items": [
            item("ten", tpp: "10"), item("half", tpp: "10.5"), item("small", tpp: "1"),
            item(
                "wide",
                tpp: "4000",
                [("dieArea", "800"), ("memoryBandwidth", 4_800), ("eccn", "3A090.a.1")]
            ),
            [
                "sku": "rack", "name": "rack", "designer": "Maker", "source": "test",
                "contents": ["sku": "ten", "count": 8],
            ],
            item("huge", tpp: "100000000000"),
        ],
    ]

    private static let catalogue = Result { try ChipCatalogue.decode(catalogueDocument) }

    static func decide(
        _ document: CBORValue,
        _ lines: [(String, UInt64)],
        to destination: String = "BB",
        parties: [PartyFacts]? = nil,
        on date: (Int, Int, Int) = (2026, 3, 1),
        authority: String = "ROUTE",
        evidence: [String] = [],
        exporter: String = "maker",
        consumed: @escaping (AccountKey) -> UInt64 = { _ in 0 }
    ) throws -> Decision {
        let facts = ClaimFacts(
            authority: authority,
            destination: destination,
            parties: parties ?? [party(destination)],
            lines: lines.map { ClaimLine(sku: $0.0, quantity: $0.1) },
            exported: try day(date),
            evidence: evidence,
            exporter: exporter
        )
        return try decide(facts, Policy.decode(document), consumed: consumed)
    }

    static func decide(
        _ facts: ClaimFacts,
        _ policy: Policy,
        consumed: @escaping (AccountKey) -> UInt64
    ) throws -> Decision {
        evaluate(
            facts,
            policy: policy,
            catalogue: try catalogue.get(),
            standing: Sums(sums: consumed)
        )
    }

    static func party(
        _ location: String,
        role: String = "consignee",
        id: String = "c",
        hq: String? = nil,
        parent: String? = nil
    ) -> PartyFacts {
        PartyFacts(
            role: role,
            organisation: id,
            location: location,
            headquarters: hq ?? location,
            parentID: parent ?? id,
            parentHeadquarters: hq ?? location
        )
    }

    static func day(_ date: (Int, Int, Int)) throws -> CalendarDate {
        guard let day = CalendarDate(year: date.0, month: date.1, day: date.2) else {
            throw NoSuchDay()
        }
        return day
    }

    struct NoSuchDay: Error {}

    /// What a test says that accounts hold.
    private struct Sums: Standing {
        let sums: (AccountKey) -> UInt64

        func consumed(_ account: AccountKey) -> UInt64 { sums(account) }
    }
}
