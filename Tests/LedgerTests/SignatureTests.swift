import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import Testing

/// Who may sign which event, member by member.
struct SignatureTests {
    let fixture: ConsignmentFixture
    let state: LedgerState

    init() throws {
        fixture = try ConsignmentFixture()
        state = try fixture.state(.delivered)
    }

    private static let governments: Set<String> = ["us-bis", "ke-ict", "nl-cdiu"]
    private static let all = governments.union(["chipco", "ke-import", "lab-nl"])

    /// Who may sign alone, by the standard.
    private static let alone: [EventKind: Set<String>] = [
        .consent: ["ke-ict"], .licence: governments, .test: governments.union(["lab-nl"]),
        .ship: ["chipco"], .tags: ["chipco"], .amendUp: ["chipco"],
        .accept: governments.union(["ke-import"]),
        .presence: governments.union(["ke-import", "lab-nl"]),
        .lost: governments.union(["chipco", "ke-import"]),
        .found: governments.union(["chipco", "ke-import"]),
        .dispute: governments.union(["chipco", "ke-import"]),
        .disclose: governments.union(["chipco", "ke-import"]),
    ]

    /// Which two may sign together, by the standard: one of each set.
    private static let pairs: [EventKind: (Set<String>, Set<String>)] = [
        .transfer: (["chipco", "ke-import"], governments),
        .turnBack: (["chipco"], governments),
        .retire: (governments.union(["ke-import"]), governments.union(["lab-nl"])),
        .amendDown: (["chipco"], governments),
    ]

    private func event(_ kind: EventKind) throws -> ClaimEvent {
        let day = try #require(CalendarDate("2026-01-01"))
        let tag = try #require(ChipTag([UInt8](repeating: 7, count: 16)))
        return switch kind {
        case .consent: .consent(answer: true, digest: nil)
        case .licence: .licence(quantities: nil, expires: day, digest: nil)
        case .test: .test(digest: .zero)
        case .ship: .ship(quantities: [1], date: day, tags: [], digest: nil)
        case .tags: .tags([tag])
        case .accept: .accept(quantities: [1], date: day, isFinal: false)
        case .presence: .presence(grade: 1, quantities: nil, digest: nil)
        case .transfer: .transfer(organisation: "lab-ke", facility: nil, quantities: nil, tags: [])
        case .turnBack: .turnBack(quantities: [1], from: .delivered, tags: [])
        case .lost: .lost(quantities: [1], from: .delivered)
        case .found: .found(quantities: [1], to: .delivered)
        case .retire: .retire(quantities: [1], tags: [], digest: nil)
        case .dispute: .dispute(quantities: [1], from: .delivered, digest: .zero)
        case .disclose: .disclose(fields: ["site"], digest: .zero)
        case .amendDown: .amend(was: [10], quantities: [9])
        case .amendUp: .amend(was: [10], quantities: [11])
        case .resolve: .resolve(quantities: [1], from: .delivered, to: .delivered)
        case .writeOff: .writeOff(quantities: [1], from: .delivered)
        case .correct: .correct(quantities: [1], from: .delivered, to: .inTransit)
        }
    }

    private var members: [Founder] {
        [
            fixture.exporter, fixture.exporting, fixture.receiving, fixture.third,
            fixture.consignee, fixture.inspector,
        ]
    }

    /// Whether the signatures are enough; what the event then meets is not the question here.
    private func isSigned(
        _ event: ClaimEvent,
        by signer: Founder,
        and approvers: [Founder] = [],
        in fixture: ConsignmentFixture? = nil,
        on state: LedgerState? = nil,
        claim: ClaimReference = ClaimReference(issuer: "chipco", id: "c-1")
    ) throws -> Bool {
        let statement = try (fixture ?? self.fixture).sign(
            .event(EventBody(claim: claim, event: event)),
            id: "e-1",
            by: signer,
            and: approvers
        )
        let code = (state ?? self.state).refusal(of: statement)?.code
        return code != .notAuthorised && code != .approvalsMissing
    }

    @Test(arguments: EventKind.allCases.filter { !$0.isDecided })
    func `each member signs what it may, and nothing else`(kind: EventKind) throws {
        for member in members {
            let expected = Self.alone[kind, default: []].contains(member.id)
            let event = try event(kind)
            #expect(try isSigned(event, by: member) == expected, "\(kind) by \(member.id)")
        }
    }

    @Test(arguments: EventKind.allCases.filter { pairs[$0] != nil })
    func `what two must sign is signed by two that may, in any order`(kind: EventKind) throws {
        let (left, right) = try #require(Self.pairs[kind])
        for signer in members {
            for approver in members where approver.id != signer.id {
                let expected =
                    left.contains(signer.id) && right.contains(approver.id)
                    || left.contains(approver.id) && right.contains(signer.id)
                #expect(
                    try isSigned(try event(kind), by: signer, and: [approver]) == expected,
                    "\(kind) by \(signer.id) and \(approver.id)"
                )
            }
        }
    }

    @Test func `more signatures than asked for do no harm`() throws {
        let others = members.filter { $0.id != "ke-import" }
        #expect(try isSigned(try event(.accept), by: fixture.consignee, and: others))
        #expect(try isSigned(try event(.retire), by: fixture.consignee, and: others))
    }

    /// For each class, who is in it.
    @Test(arguments: [
        ("exporter", ["chipco"]), ("consignee", ["ke-import"]), ("inspector", ["lab-nl"]),
        ("government", ["ke-ict", "nl-cdiu", "us-bis"]), ("exporting_government", ["us-bis"]),
        ("receiving_government", ["ke-ict"]),
        ("inspector|exporting_government", ["lab-nl", "us-bis"]),
    ])
    func `a policy sets the class that signs`(rule: String, expected: [String]) throws {
        let fixture = try ConsignmentFixture(
            lifecycle: ["citation": "Test 20", "signatures": ["test": [.text(rule)]]]
        )
        let state = try fixture.apply([try fixture.claim()], to: try fixture.start())
        let signed = try members.filter {
            try isSigned(try event(.test), by: $0, in: fixture, on: state)
        }
        #expect(signed.map(\.id).sorted() == expected)
    }

    @Test func `one member does not sign twice`() throws {
        let fixture = try ConsignmentFixture(
            lifecycle: [
                "citation": "Test 20", "signatures": ["test": ["government", "government"]],
            ]
        )
        let state = try fixture.apply([try fixture.claim()], to: try fixture.start())
        let event = try event(.test)
        #expect(try !isSigned(event, by: fixture.third, in: fixture, on: state))
        #expect(
            try isSigned(
                event,
                by: fixture.third,
                and: [fixture.receiving],
                in: fixture,
                on: state
            )
        )
    }

    @Test func `a government that exports confirms nothing of its own claim`() throws {
        guard case .claim(let body) = try fixture.claim().body else { return }
        let own = try fixture.sign(.claim(body), id: "g-1", by: fixture.exporting)
        let state = try fixture.apply([own], to: try fixture.start())
        let claim = ClaimReference(issuer: "us-bis", id: "g-1")
        let licence = try event(.licence)
        #expect(try !isSigned(licence, by: fixture.exporting, on: state, claim: claim))
        #expect(try isSigned(licence, by: fixture.third, on: state, claim: claim))
        #expect(try isSigned(try event(.ship), by: fixture.exporting, on: state, claim: claim))
        #expect(try !isSigned(try event(.accept), by: fixture.exporting, on: state, claim: claim))
    }

    @Test func `a refusal names the signatures that are missing`() throws {
        let statement = try fixture.sign(
            .event(
                EventBody(
                    claim: ClaimReference(issuer: "chipco", id: "c-1"),
                    event: try event(.turnBack)
                )
            ),
            id: "e-1",
            by: fixture.exporter
        )
        let refusal = try #require(state.refusal(of: statement))
        #expect(refusal.code == .approvalsMissing)
        #expect(refusal.path == "$.payload.approvals")
        #expect(refusal.message.contains("the exporter, and of a government of the exporter's"))
    }
}
