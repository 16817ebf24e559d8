import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import Testing

/// The register of facilities, and where the weights of large models may be kept.
struct FacilityTests {
    let fixture: LedgerFixture
    let base: LedgerState
    static let floor = "1" + String(repeating: "0", count: 26)

    init() throws {
        let fixture = try LedgerFixture()
        self.fixture = fixture
        base = try fixture.state(
            deciding: "rules",
            .policy(
                PolicySuccession(
                    try Policy.decode(try Self.policy()),
                    effective: try #require(CalendarDate("2026-01-01"))
                )
            ),
            on: try fixture.state(
                after: ["NL", "AE", "CN", "US"].map {
                    try fixture.organisation("org-\($0)", in: $0)
                },
                on: try fixture.state()
            )
        )
    }

    /// Weights stay in allied countries, or elsewhere but in closed ones with three paragraphs.
    private static func policy() throws -> CBORValue {
        let document = FixtureRules.policy(id: "p-weights")
        let allied: CBORValue = [
            "id": "allied", "title": "Allies", "citation": "Test",
            "members": [["countries": ["NL", "US"], "from": "2025-01-01"]],
        ]
        let weights: CBORValue = [
            "citation": "Test W",
            "floor": [
                ["from": "2025-01-13", "operations": .text(floor)],
                ["from": "2026-03-01", "operations": .text("2" + floor.dropFirst())],
            ],
            "places": [
                [
                    "id": "at-home", "text": "In an allied country", "citation": "Test W1",
                    "when": [
                        [
                            "match": "every",
                            "of": [
                                "facility_location", "owner_headquarters",
                                "owner_parent_headquarters",
                            ],
                            "in": ["allied"],
                        ]
                    ],
                ],
                [
                    "id": "abroad", "text": "Elsewhere, in allied hands", "citation": "Test W2",
                    "when": [
                        ["match": "none", "of": ["facility_location"], "in": ["closed"]],
                        [
                            "match": "every",
                            "of": [
                                "operator_headquarters", "facility_owner_headquarters",
                                "owner_headquarters",
                            ],
                            "in": ["allied"],
                        ],
                    ],
                    "paragraphs": ["14", "15", "18"], "attestedWithinDays": 365,
                ],
            ],
        ]
        let entries = try #require(document.mapValue).map { entry -> CBORMapEntry in
            guard entry.key == .text("groups"), case .array(let groups) = entry.value else {
                return entry
            }
            return CBORMapEntry("groups", .array(groups + [allied]))
        }
        return .sortedMap(entries + [CBORMapEntry("weights", weights)])
    }

    private func body(
        _ id: String,
        in country: String,
        of organisation: String,
        attested: [String: String] = [:]
    ) throws -> FacilityBody {
        FacilityBody(
            id: id,
            country: country,
            operatorID: organisation,
            owner: organisation,
            address: .zero,
            security: try attested.map {
                FacilityBody.Attestation(
                    paragraph: $0.key,
                    attested: try #require(CalendarDate($0.value)),
                    digest: .zero
                )
            }
        )
    }

    private func registered(_ body: FacilityBody, on state: LedgerState? = nil) throws
        -> LedgerState
    {
        try fixture.state(
            after: [try fixture.statement(.facility(body), by: fixture.government)],
            on: state ?? base
        )
    }

    private func storage(
        _ operations: String = floor,
        owner: String = "org-NL",
        at time: UInt64 = LedgerFixture.start
    ) throws -> Statement {
        try fixture.statement(
            .storage(
                StorageBody(
                    facility: "f-1",
                    owner: owner,
                    operations: try #require(OperationCount(operations)),
                    model: .zero
                )
            ),
            id: "w-1",
            at: time
        )
    }

    @Test func `a facility is registered by a government for known organisations`() throws {
        let good = try body("f-1", in: "NL", of: "org-NL", attested: ["14": "2026-01-01"])
        let state = try registered(good)
        #expect(state.facility("f-1")?.body == good)
        let byExporter = try fixture.statement(.facility(good))
        #expect(base.refusal(of: byExporter)?.code == .notAuthorised)
        let unknown = try fixture.statement(
            .facility(try body("f-1", in: "NL", of: "nobody")),
            by: fixture.government
        )
        #expect(base.refusal(of: unknown)?.code == .unknownOrganisation)
        let tomorrow = try fixture.statement(
            .facility(try body("f-1", in: "NL", of: "org-NL", attested: ["14": "2026-01-02"])),
            by: fixture.government
        )
        #expect(base.refusal(of: tomorrow)?.code == .tooNew)
    }

    @Test func `weights below the floor are nobody's business, and the floor moves`() throws {
        let state = try registered(try body("f-1", in: "CN", of: "org-CN"))
        let below = String(repeating: "9", count: 26)
        #expect(state.refusal(of: try storage(below, owner: "org-CN")) == nil)
        #expect(state.refusal(of: try storage(owner: "org-CN"))?.code == .ruleRefused)
        let march = LedgerFixture.start + 59 * 86_400
        let eve = try storage(owner: "org-CN", at: march - 1)
        #expect(state.refusal(of: eve, time: march - 1)?.code == .ruleRefused)
        let later = try storage(owner: "org-CN", at: march)
        #expect(state.refusal(of: later, time: march) == nil)
    }

    @Test func `in an allied country the owner's seat decides`() throws {
        let state = try registered(try body("f-1", in: "NL", of: "org-NL"))
        #expect(state.refusal(of: try storage()) == nil)
        #expect(state.refusal(of: try storage(owner: "org-AE"))?.code == .ruleRefused)
    }

    @Test func `elsewhere the paragraphs must be attested, and not too long ago`() throws {
        let bare = try registered(try body("f-1", in: "AE", of: "org-NL"))
        let refusal = try #require(bare.refusal(of: try storage()))
        #expect(refusal.code == .evidenceMissing)
        #expect(refusal.message.contains("14, 15, 18"))
        let attested = try body(
            "f-1",
            in: "AE",
            of: "org-NL",
            attested: ["14": "2025-01-01", "15": "2025-06-01", "18": "2025-06-01"]
        )
        let state = try fixture.state(deciding: "attest", .facility(attested), on: bare)
        #expect(state.refusal(of: try storage()) == nil)
        let tomorrow = LedgerFixture.start + 86_400
        let late = try storage(at: tomorrow)
        #expect(state.refusal(of: late, time: tomorrow)?.message.contains("14 ") == true)
        #expect(bare.refusal(of: try storage(owner: "org-AE"))?.code == .ruleRefused)
    }

    @Test func `never in a closed country, and never without a section on weights`() throws {
        let all = ["14": "2026-01-01", "15": "2026-01-01", "18": "2026-01-01"]
        let closed = try registered(try body("f-1", in: "CN", of: "org-NL", attested: all))
        #expect(closed.refusal(of: try storage())?.code == .ruleRefused)
        let plain = try fixture.state(
            after: [try fixture.organisation("org-NL", in: "NL")],
            on: try fixture.state()
        )
        let state = try registered(try body("f-1", in: "NL", of: "org-NL"), on: plain)
        #expect(state.refusal(of: try storage())?.message.contains("weights") == true)
        #expect(base.refusal(of: try storage())?.code == .unknownFacility)
    }

    @Test func `goods go to a registered facility of the country, or to none`() throws {
        let state = try registered(try body("f-1", in: "NL", of: "org-NL"))
        func claim(for facility: String?, in country: String = "NL") throws -> Statement {
            try fixture.statement(
                .claim(
                    ClaimBody(
                        authority: "LICENSE",
                        destination: country,
                        parties: [
                            .init(role: "ultimate_consignee", organisation: "org-\(country)")
                        ],
                        lines: [ClaimLine(sku: "chip-a", quantity: 1)],
                        exported: try #require(CalendarDate("2026-01-05")),
                        facility: facility
                    )
                ),
                id: "c-1"
            )
        }
        #expect(state.refusal(of: try claim(for: "f-1")) == nil)
        #expect(state.refusal(of: try claim(for: nil)) == nil)
        let unknown = try #require(state.refusal(of: try claim(for: "f-2")))
        #expect(unknown.code == .unknownFacility)
        #expect(unknown.path == "$.payload.facility")
        let elsewhere = try #require(state.refusal(of: try claim(for: "f-1", in: "AE")))
        #expect(elsewhere.code == .ruleRefused)
        #expect(elsewhere.message.contains("stands in NL"))
    }

    @Test func `a new owner of a facility waits like a new consignee`() throws {
        let governed = try Policy.decode(
            try Self.policy().setting("id", to: "p-cool").setting(
                "governance",
                to: ["citation": "Test"]
            )
        )
        let cooling = try fixture.state(
            deciding: "cool",
            .policy(
                PolicySuccession(governed, effective: try #require(CalendarDate("2026-01-01")))
            ),
            on: base
        )
        let fresh = try fixture.state(
            after: [try fixture.organisation("new-NL", in: "NL")],
            on: cooling
        )
        let state = try registered(try body("f-1", in: "NL", of: "new-NL"), on: fresh)
        let refusal = try #require(state.refusal(of: try storage()))
        #expect(refusal.code == .coolingOff)
        #expect(refusal.path == "$.payload.facility")
        let after = LedgerFixture.start + 4 * 86_400
        #expect(state.refusal(of: try storage(at: after - 1), time: after - 1)?.code == .coolingOff)
        #expect(state.refusal(of: try storage(at: after), time: after) == nil)
        let known = try registered(try body("f-1", in: "NL", of: "org-NL"), on: fresh)
        let ofNew = try #require(known.refusal(of: try storage(owner: "new-NL")))
        #expect(ofNew.code == .coolingOff)
        #expect(ofNew.path == "$.payload.owner")
    }

    @Test func `operations are exact beyond 64 bits`() throws {
        let small = try #require(OperationCount(String(repeating: "9", count: 26)))
        let large = try #require(OperationCount(Self.floor))
        #expect(small < large)
        #expect(OperationCount("0") != nil)
        for text in ["", "01", "-1", "1e26", "1.0", String(repeating: "1", count: 41)] {
            #expect(OperationCount(text) == nil)
        }
    }
}
