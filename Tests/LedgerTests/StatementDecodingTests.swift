import CBOR
import COSE
import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import Testing

/// What is and what is not a statement.
struct StatementDecodingTests {
    let fixture: LedgerFixture

    init() throws {
        fixture = try LedgerFixture()
    }

    /// A claim whose protected header `change` edits before it is signed.
    private func claim(
        header change: (inout [Int64: CBORValue], inout [Int64: CBORValue]) -> Void = { _, _ in },
        unprotected: [CBORMapEntry] = [],
        payload: [UInt8]? = nil
    ) throws -> [UInt8] {
        let body = try fixture.claimBody(to: "uni-ke", in: "KE", quantity: 1)
        var header: [Int64: CBORValue] = [
            1: .integer(-8), 3: .text(StatementKind.claim.contentType),
            4: .bytes(COSEKey.thumbprint(fixture.exporter.key.publicKey).bytes),
        ]
        var claims: [Int64: CBORValue] = [
            1: "chipco", 2: "c-1", 3: .text(LedgerFixture.origin),
            6: .unsigned(LedgerFixture.start),
        ]
        change(&header, &claims)
        if header[15] == nil { header[15] = Self.map(claims) }
        if header[15] == .null { header[15] = nil }
        return COSESign1.sign(
            protected: Self.map(header),
            unprotected: unprotected,
            payload: payload ?? body.cbor.encoded(),
            with: fixture.exporter.key
        ).encoded()
    }

    private static func map(_ entries: [Int64: CBORValue]) -> CBORValue {
        .sortedMap(entries.map { CBORMapEntry(.integer($0.key), $0.value) })
    }

    private func error(_ bytes: [UInt8]) -> StatementError? {
        do throws(StatementError) {
            _ = try Statement.decode(bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a statement keeps its bytes and knows what it says`() throws {
        let bytes = try claim()
        let statement = try Statement.decode(bytes)
        #expect(statement.bytes == bytes)
        #expect(statement.identity.description == "claim chipco/c-1")
        #expect(statement.audience == LedgerFixture.origin)
        #expect(statement.issuedAt == LedgerFixture.start)
        try statement.verifySignature(with: fixture.exporter.key.publicKey)
        guard case .claim(let body) = statement.body else {
            Issue.record("expected a claim")
            return
        }
        #expect(body.cbor.encoded() == statement.bodyBytes)
    }

    @Test func `both Ed25519 algorithm numbers are accepted`() throws {
        let bytes = try claim { header, _ in header[1] = .integer(-19) }
        let statement = try Statement.decode(bytes)
        try statement.verifySignature(with: fixture.exporter.key.publicKey)
    }

    /// What is wrong with a header, which code, and which path the error must name.
    struct Violation: Sendable, CustomTestStringConvertible {
        let path: String
        let code: RefusalCode
        let change: @Sendable (inout [Int64: CBORValue], inout [Int64: CBORValue]) -> Void

        init(
            _ path: String,
            _ code: RefusalCode = .malformed,
            _ change:
                @escaping @Sendable (
                    inout [Int64: CBORValue], inout [Int64: CBORValue]
                ) -> Void
        ) {
            self.path = path
            self.code = code
            self.change = change
        }

        var testDescription: String { path }
    }

    static let violations: [Violation] = [
        Violation("$.protected.1", .badAlgorithm) { header, _ in header[1] = nil },
        Violation("$.protected.1", .badAlgorithm) { header, _ in header[1] = .integer(-7) },
        Violation("$.protected.1", .badAlgorithm) { header, _ in header[1] = "EdDSA" },
        Violation("$.protected.2") { header, _ in header[2] = [1] },
        Violation("$.protected.3") { header, _ in header[3] = nil },
        Violation("$.protected.3") { header, _ in header[3] = .unsigned(60) },
        Violation("$.protected.3") { header, _ in header[3] = "application/cbor" },
        Violation("$.protected.4") { header, _ in header[4] = nil },
        Violation("$.protected.4") { header, _ in header[4] = .bytes([1, 2, 3]) },
        Violation("$.protected.5") { header, _ in header[5] = .bytes([]) },
        Violation("$.protected.395") { header, _ in header[395] = 1 },
        Violation("$.protected.-65537") { header, _ in header[-65537] = true },
        Violation("$.protected.15") { header, _ in header[15] = .null },
        Violation("$.protected.15") { header, _ in header[15] = "claims" },
        Violation("$.protected.15.1") { _, claims in claims[1] = nil },
        Violation("$.protected.15.1") { _, claims in claims[1] = .unsigned(7) },
        Violation("$.protected.15.1") { _, claims in claims[1] = "" },
        Violation("$.protected.15.1") { _, claims in claims[1] = "ChipCo" },
        Violation("$.protected.15.1") { _, claims in claims[1] = "-chipco" },
        Violation("$.protected.15.1") { _, claims in
            claims[1] = .text(String(repeating: "a", count: 64))
        },
        Violation("$.protected.15.2") { _, claims in claims[2] = nil },
        Violation("$.protected.15.2") { _, claims in claims[2] = "" },
        Violation("$.protected.15.2") { _, claims in claims[2] = "c 1" },
        Violation("$.protected.15.2") { _, claims in claims[2] = "c/1" },
        Violation("$.protected.15.2") { _, claims in claims[2] = "ç-1" },
        Violation("$.protected.15.2") { _, claims in
            claims[2] = .text(String(repeating: "a", count: 65))
        },
        Violation("$.protected.15.3") { _, claims in claims[3] = nil },
        Violation("$.protected.15.3") { _, claims in claims[3] = "quota.example/a+b" },
        Violation("$.protected.15.4") { _, claims in claims[4] = .unsigned(1) },
        Violation("$.protected.15.5") { _, claims in claims[5] = .unsigned(1) },
        Violation("$.protected.15.6") { _, claims in claims[6] = nil },
        Violation("$.protected.15.6") { _, claims in claims[6] = .integer(-1) },
        Violation("$.protected.15.6") { _, claims in claims[6] = .unsigned(.max) },
        Violation("$.protected.15.7") { _, claims in claims[7] = .bytes([1]) },
    ]

    @Test(arguments: violations)
    func `each violation of the protected header is named`(violation: Violation) throws {
        let error = try #require(error(try claim(header: violation.change)))
        #expect(error.path == violation.path)
        #expect(error.code == violation.code)
    }

    @Test func `the unprotected map must be empty`() throws {
        let bytes = try claim(unprotected: [CBORMapEntry(.integer(394), [.bytes([1])])])
        #expect(error(bytes)?.path == "$.unprotected")
    }

    @Test func `the payload must be there`() throws {
        #expect(error(try claim(payload: []))?.code == .payloadMissing)
        let detached = COSESign1.sign(
            protected: Self.map([1: .integer(-8)]),
            payload: [1],
            detached: true,
            with: fixture.exporter.key
        )
        #expect(error(detached.encoded()) != nil)
    }

    @Test func `the tag, the length and the end are exact`() throws {
        let bytes = try claim()
        #expect(error(Array(bytes.dropFirst()))?.code == .malformed)
        #expect(error(Array(bytes.dropLast()))?.code == .malformed)
        #expect(error(bytes + [0])?.code == .malformed)
        #expect(error([])?.code == .malformed)
    }

    @Test func `fields of the payload are named`() throws {
        let body = try fixture.claimBody(to: "uni-ke", in: "KE", quantity: 1).cbor
        let entries = try #require(body.mapValue)
        func path(_ field: String, _ value: CBORValue?) throws -> String? {
            let kept = entries.filter { $0.key != .text(field) }
            let added = value.map { [CBORMapEntry(.text(field), $0)] } ?? []
            return error(try claim(payload: CBORValue.sortedMap(kept + added).encoded()))?.path
        }
        #expect(try path("destination", nil) == "$.payload.destination")
        #expect(try path("destination", "ke") == "$.payload.destination")
        #expect(try path("exported", "2026-02-30") == "$.payload.exported")
        #expect(try path("colour", "red") == "$.payload.colour")
        #expect(try path("parties", []) == "$.payload.parties")
        let line: CBORValue = ["sku": "chip-a", "quantity": 0]
        #expect(try path("lines", [line]) == "$.payload.lines[0].quantity")
        let extra: CBORValue = ["sku": "chip-a", "quantity": 1, "price": 9]
        #expect(try path("lines", [extra]) == "$.payload.lines[0].price")
        let many = CBORValue.array(
            Array(repeating: ["sku": "chip-a", "quantity": 1], count: 65)
        )
        #expect(try path("lines", many) == "$.payload.lines")
        #expect(try path("details", ["site": .bytes([1])]) == "$.payload.details")
    }

    @Test func `the subject must be what the payload says`() throws {
        let cancel = CancelBody(claim: "c-2", reason: "error").cbor.encoded()
        let bytes = try claim(
            header: { header, _ in header[3] = .text(StatementKind.cancel.contentType) },
            payload: cancel
        )
        #expect(error(bytes)?.path == "$.protected.15.2")
    }

    @Test func `one byte past the largest size is refused for its size alone`() throws {
        let document = FixtureRules.policy(id: "c-1")
        let entries = try #require(document.mapValue)
        func policy(padding: Int) throws -> [UInt8] {
            let note = CBORMapEntry(.text("groups"), Self.padding(padding))
            let body = CBORValue.sortedMap(entries.filter { $0.key != .text("groups") } + [note])
            let payload = CBORValue.object([
                ("approvals", .array([])), ("body", .bytes(body.encoded())),
            ]).encoded()
            return try claim(
                header: { header, _ in header[3] = .text(StatementKind.proposal.contentType) },
                payload: payload
            )
        }
        let base = try policy(padding: 40_000).count - 40_000
        let most = try policy(padding: Statement.maximumBytes - base)
        #expect(most.count == Statement.maximumBytes)
        #expect(error(most)?.code != .tooLarge)
        #expect(error(most + [0])?.code == .tooLarge)
    }

    /// A document that is too long for its field, `count` bytes of it.
    private static func padding(_ count: Int) -> CBORValue {
        .text(String(repeating: "a", count: count))
    }

    @Test func `an approval cannot pass for a statement, nor one kind for another`() throws {
        let founder = fixture.government
        let draft = StatementDraft(
            .proposal(ProposalBody(.expel(member: "chipco"))),
            id: "p-1",
            issuer: founder.id,
            audience: LedgerFixture.origin,
            issuedAt: LedgerFixture.start
        )
        let approval = draft.approval(by: "nl-cdiu", at: 1, with: fixture.founders[2].key)
        #expect(error(approval.bytes)?.path == "$.protected.3")
        #expect(throws: StatementError.self) {
            try Approval.decode(approval.bytes, kind: .vote)
        }
        #expect(try Approval.decode(approval.bytes, kind: .proposal) == approval)
    }
}
