import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import Testing

/// The second key of a member agrees to its card, so that nobody brings the key of another.
struct SecondKeyTests {
    let fixture: LedgerFixture
    let base: LedgerState
    let newcomer: Founder
    let second: Ed25519.PrivateKey
    private static let path = "$.payload.body.action.card.payload.approvals"

    init() throws {
        fixture = try LedgerFixture()
        base = try fixture.state()
        newcomer = try Founder("gpuco", .exporter, "US")
        second = try Ed25519.PrivateKey(seed: SHA256.hash(Array("second".utf8)).bytes)
    }

    /// A card of the newcomer that brings `key`, with the given approvals of its body.
    private func card(
        bringing key: Ed25519.PublicKey?,
        at time: UInt64 = LedgerFixture.start,
        approvals: (StatementDraft) -> [Approval]
    ) throws -> Statement {
        let card = MemberCard(
            id: newcomer.id,
            name: "GPU Co",
            role: .exporter,
            country: "US",
            statementKey: newcomer.key.publicKey,
            coKey: key,
            node: nil
        )
        var draft = StatementDraft(
            .member(card),
            issuer: newcomer.id,
            audience: LedgerFixture.origin,
            issuedAt: time
        )
        draft.approvals = approvals(draft)
        return try draft.signed(with: newcomer.key)
    }

    private func refusal(of card: Statement) throws -> Refusal? {
        let proposal = try fixture.proposal("p-1", .member(card))
        if let refusal = base.refusal(of: proposal) { return refusal }
        do throws(Refusal) {
            try base.checkSignature(proposal)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a card passes with the approval of the second key that it brings`() throws {
        let card = try card(bringing: second.publicKey) { draft in
            [draft.approval(by: "gpuco", at: LedgerFixture.start, with: second)]
        }
        #expect(try refusal(of: card) == nil)
        let state = try fixture.state(deciding: "join", .member(card), on: base)
        #expect(state.member("gpuco")?.card.coKey == second.publicKey)
    }

    @Test func `a key of somebody else is no second key`() throws {
        // Taken from where everybody can read it: nobody outside the ledger signed anything.
        let found = try card(bringing: second.publicKey) { _ in [] }
        #expect(try refusal(of: found)?.code == .secondKeyMissing)
        #expect(try refusal(of: found)?.path == Self.path)
        // Approved by the only key at hand.
        let own = try card(bringing: second.publicKey) { draft in
            [draft.approval(by: "gpuco", at: LedgerFixture.start, with: newcomer.key)]
        }
        #expect(try refusal(of: own)?.code == .wrongKey)
        #expect(try refusal(of: own)?.path == "\(Self.path)[0].protected.4")
        // The key that another member signs with stays that member's, whoever approves.
        let colleague = try card(bringing: fixture.exporter.key.publicKey) { draft in
            [draft.approval(by: "gpuco", at: LedgerFixture.start, with: fixture.exporter.key)]
        }
        #expect(try refusal(of: colleague)?.code == .conflict)
    }

    @Test func `an approval in another name, or of another card, proves nothing`() throws {
        let inOtherName = try card(bringing: second.publicKey) { draft in
            [draft.approval(by: "chipco", at: LedgerFixture.start, with: second)]
        }
        #expect(try refusal(of: inOtherName)?.code == .notAuthorised)
        let ofOther = StatementDraft(
            .member(try fixture.exporter.card(origin: LedgerFixture.origin)),
            issuer: "gpuco",
            audience: LedgerFixture.origin,
            issuedAt: LedgerFixture.start
        )
        let replayed = Approval.sign(
            ofOther.bodyBytes,
            kind: .member,
            subject: "gpuco",
            audience: LedgerFixture.origin,
            by: "gpuco",
            at: LedgerFixture.start,
            with: second
        )
        let card = try card(bringing: second.publicKey) { _ in [replayed] }
        #expect(try refusal(of: card)?.code == .badSignature)
        #expect(try refusal(of: card)?.path == "\(Self.path)[0].signature")
    }

    @Test func `a card without a second key has no approval`() throws {
        let card = try card(bringing: nil) { draft in
            [draft.approval(by: "gpuco", at: LedgerFixture.start, with: second)]
        }
        #expect(try refusal(of: card)?.code == .malformed)
    }

    @Test func `a second key that stays need not agree again, a new one must and cools off`() throws
    {
        let rules = try Policy.decode(
            FixtureRules.policy(id: "p-2", governance: ["citation": "Test"])
        )
        let first = try fixture.cardStatement(of: newcomer, coKey: second)
        var state = try fixture.state(deciding: "join", .member(first), on: base)
        let effective = try #require(CalendarDate("2026-01-01"))
        state = try fixture.state(
            deciding: "rules",
            .policy(PolicySuccession(rules, effective: effective)),
            on: state
        )
        let fresh = try Ed25519.PrivateKey(seed: SHA256.hash(Array("fresh".utf8)).bytes)
        let other = try Ed25519.PrivateKey(seed: SHA256.hash(Array("other".utf8)).bytes)
        let stays = try draft(key: fresh, coKey: second.publicKey).signed(with: fresh)
        #expect(state.refusal(of: try fixture.proposal("k", .key(stays))) == nil)
        let silent = try draft(key: newcomer.key, coKey: other.publicKey).signed(with: newcomer.key)
        #expect(
            state.refusal(of: try fixture.proposal("k", .key(silent)))?.code == .secondKeyMissing
        )
        let agreed = try draft(key: newcomer.key, coKey: other.publicKey)
            .approved(by: other, of: "gpuco").signed(with: newcomer.key)
        let after = try fixture.state(deciding: "k", .key(agreed), on: state)
        let usableFrom = try #require(after.member("gpuco")).usableFrom
        #expect(usableFrom == LedgerFixture.start + 4 * 86_400)
    }

    private func draft(
        key: Ed25519.PrivateKey,
        coKey: Ed25519.PublicKey
    ) -> StatementDraft {
        let card = MemberCard(
            id: "gpuco",
            name: "Member gpuco",
            role: .exporter,
            country: "US",
            statementKey: key.publicKey,
            coKey: coKey,
            node: nil
        )
        return StatementDraft(
            .member(card),
            issuer: "gpuco",
            audience: LedgerFixture.origin,
            issuedAt: LedgerFixture.start
        )
    }
}
