import CBOR
import Ledger
import LedgerFixture
import QuotaRules
import StateMap
import Testing

/// One catalogue after the other: its day, what is weighed by it, and what is not.
struct CatalogueTests {
    let fixture: LedgerFixture
    let base: LedgerState
    /// 2026-02-01T00:00:00Z.
    static let february = LedgerFixture.start + 31 * 86_400

    init() throws {
        fixture = try LedgerFixture()
        base = try fixture.state(
            after: [try fixture.organisation("uni-ke", in: "KE")],
            on: try fixture.state()
        )
    }

    /// A catalogue in which `chip-a` weighs 2,000 TPP, and with a new item.
    private func next(version: UInt64 = 2, effective: String? = nil) throws -> ProposalAction {
        func chip(_ sku: String, _ tpp: String) -> CBORValue {
            [
                "sku": .text(sku), "name": .text(sku), "designer": "Test", "source": "made up",
                "tpp": .text(tpp), "datacentre": true, "estimate": false,
            ]
        }
        let document = FixtureRules.catalogue.setting("version", to: .unsigned(version)).setting(
            "items",
            to: [chip("chip-a", "2000"), chip("chip-b", "50"), chip("chip-c", "7")]
        )
        return .catalogue(
            CatalogueSuccession(
                try ChipCatalogue.decode(document),
                effective: try effective.map { try #require(CalendarDate($0)) }
            )
        )
    }

    private func consumed(_ state: LedgerState) throws -> UInt64 {
        try #require(state.accounts.first).total.consumed
    }

    private func refusal(of action: ProposalAction, on state: LedgerState) throws -> Refusal? {
        state.refusal(of: try fixture.proposal("p-x", action))
    }

    @Test func `claims are weighed by the catalogue in force on their day, and keep their weight`()
        throws
    {
        let announced = try fixture.state(
            deciding: "chips",
            try next(effective: "2026-02-01"),
            on: base
        )
        #expect(announced.catalogue.document.version == 1)
        #expect(announced.scheduledCatalogues.map(\.adopted.document.version) == [2])
        let eve = try fixture.claiming("c-1", on: announced, at: Self.february - 1)
        #expect(try consumed(eve) == 10_000)
        let day = try fixture.claiming("c-2", on: eve, at: Self.february)
        #expect(try consumed(day) == 10_000 + 20_000)
        #expect(day.catalogue.document.version == 2)
        #expect(day.scheduledCatalogues.isEmpty)
        #expect(day.catalogues.map(\.state) == [.superseded, .inForce])
        #expect(day.catalogues.last?.since == Self.february)
        let record = try #require(day.claim(issuer: "chipco", id: "c-1"))
        #expect(record.postings.map(\.perUnit) == [[10_000]])
        #expect(LedgerInvariants.checkWhole(day).isEmpty)
    }

    @Test func `an announced catalogue comes into force after a restart too`() throws {
        let announced = try fixture.state(
            deciding: "chips",
            try next(effective: "2026-02-01"),
            on: base
        )
        let restored = try announced.restored()
        #expect(restored.scheduledCatalogues == announced.scheduledCatalogues)
        let claimed = try fixture.claiming("c-1", on: restored, at: Self.february)
        #expect(try consumed(claimed) == 20_000)
        let same = try fixture.claiming("c-1", on: announced, at: Self.february)
        #expect(claimed.map.root == same.map.root)
    }

    @Test func `a catalogue without a day, or from today, holds at once`() throws {
        for effective in [nil, "2026-01-01"] {
            let state = try fixture.state(
                deciding: "chips",
                try next(effective: effective),
                on: base
            )
            #expect(state.catalogue.document.version == 2)
            #expect(state.scheduledCatalogues.isEmpty)
        }
    }

    @Test func `a catalogue never comes from the past, nor before one that is announced`() throws {
        let past = try #require(try refusal(of: try next(effective: "2025-12-31"), on: base))
        #expect(past.code == .noticeTooShort)
        #expect(past.path == "$.payload.body.action.effective")
        let announced = try fixture.state(
            deciding: "chips",
            try next(effective: "2026-02-01"),
            on: base
        )
        for effective in [nil, "2026-01-15", "2026-02-01"] {
            let action = try next(version: 3, effective: effective)
            let refusal = try #require(try refusal(of: action, on: announced))
            #expect(refusal.code == .conflict)
            #expect(refusal.path == "$.payload.body.action.effective")
        }
        let later = try next(version: 3, effective: "2026-02-02")
        #expect(try refusal(of: later, on: announced) == nil)
        let again = try refusal(of: try next(effective: "2026-03-01"), on: announced)
        #expect(again?.path == "$.payload.body.action.document.version")
    }

    @Test func `a policy may measure in an item from the day of its catalogue on`() throws {
        func policy(from effective: String) throws -> ProposalAction {
            let document = FixtureRules.policy(id: "p-2")
            let limits = document["limits"]?.arrayValue ?? []
            let country = limits[0].setting("id", to: "country-c").setting(
                "metric",
                to: ["kind": "equivalents", "sku": "chip-c"]
            )
            var routes = document["routes"]?.arrayValue ?? []
            var rules = routes[0]["rules"]?.arrayValue ?? []
            rules[1] = rules[1].setting("limits", to: ["country-c"])
            routes[0] = routes[0].setting("rules", to: .array(rules))
            return .policy(
                PolicySuccession(
                    try Policy.decode(
                        document.setting("limits", to: [country, limits[1]])
                            .setting("routes", to: .array(routes))
                    ),
                    effective: try #require(CalendarDate(effective))
                )
            )
        }
        #expect(try refusal(of: try policy(from: "2026-02-01"), on: base)?.code == .unknownSKU)
        let announced = try fixture.state(
            deciding: "chips",
            try next(effective: "2026-02-01"),
            on: base
        )
        let early = try refusal(of: try policy(from: "2026-01-31"), on: announced)
        #expect(early?.code == .unknownSKU)
        let state = try fixture.state(
            deciding: "rule",
            try policy(from: "2026-02-01"),
            on: announced
        )
        // Nor does a catalogue follow that takes the item away.
        let march = try #require(CalendarDate("2026-03-01"))
        let without = ProposalAction.catalogue(
            CatalogueSuccession(
                try ChipCatalogue.decode(
                    FixtureRules.catalogue.setting("version", to: .unsigned(3))
                ),
                effective: march
            )
        )
        #expect(try refusal(of: without, on: state)?.code == .unknownSKU)
        let day = try fixture.claiming("c-1", on: state, at: Self.february)
        #expect(day.policy.document.id == "p-2")
        #expect(day.catalogue.document.version == 2)
    }
}
