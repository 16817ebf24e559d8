import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import Testing

/// Drafts as they travel between those who sign a statement together.
struct DraftTests {
    private let draft = StatementDraft(
        .event(
            EventBody(
                claim: ClaimReference(issuer: "chipco", id: "c-1"),
                event: .turnBack(quantities: [10], from: .delivered, tags: [])
            )
        ),
        id: "r-1",
        issuer: "chipco",
        audience: LedgerFixture.origin,
        issuedAt: 1_770_000_000
    )

    @Test func `a draft survives its way through a file`() throws {
        #expect(try StatementDraft.decode(draft.encoded()) == draft)
    }

    @Test func `a draft whose body could not be a statement is refused`() throws {
        for (field, value) in [
            ("kind", CBORValue.text("poem")), ("issuer", .text("Not A Member")),
            ("body", .bytes([0x80])), ("issuedAt", .unsigned(.max)), ("extra", .null),
        ] {
            var entries = try #require(try CBORValue.decode(draft.encoded()).mapValue)
            entries.removeAll { $0.key == .text(field) }
            let fields = entries.map { ($0.key.textValue ?? "", $0.value) } + [(field, value)]
            let bytes = CBORValue.object(fields.map { ($0.0, $0.1) }).encoded()
            #expect(throws: StatementError.self, "\(field)") { try StatementDraft.decode(bytes) }
        }
    }

    @Test func `cutting a draft anywhere is refused`() {
        let bytes = draft.encoded()
        for count in bytes.indices {
            #expect(throws: StatementError.self) {
                try StatementDraft.decode(Array(bytes[..<count]))
            }
        }
    }

    @Test func `a draft of an organisation names the organisation`() throws {
        let body = OrganisationBody(
            id: "uni",
            location: "KE",
            headquarters: "KE",
            parent: nil,
            name: .zero
        )
        let right = StatementDraft(
            .organisation(body),
            issuer: "gov",
            audience: LedgerFixture.origin,
            issuedAt: 1
        )
        #expect(try StatementDraft.decode(right.encoded()) == right)
        var entries = try #require(try CBORValue.decode(right.encoded()).mapValue)
        entries.removeAll { $0.key == .text("subject") }
        let fields = entries.map { ($0.key.textValue ?? "", $0.value) } + [("subject", "other")]
        #expect(throws: StatementError("$.subject", "must equal the body's 'id'")) {
            try StatementDraft.decode(CBORValue.object(fields.map { ($0.0, $0.1) }).encoded())
        }
    }
}
