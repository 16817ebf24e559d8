import CBOR
import Ledger
import LedgerFixture
import QuotaRules
import Testing

/// Amounts at the largest there are: 2^40 for one claim, 2^52 for one account.
struct BoundTests {
    let fixture: ConsignmentFixture

    init() throws { fixture = try ConsignmentFixture(patch: Self.unbounded) }

    /// The limits only count, and that of countries counts inventories.
    private static func unbounded(_ policy: CBORValue) -> CBORValue {
        let limits = (policy["limits"]?.arrayValue ?? []).map { limit in
            CBORValue.sortedMap(
                (limit.mapValue ?? []).filter { $0.key != "cap" && $0.key != "exceeded" }
            )
        }
        return InventoryTests.counting(policy.setting("limits", to: .array(limits)))
    }

    /// The most pieces of `chip-a`, 10,000 tenths each, in a claim below 2^40.
    private let most: UInt64 = 109_951_162

    private func events(_ quantity: UInt64) throws -> [Statement] {
        let day = try #require(CalendarDate("2026-01-01"))
        return [
            try fixture.event(.licence(quantities: nil, expires: day, digest: nil), id: "l"),
            try fixture.event(
                .ship(quantities: [quantity], date: day, tags: [], digest: nil),
                id: "s"
            ),
            try fixture.event(
                .accept(quantities: [quantity - 1], date: day, isFinal: true),
                id: "a"
            ),
        ]
    }

    @Test func `a claim just below 2^40 lives to its end to the tenth, and none above enters`()
        throws
    {
        let beyond = try fixture.start().refusal(of: try fixture.claim(quantities: [most + 1]))
        #expect(beyond?.decision?.reasons.first?.code == .claimTooLarge)
        let claimed = try fixture.apply(
            [try fixture.claim(quantities: [most])],
            to: try fixture.start()
        )
        #expect(try fixture.total(claimed, "country", "KE").amounts[.reserved] == most * 10_000)
        let state = try fixture.apply(try events(most), to: claimed)
        for (limit, subject) in [("country", "KE"), ("parent-year", "uni-ke")] {
            let total = try fixture.total(state, limit, subject)
            #expect(total.amounts[.delivered] == (most - 1) * 10_000)
            #expect(total.amounts[.shortfall] == 10_000)
            #expect(total.amounts.sum == most * 10_000)
            #expect(total.chips.sum == most)
        }
    }

    @Test func `an amendment cannot take a claim to 2^40`() throws {
        let state = try fixture.apply(
            [try fixture.claim(quantities: [most - 1])],
            to: try fixture.start()
        )
        let up = { (quantity: UInt64) in
            try fixture.event(.amend(was: [most - 1], quantities: [quantity]), id: "up")
        }
        #expect(state.refusal(of: try up(most)) == nil)
        #expect(state.refusal(of: try up(most + 1)) != nil)
        #expect(state.refusal(of: try up(ClaimBody.quantityMax)) != nil)
    }

    /// A state whose account of Kenya has room for one piece of `chip-a` below 2^52.
    private func almostFull() throws -> LedgerState {
        try fixture.apply(
            [
                try fixture.sign(
                    .inventory(try InventoryTests.inventory(450_359_962_736)),
                    by: fixture.receiving,
                    and: [fixture.third]
                )
            ],
            to: try fixture.start()
        )
    }

    @Test func `an account just below 2^52 takes no piece more, by claim or amendment`() throws {
        let state = try fixture.apply([try fixture.claim(quantities: [1])], to: try almostFull())
        let total = try fixture.total(state, "country", "KE")
        #expect(total.consumed == 4_503_599_627_370_000)
        #expect(total.consumed < Tpp.totalBound)
        let next = try #require(state.refusal(of: try fixture.claim("c-2", quantities: [1])))
        #expect(next.decision?.reasons.first?.code == .totalTooLarge)
        let up = try fixture.event(.amend(was: [1], quantities: [2]), id: "up")
        #expect(state.refusal(of: up) != nil)
        // What is there moves on.
        let day = try #require(CalendarDate("2026-01-01"))
        let shipped = try fixture.apply(
            [
                try fixture.event(.licence(quantities: nil, expires: day, digest: nil), id: "l"),
                try fixture.event(
                    .ship(quantities: [1], date: day, tags: [], digest: nil),
                    id: "s"
                ),
            ],
            to: state
        )
        #expect(try fixture.total(shipped, "country", "KE").amounts[.inTransit] == 10_000)
        #expect(try fixture.total(shipped, "country", "KE").amounts.sum == total.amounts.sum)
    }

    @Test func `what an account gave back still stands in it, below 2^52`() throws {
        let state = try fixture.apply(
            [try fixture.claim(quantities: [1]), try fixture.cancel()],
            to: try almostFull()
        )
        let total = try fixture.total(state, "country", "KE")
        #expect(total.consumed == 4_503_599_627_360_000)
        #expect(total.released == 10_000)
        let again = try fixture.claim("c-2", quantities: [1])
        let refusal = try #require(state.refusal(of: again))
        #expect(refusal.code == .limitExceeded)
        #expect(refusal.message.contains("largest total"))
    }
}
