import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import StateMap
import Testing

/// What a country had before the ledger began.
struct InventoryTests {
    let fixture: ConsignmentFixture

    init() throws { fixture = try ConsignmentFixture(patch: Self.counting) }

    /// The policy with a limit for countries that counts inventories.
    static func counting(_ policy: CBORValue) -> CBORValue {
        let limits = policy["limits"]?.arrayValue ?? []
        return policy.setting(
            "limits",
            to: .array([limits[0].setting("countsOpening", to: true)] + limits.dropFirst())
        )
    }

    /// An inventory of Kenya.
    static func inventory(
        _ quantity: UInt64 = 600,
        sku: String = "chip-a",
        date: String = "2025-12-31",
        country: String = "KE"
    ) throws -> InventoryBody {
        InventoryBody(
            country: country,
            date: try #require(CalendarDate(date)),
            lines: [ClaimLine(sku: sku, quantity: quantity)]
        )
    }

    private func declared(
        _ body: InventoryBody,
        by issuer: Founder? = nil,
        and approvers: [Founder]? = nil
    ) throws -> Statement {
        try fixture.sign(
            .inventory(body),
            by: issuer ?? fixture.receiving,
            and: approvers ?? [fixture.third]
        )
    }

    @Test func `a limit that counts inventories takes them in once, as delivered`() throws {
        let state = try fixture.apply(
            [try declared(try Self.inventory())],
            to: try fixture.start()
        )
        let total = try fixture.total(state, "country", "KE")
        #expect(total.amounts == BucketValues(6_000_000, in: .delivered))
        #expect(total.chips == BucketValues(600, in: .delivered))
        #expect(total.room == 4_000_000)
        // The other limit only notes it.
        #expect(state.accounts.count == 1)
        let record = try #require(state.inventory(of: "KE"))
        #expect(record.lines.map(\.quantities) == [BucketValues(600, in: .delivered)])
        #expect(record.postings.map(\.perUnit) == [[10_000]])
        #expect(record.postings.map(record.amounts) == [total.amounts])
        #expect(record.postings.map(record.chips) == [total.chips])
        #expect(record.postings.map(\.account) == state.accounts.map(\.key))
        #expect(try InventoryRecord.decode(record.encoded()) == record)
        let second = try declared(try Self.inventory(1))
        let refusal = try #require(state.refusal(of: second))
        #expect(refusal.code == .conflict)
        #expect(refusal.existing == record.index)
    }

    @Test func `claims have the room that an inventory leaves, to the piece`() throws {
        let state = try fixture.apply(
            [try declared(try Self.inventory(950))],
            to: try fixture.start()
        )
        #expect(state.refusal(of: try fixture.claim(quantities: [50])) == nil)
        let refusal = try #require(state.refusal(of: try fixture.claim(quantities: [51])))
        #expect(refusal.code == .limitExceeded)
        #expect(refusal.largestQuantity == 50)
        let full = try fixture.apply([try fixture.claim(quantities: [50])], to: state)
        let total = try fixture.total(full, "country", "KE")
        #expect(total.amounts[.delivered] == 9_500_000)
        #expect(total.amounts[.reserved] == 500_000)
        #expect(total.room == 0)
    }

    @Test func `a cap does not stop what was there before`() throws {
        let state = try fixture.apply(
            [try declared(try Self.inventory(1_200))],
            to: try fixture.start()
        )
        #expect(try fixture.total(state, "country", "KE").room == 0)
        #expect(state.refusal(of: try fixture.claim(quantities: [1]))?.code == .limitExceeded)
    }

    @Test func `where no limit counts inventories they are noted only`() throws {
        let fixture = try ConsignmentFixture()
        let statement = try fixture.sign(
            .inventory(try Self.inventory()),
            by: fixture.receiving,
            and: [fixture.third]
        )
        let state = try fixture.apply([statement], to: try fixture.start())
        #expect(state.accounts.isEmpty)
        let record = try #require(state.inventory(of: "KE"))
        #expect(record.postings.isEmpty)
        #expect(record.body == statement.bodyBytes)
        #expect(
            try InventoryRecord.decode(record.encoded())
                == InventoryRecord.decode(
                    try #require(state.map[StateKey.registered(.inventory, id: "KE")])
                )
        )
    }

    @Test func `a count before the limit begins stands in its first period`() throws {
        let state = try fixture.apply(
            [try declared(try Self.inventory(date: "2024-05-01"))],
            to: try fixture.start()
        )
        #expect(state.accounts.map(\.key.period) == ["2025-2027"])
        let claimed = try fixture.apply([try fixture.claim()], to: state)
        #expect(try fixture.total(claimed, "country", "KE").consumed == 6_100_000)
    }

    @Test func `an account holds less than 2^52, also at its opening`() throws {
        // 10,000 tenths a piece: the first quantity stays below 2^52, the second does not.
        let state = try fixture.start()
        let most = try declared(try Self.inventory(450_359_962_737))
        #expect(state.refusal(of: most) == nil)
        let refusal = try #require(
            state.refusal(of: try declared(try Self.inventory(450_359_962_738)))
        )
        #expect(refusal.code == .ruleRefused)
        #expect(refusal.path == "$.payload.body.lines[0].sku")
        let largest = try declared(try Self.inventory(ClaimBody.quantityMax))
        #expect(state.refusal(of: largest)?.code == .ruleRefused)
    }

    @Test func `a government of the country declares it and another approves`() throws {
        let state = try fixture.start()
        let body = try Self.inventory()
        for (issuer, approvers, code) in [
            (fixture.receiving, [fixture.third], nil),
            (fixture.receiving, [fixture.exporting], nil),
            (fixture.receiving, [], RefusalCode.approvalsMissing),
            (fixture.receiving, [fixture.exporter], .approvalsMissing),
            (fixture.receiving, [fixture.inspector], .approvalsMissing),
            (fixture.receiving, [fixture.receiving], .wrongKey),
            (fixture.third, [fixture.receiving], .notAuthorised),
            (fixture.consignee, [fixture.third], .notAuthorised),
        ] {
            let statement = try declared(body, by: issuer, and: approvers)
            #expect(state.refusal(of: statement)?.code == code)
        }
    }

    @Test func `a count of tomorrow, and of an unknown item, are refused`() throws {
        let state = try fixture.start()
        let today = try declared(try Self.inventory(date: "2026-01-01"))
        #expect(state.refusal(of: today) == nil)
        let tomorrow = try declared(try Self.inventory(date: "2026-01-02"))
        #expect(state.refusal(of: tomorrow)?.code == .tooNew)
        let unknown = try declared(try Self.inventory(sku: "chip-z"))
        #expect(state.refusal(of: unknown)?.code == .unknownSKU)
    }

    @Test func `a restored state knows the inventory`() throws {
        let state = try fixture.apply(
            [try declared(try Self.inventory())],
            to: try fixture.start()
        )
        let restored = try state.restored()
        #expect(restored.accounts == state.accounts)
        #expect(restored.inventory(of: "KE") == state.inventory(of: "KE"))
        #expect(
            restored.refusal(of: try declared(try Self.inventory(1)))?.code == .conflict
        )
    }

    @Test func `a limit by parents, or with tests of parties, cannot count inventories`() throws {
        let policy = FixtureRules.policy()
        let limits = try #require(policy["limits"]?.arrayValue)
        let test: CBORValue = [["match": "any", "of": ["location"], "in": ["closed"]]]
        for (place, limit) in [
            (1, limits[1].setting("countsOpening", to: true)),
            (0, limits[0].setting("countsOpening", to: true).setting("when", to: test)),
        ] {
            var spoiled = limits
            spoiled[place] = limit
            let error = #expect(throws: CBORFieldError.self) {
                try Policy.decode(policy.setting("limits", to: .array(spoiled)))
            }
            #expect(error?.path == "$.limits[\(place)].countsOpening")
        }
    }
}
