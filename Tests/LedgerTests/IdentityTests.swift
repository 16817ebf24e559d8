import COSE
import Ledger
import LedgerFixture
import QuotaCrypto
import Testing

/// Who may say what, once, and when.
struct IdentityTests {
    let fixture: LedgerFixture
    let base: LedgerState

    init() throws {
        fixture = try LedgerFixture()
        base = try fixture.state(
            after: [try fixture.organisation("uni-ke", in: "KE")],
            on: try fixture.state()
        )
    }

    @Test func `the same bytes are a duplicate of their leaf, for ever`() throws {
        let claim = try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 1)
        let state = try fixture.state(after: [claim], on: base)
        #expect(state.admit(claim) == .duplicate(base.size))
        let later = try fixture.state(
            after: [try fixture.claim("c-2", to: "uni-ke", in: "KE", quantity: 1)],
            on: state
        )
        #expect(later.admit(claim) == .duplicate(base.size))
        let replay = fixture.build([claim], on: later)
        #expect(replay.result == nil)
        #expect(replay.refused.first?.refusal.code == .duplicate)
        #expect(replay.refused.first?.refusal.existing == base.size)
    }

    @Test func `other bytes under the same identity are a conflict`() throws {
        let claim = try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 1)
        let other = try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 2)
        let state = try fixture.state(after: [claim], on: base)
        let refusal = try #require(state.refusal(of: other))
        #expect(refusal.code == .conflict)
        #expect(refusal.existing == base.size)
        #expect(refusal.path == "$.protected.15.2")
        let both = fixture.build([claim, other], on: base)
        #expect(both.result?.block.statements.count == 1)
        #expect(both.refused.first?.refusal.code == .conflict)
        let twice = fixture.build([claim, claim], on: base)
        #expect(twice.result?.block.statements.count == 1)
        #expect(twice.refused.first?.refusal.code == .duplicate)
    }

    @Test func `two issuers may use the same claim id`() throws {
        let claims = [
            try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 1),
            try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 1, by: fixture.government),
        ]
        let state = try fixture.state(after: claims, on: base)
        #expect(state.claim(issuer: "chipco", id: "c-1") != nil)
        #expect(state.claim(issuer: "us-bis", id: "c-1") != nil)
        #expect(state.claim(issuer: "nl-cdiu", id: "c-1") == nil)
    }

    @Test func `a statement for another ledger is refused`() throws {
        let draft = StatementDraft(
            .claim(try fixture.claimBody(to: "uni-ke", in: "KE", quantity: 1)),
            id: "c-1",
            issuer: "chipco",
            audience: "quota.example/other",
            issuedAt: LedgerFixture.start
        )
        let claim = try draft.signed(with: fixture.exporter.key)
        let refusal = try #require(base.refusal(of: claim))
        #expect(refusal.code == .wrongOrigin)
        #expect(refusal.path == "$.protected.15.3")
    }

    @Test func `a stranger, and a member with another's key, are refused`() throws {
        let stranger = try Founder("stranger", .exporter, "FR")
        let claim = try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 1, by: stranger)
        #expect(base.refusal(of: claim)?.code == .unknownIssuer)
        let draft = StatementDraft(
            .claim(try fixture.claimBody(to: "uni-ke", in: "KE", quantity: 1)),
            id: "c-1",
            issuer: "chipco",
            audience: LedgerFixture.origin,
            issuedAt: LedgerFixture.start
        )
        let forged = try draft.signed(with: stranger.key)
        #expect(base.refusal(of: forged)?.code == .wrongKey)
        #expect(throws: Refusal.self) { try base.checkSignature(forged) }
    }

    @Test func `a signature that does not hold is refused, in a block too`() throws {
        let claim = try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 1)
        var bytes = claim.bytes
        bytes[bytes.count - 1] ^= 1
        let damaged = try Statement.decode(bytes)
        let error = #expect(throws: Refusal.self) { try base.checkSignature(damaged) }
        #expect(error?.code == .badSignature)
        #expect(error?.judgedAt == base.size)
        let result = try #require(fixture.build([damaged], on: base).result)
        #expect(throws: LedgerError.self) { try base.verify(result.block) }
        #expect(throws: Never.self) {
            try base.verify(result.block, isVerified: { $0 == damaged.leafHash })
        }
    }

    @Test func `the signer's clock may be a little ahead and a year behind`() throws {
        let time = LedgerFixture.start + 500 * 86_400
        func code(_ issuedAt: UInt64) throws -> RefusalCode? {
            let claim = try fixture.claim(
                "c-1",
                to: "uni-ke",
                in: "KE",
                quantity: 1,
                at: issuedAt
            )
            return base.refusal(of: claim, time: time)?.code
        }
        #expect(try code(time + StatementTime.aheadMax) == nil)
        #expect(try code(time + StatementTime.aheadMax + 1) == .tooNew)
        #expect(try code(time - StatementTime.behindMax) == nil)
        #expect(try code(time - StatementTime.behindMax - 1) == .tooOld)
    }

    @Test func `only governments register organisations, each id once`() throws {
        let body = OrganisationBody(
            id: "lab-de",
            location: "DE",
            headquarters: "DE",
            parent: nil,
            name: .zero
        )
        let byExporter = try fixture.statement(.organisation(body), by: fixture.exporter)
        #expect(base.refusal(of: byExporter)?.code == .notAuthorised)
        let again = try fixture.statement(
            .organisation(
                OrganisationBody(
                    id: "uni-ke",
                    location: "DE",
                    headquarters: "DE",
                    parent: nil,
                    name: .zero
                )
            ),
            by: fixture.founders[0]
        )
        #expect(base.refusal(of: again)?.code == .conflict)
    }

    @Test func `a second genesis is refused`() throws {
        #expect(base.admit(fixture.genesis) == .duplicate(0))
        let other = try LedgerFixture.genesis(
            GenesisBody(
                origin: LedgerFixture.origin,
                time: 1,
                members: [],
                policy: [],
                catalogue: []
            ),
            founders: fixture.founders,
            signer: fixture.government
        )
        #expect(base.refusal(of: other)?.code == .conflict)
    }
}
