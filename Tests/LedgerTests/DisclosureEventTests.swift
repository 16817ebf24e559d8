import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import Testing

/// The record that private values of a claim were shown to somebody.
struct DisclosureEventTests {
    let fixture: ConsignmentFixture

    init() throws { fixture = try ConsignmentFixture() }

    private func disclosure(
        _ fields: [String],
        of claim: String = "c-1",
        id: String = "d-1"
    ) throws -> Statement {
        let body = EventBody(
            claim: ClaimReference(issuer: "chipco", id: claim),
            event: .disclose(fields: fields, digest: SHA256.hash([1]))
        )
        return try fixture.sign(.event(body), id: id, by: fixture.exporter)
    }

    @Test func `it names fields in order, each once, and no more than a claim can have`() throws {
        let most = (0..<ClaimBody.maximumItems).map { "f\(10 + $0)" }
        let statement = try disclosure(most)
        guard case .event(let body) = statement.body else {
            Issue.record("expected an event")
            return
        }
        #expect(body.event == .disclose(fields: most, digest: SHA256.hash([1])))
        #expect(body.cbor.encoded() == statement.bodyBytes)
        for wrong in [[], ["site", "serials"], ["site", "site"], ["a b"], most + ["z"]] {
            #expect(throws: StatementError.self, "\(wrong)") { try disclosure(wrong) }
        }
    }

    @Test func `it is of a claim, may come again, and moves nothing`() throws {
        let state = try fixture.state(.licensed)
        #expect(state.refusal(of: try disclosure(["site"], of: "none"))?.code == .unknownClaim)
        let after = try fixture.apply(
            [try disclosure(["site"]), try disclosure(["site"], id: "d-2")],
            to: state
        )
        #expect(after.accounts == state.accounts)
        #expect(try fixture.record(after) == fixture.record(state))
        // Two blocks of a statement and a header.
        #expect(after.size == state.size + 4)
    }
}
