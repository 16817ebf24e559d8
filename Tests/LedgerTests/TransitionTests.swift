import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import Testing

/// Every transition of a consignment: those that are allowed happen, and no other.
struct TransitionTests {
    let fixture: ConsignmentFixture

    init() throws { fixture = try ConsignmentFixture() }

    /// What can be asked of a claim of ten pieces, by name, and where the pieces then stand.
    private static func moves() throws -> [(name: String, event: ClaimEvent, to: Bucket?)] {
        let today = try #require(CalendarDate("2026-01-01"))
        let end = try #require(CalendarDate("2026-12-31"))
        let tag = try #require(ChipTag([UInt8](repeating: 7, count: 16)))
        var moves: [(String, ClaimEvent, Bucket?)] = [
            ("consent", .consent(answer: true, digest: nil), nil),
            ("licence", .licence(quantities: nil, expires: end, digest: .zero), .licensed),
            ("test", .test(digest: .zero), nil),
            ("ship", .ship(quantities: [10], date: today, tags: [], digest: nil), .inTransit),
            ("tags", .tags([tag]), nil),
            ("accept", .accept(quantities: [10], date: today, isFinal: true), .delivered),
            ("short", .accept(quantities: [0], date: today, isFinal: true), .shortfall),
            ("presence", .presence(grade: 2, quantities: nil, digest: nil), nil),
            (
                "transfer",
                .transfer(organisation: "lab-ke", facility: nil, quantities: nil, tags: []),
                .passedOn
            ),
            ("turn back", .turnBack(quantities: [10], from: .inTransit, tags: []), .returned),
            ("return", .turnBack(quantities: [10], from: .delivered, tags: []), .returned),
            ("lose on the way", .lost(quantities: [10], from: .inTransit), .lost),
            ("lose", .lost(quantities: [10], from: .delivered), .lost),
            ("find", .found(quantities: [10], to: .delivered), .delivered),
            ("find on the way", .found(quantities: [10], to: .inTransit), .inTransit),
            ("retire", .retire(quantities: [10], tags: [], digest: nil), .retired),
            ("amend down", .amend(was: [10], quantities: [0]), .expired),
            ("amend up", .amend(was: [10], quantities: [11]), nil),
            ("disclose", .disclose(fields: ["site"], digest: .zero), nil),
        ]
        for bucket in [Bucket.reserved, .licensed, .inTransit, .delivered, .shortfall, .lost] {
            moves.append(
                (
                    "dispute \(bucket.rawValue)",
                    .dispute(quantities: [10], from: bucket, digest: .zero),
                    .disputed
                )
            )
        }
        return moves
    }

    /// Field by field: from where what may happen.
    private static let allowed: [Bucket: Set<String>] = [
        .reserved: ["licence", "test", "amend down", "amend up", "dispute reserved"],
        .licensed: ["test", "ship", "amend down", "amend up", "dispute licensed"],
        .inTransit: [
            "test", "tags", "accept", "short", "turn back", "lose on the way",
            "dispute in_transit",
        ],
        .delivered: [
            "test", "tags", "presence", "transfer", "return", "lose", "retire",
            "dispute delivered",
        ],
        .shortfall: ["test", "tags", "dispute shortfall"],
        .disputed: ["test", "tags"],
        .lost: ["test", "tags", "find", "find on the way", "dispute lost"],
    ]

    @Test(arguments: Bucket.allCases)
    func `from a bucket goes what may go, and nothing else`(bucket: Bucket) throws {
        let state = try fixture.state(bucket)
        let before = try fixture.record(state)
        #expect(before.lines[0].quantities == BucketValues(10, in: bucket))
        for (number, move) in try Self.moves().enumerated() {
            let statement = try fixture.event(move.event, id: "e-\(number)")
            let built = fixture.build([statement], on: state)
            // Who saw what was claimed is told of every claim, also when nothing of it moves.
            let isAllowed =
                move.name == "disclose"
                || Self.allowed[bucket, default: []].contains(move.name)
            guard isAllowed else {
                let refusal = try #require(built.refused.first?.refusal, "\(move.name)")
                #expect(refusal.code == .wrongState || refusal.code == .conflict, "\(move.name)")
                #expect(built.result == nil)
                continue
            }
            let after = try #require(built.result, "\(move.name): \(built.refused)").state
            let record = try fixture.record(after)
            if let to = move.to {
                #expect(record.lines[0].quantities == BucketValues(10, in: to), "\(move.name)")
            }
            if move.name == "amend up" {
                #expect(record.claimed == [11])
            }
            if move.name == "disclose" {
                #expect(record == before)
            }
        }
    }

    @Test(arguments: Bucket.allCases.filter(\.isFinal))
    func `what is final is never withdrawn, and nothing of it moves`(bucket: Bucket) throws {
        let state = try fixture.state(bucket)
        let again = try fixture.sign(
            .cancel(CancelBody(claim: "c-1", reason: "again")),
            by: fixture.exporter
        )
        let refusal = try #require(state.refusal(of: again))
        #expect(refusal.code == .conflict)
        #expect(try fixture.record(state).count(in: bucket) == 10)
    }

    @Test(arguments: [EventKind.resolve, .writeOff, .correct])
    func `what governments decide together nobody declares alone`(kind: EventKind) throws {
        let state = try fixture.state(.lost)
        let event: ClaimEvent =
            switch kind {
            case .resolve: .resolve(quantities: [10], from: .lost, to: .delivered)
            case .writeOff: .writeOff(quantities: [10], from: .lost)
            default: .correct(quantities: [10], from: .lost, to: .delivered)
            }
        let refusal = try #require(state.refusal(of: try fixture.event(event, id: "e")))
        #expect(refusal.code == .notAuthorised)
        #expect(refusal.path == "$.payload.body.event")
    }

    @Test func `a claim of which something is left is withdrawn in part`() throws {
        let today = try #require(CalendarDate("2026-01-01"))
        let end = try #require(CalendarDate("2026-12-31"))
        let state = try fixture.apply(
            [
                try fixture.claim(),
                try fixture.event(.licence(quantities: [7], expires: end, digest: nil), id: "l"),
                try fixture.event(
                    .ship(quantities: [4], date: today, tags: [], digest: nil),
                    id: "s"
                ),
                try fixture.cancel(),
            ],
            to: try fixture.start()
        )
        let record = try fixture.record(state)
        #expect(record.count(in: .inTransit) == 4)
        #expect(record.count(in: .expired) == 6)
        #expect(record.state == .inTransit)
        #expect(record.deadlines.first == nil)
        let country = try fixture.total(state, "country", "KE")
        #expect(country.consumed == 40_000)
        #expect(country.released == 60_000)
        #expect(country.releasedChips == 6)
        #expect(try fixture.total(state, "parent-year", "uni-ke").consumed == 100_000)
    }
}
