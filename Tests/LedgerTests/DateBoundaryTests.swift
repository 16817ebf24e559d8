import CBOR
import Ledger
import LedgerFixture
import QuotaRules
import Testing

/// The last day before a change and the first day after it: year, quarter, leap day.
struct DateBoundaryTests {
    /// The eve of a change and its day.
    static let turns = [
        ("2026-03-31", "2026-04-01"), ("2026-12-31", "2027-01-01"), ("2027-02-28", "2027-03-01"),
        ("2028-02-28", "2028-02-29"), ("2028-02-29", "2028-03-01"),
    ]

    /// A ledger whose closed countries are those of one entry.
    private func fixture(closed entry: CBORValue) throws -> ConsignmentFixture {
        try ConsignmentFixture { policy in
            let group = policy["groups"]?.arrayValue?.first?.setting("members", to: [entry])
            return policy.setting("groups", to: .array([group].compactMap(\.self)))
        }
    }

    private func claim(_ id: String, on day: String, _ fixture: ConsignmentFixture) throws
        -> Statement
    {
        try fixture.sign(
            .claim(
                ClaimBody(
                    authority: "LPP",
                    destination: "KE",
                    parties: [.init(role: "ultimate_consignee", organisation: "uni-ke")],
                    lines: [ClaimLine(sku: "chip-a", quantity: 10)],
                    exported: try #require(CalendarDate(day))
                )
            ),
            id: id,
            by: fixture.exporter
        )
    }

    @Test(arguments: turns)
    func `a country that leaves a group is in it to the end of its last day`(
        eve: String,
        day: String
    ) throws {
        let fixture = try fixture(
            closed: ["countries": ["KE"], "from": "2025-01-01", "through": .text(eve)]
        )
        let state = try fixture.start()
        #expect(state.refusal(of: try claim("c-1", on: eve, fixture))?.code == .ruleRefused)
        #expect(state.refusal(of: try claim("c-1", on: day, fixture)) == nil)
    }

    @Test(arguments: turns)
    func `a country that joins a group is in it from the beginning of its first day`(
        eve: String,
        day: String
    ) throws {
        let fixture = try fixture(closed: ["countries": ["KE"], "from": .text(day)])
        let state = try fixture.start()
        #expect(state.refusal(of: try claim("c-1", on: eve, fixture)) == nil)
        #expect(state.refusal(of: try claim("c-1", on: day, fixture))?.code == .ruleRefused)
    }

    @Test(arguments: turns)
    func `each of two claims counts in the year of its own day`(eve: String, day: String) throws {
        let fixture = try ConsignmentFixture()
        let state = try fixture.apply(
            [try claim("c-1", on: eve, fixture), try claim("c-2", on: day, fixture)],
            to: try fixture.start()
        )
        let sums = state.accounts.filter { $0.key.limit == "parent-year" }
            .map { "\($0.key.period) \($0.total.consumed)" }
        let (first, second) = (eve.prefix(4), day.prefix(4))
        #expect(
            sums.sorted()
                == (first == second
                    ? ["\(first) 200000"] : ["\(first) 100000", "\(second) 100000"])
        )
    }
}
