import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import Testing

/// What runs out by block time.
struct DeadlineTests {
    let fixture: ConsignmentFixture
    private static let start = ConsignmentFixture.start
    private static let day = ConsignmentFixture.day

    init() throws { fixture = try ConsignmentFixture() }

    /// Any statement, so that there is a block at `time`.
    private func tick(_ state: LedgerState, at time: UInt64) throws -> LedgerState {
        let body = OrganisationBody(
            id: "tick-\(time)",
            location: "NL",
            headquarters: "NL",
            parent: nil,
            name: .zero
        )
        let statement = try fixture.register(body, at: time)
        return try fixture.apply([statement], to: state, time: time)
    }

    @Test func `a reservation holds on its last day to the last second, and no longer`() throws {
        let state = try fixture.state(.reserved)
        let last = Self.start + 30 * Self.day
        let held = try tick(state, at: last + Self.day - 1)
        #expect(try fixture.record(held).count(in: .reserved) == 10)
        let lapsed = try tick(held, at: last + Self.day)
        let record = try fixture.record(lapsed)
        #expect(record.count(in: .expired) == 10)
        #expect(record.state == .lapsed)
        #expect(record.deadlines.first == nil)
        let total = try fixture.total(lapsed, "country", "KE")
        #expect(total.consumed == 0)
        #expect(total.asOf == held.size)
        #expect(lapsed.lastChangedClaims == [ClaimReference(issuer: "chipco", id: "c-1")])
        #expect(try fixture.total(lapsed, "parent-year", "uni-ke").consumed == 100_000)
    }

    @Test func `room that a lapse gives back can be claimed in the same block`() throws {
        let state = try fixture.apply(
            [
                try fixture.claim("c-1", quantities: [60]),
                try fixture.claim("c-2", quantities: [40], to: "lab-ke"),
            ],
            to: try fixture.start()
        )
        let time = Self.start + 31 * Self.day
        // The country is far from full; the record shows the order: first the lapse.
        let next = try fixture.claim("c-3", quantities: [50], to: "lab-ke", at: time)
        let after = try fixture.apply([next], to: state, time: time)
        #expect(try fixture.record(after, "c-2").state == .lapsed)
        #expect(try fixture.total(after, "country", "KE").consumed == 500_000)
    }

    @Test func `a licence runs out with its day, and only the unshipped part ends`() throws {
        let end = try #require(CalendarDate("2026-03-15"))
        let date = try #require(CalendarDate("2026-01-01"))
        let state = try fixture.apply(
            [
                try fixture.claim(),
                try fixture.event(.licence(quantities: nil, expires: end, digest: nil), id: "l"),
                try fixture.event(
                    .ship(quantities: [3], date: date, tags: [], digest: nil),
                    id: "s"
                ),
            ],
            to: try fixture.start()
        )
        let last = UInt64(end.dayNumber) * Self.day
        let held = try tick(state, at: last + Self.day - 1)
        #expect(try fixture.record(held).count(in: .licensed) == 7)
        let late = try fixture.event(
            .ship(quantities: [7], date: end, tags: [], digest: nil),
            id: "late",
            at: last + Self.day
        )
        let built = fixture.build([late], on: held, time: last + Self.day)
        #expect(built.refused.first?.refusal.code == .wrongState)
        let over = try tick(held, at: last + Self.day)
        let record = try fixture.record(over)
        #expect(record.count(in: .expired) == 7)
        #expect(record.count(in: .inTransit) == 3)
        #expect(record.ended == .expired)
    }

    @Test func `a licence ends today at the earliest and within the policy's time`() throws {
        let state = try fixture.state(.reserved)
        for (date, passes) in [
            ("2025-12-31", false), ("2026-01-01", true), ("2027-01-01", true),
            ("2027-01-02", false),
        ] {
            let expires = try #require(CalendarDate(date))
            let event = ClaimEvent.licence(quantities: nil, expires: expires, digest: nil)
            let refusal = state.refusal(of: try fixture.event(event, id: "l"))
            #expect((refusal == nil) == passes, "\(date)")
            if !passes { #expect(refusal?.code == .licenceExpired) }
        }
    }

    @Test func `a shipment is not dated after tomorrow, nor after the licence`() throws {
        let state = try fixture.state(.licensed)
        for (date, code) in [
            ("2026-01-02", nil), ("2026-01-03", RefusalCode.tooNew), ("2024-11-26", .tooOld),
        ] {
            let day = try #require(CalendarDate(date))
            let event = ClaimEvent.ship(quantities: [1], date: day, tags: [], digest: nil)
            #expect(state.refusal(of: try fixture.event(event, id: "s"))?.code == code, "\(date)")
        }
    }

    @Test func `a restored state lets the same things run out`() throws {
        let state = try fixture.state(.reserved)
        let restored = try state.restored()
        let time = Self.start + 31 * Self.day
        let left = try tick(state, at: time)
        let right = try tick(restored, at: time)
        #expect(left.lastHeaderHash == right.lastHeaderHash)
        #expect(try fixture.record(right).state == .lapsed)
    }

    @Test func `a policy sets its own days`() throws {
        let fixture = try ConsignmentFixture(
            lifecycle: ["citation": "Test 20", "reservationDays": 2]
        )
        let state = try fixture.apply([try fixture.claim()], to: try fixture.start())
        #expect(
            try fixture.record(state).deadlines.reserved == Self.start / Self.day + 2
        )
    }

    @Test func `consent that is required stops the licence until it is given`() throws {
        let fixture = try ConsignmentFixture(
            lifecycle: [
                "citation": "Test 20",
                "consent": [["required": true, "noAnswerDays": 10, "citation": "Test 21"]],
            ]
        )
        let end = try #require(CalendarDate("2026-12-31"))
        let licence = ClaimEvent.licence(quantities: nil, expires: end, digest: nil)
        let state = try fixture.apply([try fixture.claim()], to: try fixture.start())
        let time = Self.start + 20 * Self.day
        let early = try fixture.event(licence, id: "l", at: time)
        #expect(
            fixture.build([early], on: state, time: time).refused[0].refusal.code == .notConsented
        )
        let yes = try fixture.event(.consent(answer: true, digest: nil), id: "yes")
        let agreed = try fixture.apply([yes, try fixture.event(licence, id: "l")], to: state)
        #expect(try fixture.record(agreed).count(in: .licensed) == 10)
        let again = try fixture.event(.consent(answer: false, digest: nil), id: "again")
        #expect(agreed.refusal(of: again)?.code == .conflict)
        let no = try fixture.event(.consent(answer: false, digest: nil), id: "no")
        let refused = try fixture.apply([no], to: state)
        #expect(try fixture.record(refused).state == .rejected)
        #expect(try fixture.total(refused, "country", "KE").consumed == 0)
    }

    @Test func `silence is noted after its days where consent is not required`() throws {
        let fixture = try ConsignmentFixture(
            lifecycle: [
                "citation": "Test 20",
                "consent": [["required": false, "noAnswerDays": 10, "citation": "Test 21"]],
            ]
        )
        let end = try #require(CalendarDate("2026-12-31"))
        let licence = ClaimEvent.licence(quantities: nil, expires: end, digest: nil)
        let state = try fixture.apply([try fixture.claim()], to: try fixture.start())
        for (days, passes) in [(UInt64(10), false), (11, true)] {
            let time = Self.start + days * Self.day
            let statement = try fixture.event(licence, id: "l-\(days)", at: time)
            let built = fixture.build([statement], on: state, time: time)
            #expect((built.result != nil) == passes)
            if !passes { #expect(built.refused[0].refusal.code == .notConsented) }
        }
    }
}
