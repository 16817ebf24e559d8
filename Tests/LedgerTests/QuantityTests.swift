import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import Testing

/// Parts of a consignment: accounts follow to the piece, and nothing moves that is not there.
struct QuantityTests {
    let fixture: ConsignmentFixture
    private let today = CalendarDate(year: 2026, month: 1, day: 1)
    private let end = CalendarDate(year: 2026, month: 12, day: 31)

    init() throws { fixture = try ConsignmentFixture() }

    private func licence(_ quantities: [UInt64]?) throws -> ClaimEvent {
        .licence(quantities: quantities, expires: try #require(end), digest: nil)
    }

    private func ship(_ quantities: [UInt64], _ tags: [ChipTag] = []) throws -> ClaimEvent {
        .ship(quantities: quantities, date: try #require(today), tags: tags, digest: nil)
    }

    private func accept(_ quantities: [UInt64], final: Bool = false) throws -> ClaimEvent {
        .accept(quantities: quantities, date: try #require(today), isFinal: final)
    }

    private func run(_ events: [ClaimEvent], on state: LedgerState) throws -> LedgerState {
        try fixture.apply(
            try events.enumerated().map {
                try fixture.event($0.element, id: "e-\(state.size)-\($0.offset)")
            },
            to: state
        )
    }

    @Test func `two lines are licensed, shipped and accepted in parts, short by three`() throws {
        let claimed = try fixture.apply(
            [try fixture.claim(quantities: [10, 40])],
            to: try fixture.start()
        )
        let state = try run(
            [
                licence([6, 40]), ship([6, 10]), accept([4, 10]), ship([0, 30]),
                accept([1, 28], final: true),
            ],
            on: claimed
        )
        let record = try fixture.record(state)
        #expect(record.lines[0].quantities.all == [4, 0, 0, 5, 1, 0, 0, 0, 0, 0, 0])
        #expect(record.lines[1].quantities.all == [0, 0, 0, 38, 2, 0, 0, 0, 0, 0, 0])
        let total = try fixture.total(state, "country", "KE")
        // chip-a weighs 10,000 tenths, chip-b 500.
        #expect(total.amounts[.reserved] == 40_000)
        #expect(total.amounts[.delivered] == 5 * 10_000 + 38 * 500)
        #expect(total.amounts[.shortfall] == 10_000 + 2 * 500)
        #expect(total.chips.all == [4, 0, 0, 43, 3, 0, 0, 0, 0, 0, 0])
        #expect(total.consumed == 10 * 10_000 + 40 * 500)
        #expect(record.state == .reserved)
    }

    @Test func `more than there is is refused with what would pass, and changes nothing`() throws {
        let state = try run([licence([6])], on: try fixture.state(.reserved))
        let built = fixture.build([try fixture.event(ship([7]), id: "s")], on: state)
        let refusal = try #require(built.refused.first?.refusal)
        #expect(refusal.code == .quantityExceeds)
        #expect(refusal.message.contains("6 would pass"))
        #expect(refusal.path == "$.payload.body.quantities[0]")
        #expect(built.result == nil)
    }

    @Test func `a refused event leaves the accounts as the next statement finds them`() throws {
        let delivered = try fixture.state(.delivered)
        let tag = try #require(ChipTag([UInt8](repeating: 1, count: 16)))
        let wrong = try fixture.event(
            .turnBack(quantities: [10], from: .delivered, tags: [tag]),
            id: "wrong"
        )
        let tooMany = try fixture.event(
            .transfer(organisation: "uni-tz", facility: nil, quantities: nil, tags: []),
            id: "abroad"
        )
        let right = try fixture.event(.presence(grade: 1, quantities: nil, digest: nil), id: "r")
        let built = fixture.build([wrong, tooMany, right], on: delivered)
        #expect(built.refused.map(\.refusal.code).contains(.unknownTag))
        #expect(built.refused.map(\.refusal.code).contains(.wrongState))
        let after = try #require(built.result).state
        #expect(after.accounts == delivered.accounts)
    }

    @Test func `the wrong number of lines, or nothing at all, is malformed`() throws {
        let state = try fixture.state(.licensed)
        #expect(
            state.refusal(of: try fixture.event(ship([5, 5]), id: "s"))?.code == .malformed
        )
        #expect(throws: StatementError.self) { try fixture.event(ship([0]), id: "s") }
        #expect(throws: StatementError.self) { try fixture.event(ship([]), id: "s") }
        #expect(throws: StatementError.self) {
            try fixture.event(ship([ClaimBody.quantityMax + 1]), id: "s")
        }
        let most = try fixture.event(ship([ClaimBody.quantityMax]), id: "s")
        #expect(state.refusal(of: most)?.code == .quantityExceeds)
    }

    @Test func `of two amendments of one version the second is a conflict`() throws {
        let state = try fixture.state(.reserved)
        let first = try fixture.event(.amend(was: [10], quantities: [8]), id: "a-1")
        let second = try fixture.event(.amend(was: [10], quantities: [6]), id: "a-2")
        let built = fixture.build([first, second], on: state)
        let refusal = try #require(built.refused.first?.refusal)
        #expect(built.refused.count == 1)
        #expect(refusal.code == .conflict)
        #expect(refusal.path == "$.payload.body.was")
        let record = try fixture.record(try #require(built.result).state)
        #expect(record.claimed == [8] || record.claimed == [6])
        #expect(record.ended == .cancelled)
    }

    @Test func `an amendment down gives room back where cancelling does`() throws {
        let state = try run(
            [.amend(was: [10], quantities: [7])],
            on: try fixture.state(.licensed)
        )
        #expect(try fixture.total(state, "country", "KE").consumed == 70_000)
        #expect(try fixture.total(state, "parent-year", "uni-ke").consumed == 100_000)
        #expect(try fixture.record(state).count(in: .licensed) == 7)
    }

    @Test func `an amendment up is judged by the whole claim and fills the cap exactly`() throws {
        // A group may get 100,000 TPP a year: a hundred of chip-a.
        let state = try fixture.state(.reserved)
        let full = try run([.amend(was: [10], quantities: [100])], on: state)
        let total = try fixture.total(full, "parent-year", "uni-ke")
        #expect(total.consumed == FixtureRules.parentCap * 10)
        #expect(total.room == 0)
        let beyond = try fixture.event(.amend(was: [10], quantities: [101]), id: "beyond")
        let refusal = try #require(state.refusal(of: beyond))
        #expect(refusal.code == .limitExceeded)
        #expect(refusal.largestQuantity == 100)
    }

    @Test func `evidence goes to the weakest first, and leaves with the goods`() throws {
        let state = try run(
            [
                .presence(grade: 1, quantities: [6], digest: nil),
                .presence(grade: 2, quantities: [8], digest: nil),
            ],
            on: try fixture.state(.delivered)
        )
        #expect(try fixture.record(state).lines[0].grades == [2, 8])
        let back = try run([.turnBack(quantities: [5], from: .delivered, tags: [])], on: state)
        #expect(try fixture.record(back).lines[0].grades == [0, 5])
    }

    @Test func `a return gives back where the limit says so, and only there`() throws {
        let state = try fixture.state(.returned)
        let country = try fixture.total(state, "country", "KE")
        #expect(country.amounts == BucketValues(100_000, in: .returned))
        #expect(country.released == 100_000)
        #expect(country.releasedChips == 10)
        #expect(country.consumed == 0)
        let parent = try fixture.total(state, "parent-year", "uni-ke")
        #expect(parent.released == 0)
        #expect(parent.consumed == 100_000)
    }

    @Test func `a dispute never gives room back, wherever it begins`() throws {
        for bucket in [Bucket.reserved, .licensed, .inTransit, .delivered, .shortfall, .lost] {
            let state = try fixture.state(bucket)
            let before = state.accounts.map(\.total.consumed)
            let after = try run(
                [.dispute(quantities: [4], from: bucket, digest: .zero)],
                on: state
            )
            #expect(after.accounts.map(\.total.consumed) == before)
            let record = try fixture.record(after)
            #expect(record.count(in: .disputed) == 4)
            #expect(record.disputes.map(\.from) == [bucket])
            #expect(record.state == .disputed)
        }
    }

    @Test func `the tolerance of a policy comes out of the reservation`() throws {
        let fixture = try ConsignmentFixture(
            lifecycle: ["citation": "Test 20", "tolerancePercent": 10]
        )
        let state = try fixture.apply(
            [
                try fixture.claim(quantities: [100]),
                try fixture.event(try licence([50]), id: "l"),
            ],
            to: try fixture.start()
        )
        let refusal = state.refusal(of: try fixture.event(try ship([56]), id: "s"))
        #expect(refusal?.code == .quantityExceeds)
        #expect(refusal?.message.contains("55 would pass") == true)
        let shipped = try fixture.apply([try fixture.event(try ship([55]), id: "s")], to: state)
        #expect(try fixture.record(shipped).lines[0].quantities.all[0...2] == [45, 0, 55])
    }

    @Test func `a policy may bound one claim and one event`() throws {
        let fixture = try ConsignmentFixture(
            lifecycle: ["citation": "Test 20", "quantityPerEventMax": 10]
        )
        let state = try fixture.start()
        let refusal = state.refusal(of: try fixture.claim(quantities: [11]))
        #expect(refusal?.code == .quantityExceeds)
        #expect(state.refusal(of: try fixture.claim(quantities: [10])) == nil)
    }

    @Test func `a route without licence ships from the reservation`() throws {
        let fixture = try ConsignmentFixture(
            lifecycle: ["citation": "Test 20", "licenceFree": ["LPP"]]
        )
        let state = try fixture.apply(
            [
                try fixture.claim(route: "LPP"), try fixture.claim("c-2"),
            ],
            to: try fixture.start()
        )
        let shipped = try fixture.apply([try fixture.event(try ship([4]), id: "s")], to: state)
        #expect(try fixture.record(shipped).count(in: .inTransit) == 4)
        let other = ClaimReference(issuer: "chipco", id: "c-2")
        let refusal = state.refusal(of: try fixture.event(try ship([4]), id: "s", on: other))
        #expect(refusal?.code == .wrongState)
    }
}
