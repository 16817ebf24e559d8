import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import Testing

/// Chip tags: the same chip is live once.
struct TagTests {
    let fixture: ConsignmentFixture
    private let today = CalendarDate(year: 2026, month: 1, day: 1)

    init() throws { fixture = try ConsignmentFixture() }

    private func tag(_ number: UInt8) throws -> ChipTag {
        try #require(ChipTag([UInt8](repeating: number, count: 16)))
    }

    private func ship(
        _ quantity: UInt64,
        _ tags: [ChipTag],
        of claim: String,
        id: String
    ) throws -> Statement {
        try fixture.event(
            .ship(quantities: [quantity], date: try #require(today), tags: tags, digest: nil),
            id: id,
            on: ClaimReference(issuer: "chipco", id: claim)
        )
    }

    private func licensed(_ claims: [String]) throws -> LedgerState {
        let end = try #require(CalendarDate("2026-12-31"))
        return try fixture.apply(
            try claims.flatMap { claim in
                [
                    try fixture.claim(claim),
                    try fixture.event(
                        .licence(quantities: nil, expires: end, digest: nil),
                        id: "l-\(claim)",
                        on: ClaimReference(issuer: "chipco", id: claim)
                    ),
                ]
            },
            to: try fixture.start()
        )
    }

    @Test func `a chip that is live in one claim is refused in another, with the holder`() throws {
        let state = try fixture.apply(
            [try ship(2, [try tag(1), try tag(2)], of: "c-1", id: "s-1")],
            to: try licensed(["c-1", "c-2"])
        )
        #expect(try fixture.record(state).tagCount == 2)
        let refusal = try #require(
            state.refusal(of: try ship(1, [try tag(2)], of: "c-2", id: "s-2"))
        )
        #expect(refusal.code == .tagInUse)
        #expect(refusal.message.contains("chipco/c-1"))
        #expect(refusal.message.contains("02020202"))
        let twice = try ship(1, [try tag(2)], of: "c-1", id: "s-3")
        #expect(state.refusal(of: twice)?.code == .tagInUse)
    }

    @Test func `two claims of one chip in one block: one is refused`() throws {
        let state = try licensed(["c-1", "c-2"])
        let built = fixture.build(
            [
                try ship(1, [try tag(1)], of: "c-1", id: "s-1"),
                try ship(1, [try tag(1)], of: "c-2", id: "s-2"),
            ],
            on: state
        )
        #expect(built.refused.map(\.refusal.code) == [.tagInUse])
    }

    @Test func `no more tags than chips`() throws {
        let state = try licensed(["c-1"])
        let tags = try (1...3).map { try tag($0) }
        #expect(state.refusal(of: try ship(2, tags, of: "c-1", id: "s"))?.code == .quantityExceeds)
        #expect(state.refusal(of: try ship(3, tags, of: "c-1", id: "s")) == nil)
    }

    @Test func `a tag ends with the return of its chip and enters only another claim`() throws {
        let claim = ClaimReference(issuer: "chipco", id: "c-1")
        let tags = [try tag(1), try tag(2)]
        let shipped = try fixture.apply(
            [try ship(2, tags, of: "c-1", id: "s")],
            to: try licensed(["c-1", "c-2"])
        )
        func back(_ tags: [ChipTag], id: String) throws -> Statement {
            try fixture.event(
                .turnBack(quantities: [1], from: .inTransit, tags: tags),
                id: id,
                on: claim
            )
        }
        #expect(shipped.refusal(of: try back([], id: "b"))?.code == .quantityExceeds)
        let returned = try fixture.apply([try back([try tag(2)], id: "b")], to: shipped)
        #expect(try fixture.record(returned).tagCount == 1)
        #expect(returned.refusal(of: try back([try tag(2)], id: "b-2"))?.code == .unknownTag)
        #expect(
            returned.refusal(of: try ship(1, [try tag(2)], of: "c-1", id: "s-1"))?.code
                == .unknownTag
        )
        let again = try fixture.apply(
            [try ship(1, [try tag(2)], of: "c-2", id: "s-2")],
            to: returned
        )
        #expect(try fixture.record(again, "c-2").tagCount == 1)
        #expect(try fixture.record(again, "c-1").tagCount == 1)
    }

    @Test func `a transfer takes its tags along, and the holder changes`() throws {
        let accept = ClaimEvent.accept(
            quantities: [2],
            date: try #require(today),
            isFinal: true
        )
        let state = try fixture.apply(
            [
                try ship(2, [try tag(1), try tag(2)], of: "c-1", id: "s"),
                try fixture.event(accept, id: "a"),
                try fixture.event(
                    .transfer(
                        organisation: "lab-ke",
                        facility: nil,
                        quantities: [1],
                        tags: [try tag(1)]
                    ),
                    id: "t-1"
                ),
            ],
            to: try licensed(["c-1"])
        )
        let next = try #require(state.claim(issuer: "ke-import", id: "t-1"))
        #expect(next.exporter == "chipco")
        #expect(next.facts.source == ClaimReference(issuer: "chipco", id: "c-1"))
        #expect(next.facts.parties.map(\.organisation) == ["lab-ke"])
        #expect(next.lines[0].quantities == BucketValues(1, in: .delivered))
        #expect(next.tagCount == 1)
        #expect(try fixture.record(state).tagCount == 1)
        // The country counts the chip once; the first group goes on counting it, as its limit says.
        #expect(try fixture.total(state, "country", "KE").consumed == 100_000)
        #expect(try fixture.total(state, "parent-year", "uni-ke").consumed == 100_000)
        #expect(try fixture.total(state, "parent-year", "lab-ke").consumed == 10_000)
        let stranger = try fixture.event(
            .retire(quantities: [1], tags: [try tag(1)], digest: nil),
            id: "r",
            on: ClaimReference(issuer: "ke-import", id: "t-1")
        )
        // The importer signs for the university, which no longer holds the goods.
        #expect(state.refusal(of: stranger)?.code == .approvalsMissing)
    }

    @Test func `a re-export takes goods and tags out of their source when it is shipped`() throws {
        let end = try #require(CalendarDate("2026-12-31"))
        let onward = ClaimReference(issuer: "chipco", id: "c-9")
        let delivered = try fixture.apply(
            [
                try ship(4, [try tag(1)], of: "c-1", id: "s"),
                try fixture.event(
                    .accept(quantities: [4], date: try #require(today), isFinal: true),
                    id: "a"
                ),
            ],
            to: try licensed(["c-1"])
        )
        let source = ClaimReference(issuer: "chipco", id: "c-1")
        let tooMuch = try fixture.claim(
            "c-8",
            quantities: [5],
            to: "uni-tz",
            in: "TZ",
            source: source
        )
        let refusal = try #require(delivered.refusal(of: tooMuch))
        #expect(refusal.code == .quantityExceeds)
        #expect(refusal.message.contains("4 would pass"))
        let claimed = try fixture.apply(
            [
                try fixture.claim("c-9", quantities: [4], to: "uni-tz", in: "TZ", source: source),
                try fixture.event(
                    .licence(quantities: nil, expires: end, digest: nil),
                    id: "l-9",
                    on: onward
                ),
            ],
            to: delivered
        )
        #expect(try fixture.total(claimed, "country", "KE").consumed == 100_000)
        let without = try ship(4, [], of: "c-9", id: "s-9")
        #expect(claimed.refusal(of: without)?.code == .quantityExceeds)
        let shipped = try fixture.apply(
            [try ship(4, [try tag(1)], of: "c-9", id: "s-9")],
            to: claimed
        )
        #expect(try fixture.record(shipped).count(in: .passedOn) == 4)
        #expect(try fixture.record(shipped).tagCount == 0)
        #expect(try fixture.record(shipped, "c-9").tagCount == 1)
        #expect(try fixture.total(shipped, "country", "KE").consumed == 60_000)
        #expect(try fixture.total(shipped, "country", "TZ").consumed == 40_000)
    }
}
