import CBOR
import QuotaRules
import Testing

/// Each primitive of the policy language by itself.
@Suite struct PrimitiveTests {
    @Test func `a cap is met by equality and passed by a tenth`() throws {
        let document = Fixtures.document(limits: [Fixtures.limit()])
        #expect(try Fixtures.decide(document, [("ten", 100)]).outcome == .admit)
        let decision = try Fixtures.decide(document, [("ten", 100)]) { _ in 1 }
        #expect(decision.outcome == .refuse)
        #expect(decision.limits.map(\.excess) == [1])
        #expect(decision.largestQuantity == 99)
        #expect(decision.review == .policyOfDenial)
        #expect(decision.movements.isEmpty)
    }

    @Test func `units count circuits, so a rack counts as many`() throws {
        let document = Fixtures.document(limits: [
            Fixtures.limit([("metric", ["kind": "units"]), ("cap", "100")])
        ])
        let decision = try Fixtures.decide(document, [("rack", 12)])
        #expect(decision.limits.map(\.amount) == [96])
        #expect(decision.largestQuantity == 12)
        #expect(decision.movements.map(\.unit) == [.units])
    }

    @Test func `a cap in equivalents is that number of the item's TPP`() throws {
        let document = Fixtures.document(limits: [
            Fixtures.limit([("metric", ["kind": "equivalents", "sku": "half"]), ("cap", "100")])
        ])
        let decision = try Fixtures.decide(document, [("ten", 105)])
        #expect(decision.limits.map(\.cap) == [10_500])
        #expect(decision.outcome == .admit)
        #expect(decision.largestQuantity == 105)
        let unknown = Fixtures.document(limits: [
            Fixtures.limit([("metric", ["kind": "equivalents", "sku": "none"]), ("cap", "100")])
        ])
        #expect(try Fixtures.decide(unknown, [("ten", 1)]).outcome == .refuse)
    }

    @Test func `a calendar year has an account of its own`() throws {
        let document = Fixtures.document(limits: [
            Fixtures.limit([("window", ["kind": "calendar_year", "from": "2025-01-01"])])
        ])
        let old = AccountKey(limit: "cap", subject: ["BB"], period: "2025")
        for (date, outcome) in [((2025, 12, 31), Outcome.refuse), ((2026, 1, 1), .admit)] {
            let decision = try Fixtures.decide(document, [("ten", 1)], on: date) {
                $0 == old ? 10_000 : 0
            }
            #expect(decision.outcome == outcome)
        }
    }

    @Test func `a limit by shipment keeps no account`() throws {
        let document = Fixtures.document(limits: [
            Fixtures.limit([("window", ["kind": "shipment"])])
        ])
        let decision = try Fixtures.decide(document, [("ten", 100)]) { _ in 9_999 }
        #expect(decision.outcome == .admit)
        #expect(decision.limits.map(\.before) == [0])
        #expect(decision.movements.isEmpty)
        #expect(try Fixtures.decide(document, [("ten", 101)]).outcome == .refuse)
    }

    @Test func `a sum without a cap only counts`() throws {
        let document = Fixtures.document(limits: [
            Fixtures.limit([("cap", nil), ("exceeded", nil)])
        ])
        let decision = try Fixtures.decide(document, [("ten", 1_000_000)])
        #expect(decision.outcome == .admit)
        #expect(decision.largestQuantity == nil)
        #expect(decision.movements.map(\.amount) == [100_000_000])
        #expect(decision.movements.map(\.cap) == [nil])
    }

    @Test func `subjects are named part by part`() throws {
        let document = Fixtures.document(limits: [
            Fixtures.limit([
                ("id", "a"), ("subject", ["consignee.parent", "destination"]),
            ]),
            Fixtures.limit([
                ("id", "b"), ("subject", ["exporter", "product"]), ("attribution", nil),
            ]),
            Fixtures.limit([("id", "c"), ("subject", []), ("attribution", nil)]),
            Fixtures.limit([
                ("id", "d"), ("subject", ["consignee.parent_headquarters"]),
                ("attribution", nil),
            ]),
        ])
        let decision = try Fixtures.decide(
            document,
            [("ten", 1), ("half", 2), ("ten", 3)],
            parties: [Fixtures.party("BB", hq: "AA", parent: "group")]
        )
        #expect(decision.outcome == .admit)
        #expect(
            decision.movements.map(\.account.subject) == [
                ["group", "BB"], ["maker", "ten"], ["maker", "half"], [], ["AA"],
            ]
        )
        #expect(decision.movements.map(\.amount) == [610, 400, 210, 610, 610])
        #expect(decision.limits.map(\.account) == decision.movements.map(\.account))
    }

    @Test func `an unclear or missing party is refused`() throws {
        let document = Fixtures.document(limits: [
            Fixtures.limit([("subject", ["consignee.id"]), ("attribution", nil)])
        ])
        let two = [Fixtures.party("BB"), Fixtures.party("BB", id: "d")]
        let decision = try Fixtures.decide(document, [("ten", 1)], parties: two)
        #expect(decision.reasons.first?.code == .ambiguousParty)
        let none = try Fixtures.decide(document, [("ten", 1)], parties: [])
        #expect(none.reasons.first?.code == .missingParty)
        #expect(none.outcome == .refuse)
        let exporter = Fixtures.document(limits: [
            Fixtures.limit([("subject", ["exporter"]), ("attribution", nil)])
        ])
        let unnamed = try Fixtures.decide(exporter, [("ten", 1)], exporter: "")
        #expect(unnamed.reasons.first?.code == .missingIdentity)
    }

    @Test func `steps of severity add up to tiers`() throws {
        // Up to 100 of the item: simple. Up to 200: with a letter. Above: a government decides.
        let tiers = [
            ("tier-1", "100", Outcome.needsDecision, ["letter"]),
            ("tier-2", "200", .needsDecision, []),
        ].map { id, cap, outcome, waivedBy in
            Fixtures.limit([
                ("id", .text(id)), ("metric", ["kind": "equivalents", "sku": "ten"]),
                ("cap", .text(cap)), ("window", ["kind": "shipment"]),
                (
                    "exceeded",
                    Fixtures.consequence(outcome, review: .caseByCase, waivedBy: waivedBy)
                ),
            ])
        }
        let document = Fixtures.document(limits: tiers)
        let cases: [(UInt64, [String], Outcome, UInt64?)] = [
            (100, [], .admit, 100), (101, [], .needsDecision, 100), (101, ["letter"], .admit, 200),
            (201, ["letter"], .needsDecision, 200),
        ]
        for (quantity, evidence, outcome, largest) in cases {
            let decision = try Fixtures.decide(document, [("ten", quantity)], evidence: evidence)
            #expect(decision.outcome == outcome)
            #expect(decision.largestQuantity == largest)
            #expect((decision.review == .caseByCase) == (outcome == .needsDecision))
        }
    }

    @Test func `a cap that warns lets the claim pass`() throws {
        let document = Fixtures.document(limits: [
            Fixtures.limit([("exceeded", Fixtures.consequence(.admitWithNotice))])
        ])
        let decision = try Fixtures.decide(document, [("ten", 101)])
        #expect(decision.outcome == .admitWithNotice)
        #expect(decision.largestQuantity == nil)
        #expect(decision.movements.map(\.amount) == [10_100])
    }

    @Test func `filters look at bandwidth, density, number, designer and id`() throws {
        let cases: [(CBORValue, Bool?)] = [
            (["memoryBandwidth": ["atLeast": "4800"]], true),
            (["memoryBandwidth": ["atLeast": "4800", "below": "4801"]], true),
            (["memoryBandwidth": ["below": "4800"]], false),
            // 4,000 over 800 is a density of 5 exactly.
            (["density": ["atLeast": "5"]], true), (["density": ["atLeast": "5.01"]], false),
            (["density": ["below": "5"]], false), (["density": ["below": "5.01"]], true),
            (["eccn": ["3A090"]], true), (["eccn": ["3A090.a"]], true),
            (["eccn": ["3A090.b"]], false), (["eccn": ["3A09"]], false),
            (["designers": ["Maker"]], true), (["designers": ["Other"]], false),
            (["skus": ["wide"]], true), (["datacentre": false], false),
            (["tpp": ["atLeast": "4000", "below": "4000.1"]], true),
        ]
        let catalogue = try ChipCatalogue.decode(Fixtures.catalogueDocument)
        for (alternative, expected) in cases {
            let policy = try Policy.decode(
                Fixtures.document(
                    limits: [],
                    [
                        (
                            "items",
                            [
                                [
                                    "id": "regulated", "title": "x", "citation": "y",
                                    "any": [alternative],
                                ]
                            ]
                        )
                    ]
                )
            )
            #expect(
                policy.isItem("wide", in: "regulated", catalogue: catalogue) == expected,
                "\(alternative)"
            )
        }
    }

    @Test func `a figure that decides and is missing is named`() throws {
        let document = Fixtures.document(
            limits: [],
            [
                (
                    "items",
                    [
                        [
                            "id": "regulated", "title": "x", "citation": "y",
                            "any": [["tpp": ["atLeast": "5"], "density": ["atLeast": "1"]]],
                        ]
                    ]
                )
            ]
        )
        let decision = try Fixtures.decide(document, [("ten", 1)])
        #expect(decision.reasons.first?.code == .undeterminedItem)
        #expect(decision.reasons.first?.message.contains("dieArea") == true)
        // TPP below the band decides without the area.
        #expect(try Fixtures.decide(document, [("small", 1)]).outcome == .admit)
    }

    @Test func `an item that the route does not cover is refused`() throws {
        let document = Fixtures.document(
            limits: [],
            [
                (
                    "items",
                    [
                        [
                            "id": "regulated", "title": "x", "citation": "y",
                            "any": [["tpp": ["atLeast": "10"]]],
                        ],
                        [
                            "id": "approved", "title": "of an approved designer",
                            "citation": "y", "any": [["designers": ["Other"]]],
                        ],
                    ]
                )
            ],
            route: [("eligibleItems", "approved")]
        )
        let decision = try Fixtures.decide(document, [("small", 1), ("ten", 1)])
        #expect(decision.outcome == .refuse)
        #expect(decision.reasons.map(\.code) == [.ineligibleItem])
        #expect(decision.reasons.first?.field == "lines[1].sku")
    }
}
