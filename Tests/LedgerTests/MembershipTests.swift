import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import Testing

/// Who joins, changes keys and leaves, and what a new key or organisation waits for.
struct MembershipTests {
    let fixture: LedgerFixture
    let base: LedgerState
    let us: Founder
    let nl: Founder
    let newcomer: Founder
    static let day: UInt64 = 86_400

    init() throws {
        fixture = try LedgerFixture()
        us = fixture.government
        nl = fixture.founders[2]
        newcomer = try Founder("gpuco", .exporter, "US")
        base = try fixture.state(
            after: [try fixture.organisation("uni-ke", in: "KE")],
            on: try fixture.state()
        )
    }

    /// A ledger whose policy has the standard cooling-off.
    private func cooling() throws -> LedgerState {
        let standard: CBORValue = ["citation": "Test"]
        return try fixture.state(
            deciding: "cool",
            .policy(
                PolicySuccession(
                    try Policy.decode(FixtureRules.policy(id: "p-cool", governance: standard)),
                    effective: try #require(CalendarDate("2026-01-01"))
                )
            ),
            on: base
        )
    }

    private func refusal(of action: ProposalAction, on state: LedgerState? = nil) throws -> Refusal?
    {
        (state ?? base).refusal(of: try fixture.proposal("p-1", action))
    }

    @Test func `a member joins by votes and may claim in the same block`() throws {
        let card = try fixture.cardStatement(of: newcomer, organisation: "uni-ke")
        let claim = try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 1, by: newcomer)
        let state = try fixture.state(
            after: [
                claim, try fixture.proposal("join", .member(card)),
                try fixture.vote(on: "join", by: nl),
            ],
            on: base
        )
        let member = try #require(state.member("gpuco"))
        #expect(member.card.organisation == "uni-ke")
        #expect(state.validators == base.validators)
        #expect(state.claim(issuer: "gpuco", id: "c-1") != nil)
    }

    @Test func `a card stands for itself and for this ledger`() throws {
        let taken = try fixture.cardStatement(of: fixture.exporter, key: newcomer.key)
        #expect(try refusal(of: .member(taken))?.code == .conflict)
        let withNode = try fixture.cardStatement(
            of: newcomer,
            node: try newcomer.card(origin: LedgerFixture.origin).node
        )
        #expect(try refusal(of: .member(withNode)) == nil)
        let elsewhere = try fixture.cardStatement(of: newcomer, origin: "quota.example/other")
        #expect(try refusal(of: .member(elsewhere))?.code == .wrongOrigin)
        let reused = try fixture.cardStatement(of: newcomer, key: fixture.exporter.key)
        #expect(try refusal(of: .member(reused))?.code == .conflict)
        let unknown = try fixture.cardStatement(of: newcomer, organisation: "nobody")
        #expect(try refusal(of: .member(unknown))?.code == .unknownOrganisation)
    }

    @Test func `a card that its key did not sign is found with the signatures`() throws {
        let card = MemberCard(
            id: newcomer.id,
            name: "GPU Co",
            role: .exporter,
            country: "US",
            statementKey: newcomer.key.publicKey,
            node: nil
        )
        let bytes = try StatementDraft(
            .member(card),
            issuer: newcomer.id,
            audience: LedgerFixture.origin,
            issuedAt: LedgerFixture.start
        ).signed(with: us.key)
        #expect(try refusal(of: .member(bytes))?.code == .wrongKey)
        var damaged = try fixture.cardStatement(of: newcomer).bytes
        damaged[damaged.count - 1] ^= 1
        let forged = try fixture.proposal("p-1", .member(try Statement.decode(damaged)))
        let error = #expect(throws: Refusal.self) { try base.checkSignature(forged) }
        #expect(error?.path == "$.payload.body.action.card.signature")
    }

    @Test func `only a member statement stands in a proposal`() throws {
        let inner = try fixture.proposal("inner", .expel(member: "chipco"))
        let body = CBORValue.object([
            ("action", .object([("kind", "member"), ("card", .bytes(inner.bytes))]))
        ])
        let error = #expect(throws: CBORFieldError.self) { try ProposalBody(body) }
        #expect(error?.path == "$.action.card.protected.3")
    }

    @Test func `a key change keeps role and country, and a fourth node`() throws {
        let other = try Founder("chipco", .exporter, "NL")
        let key = try Ed25519.PrivateKey(seed: SHA256.hash(Array("new".utf8)).bytes)
        let node = try fixture.exporter.card(origin: LedgerFixture.origin).node
        let moved = try fixture.cardStatement(of: other, node: node, key: key)
        #expect(try refusal(of: .key(moved))?.code == .notAuthorised)
        let without = try fixture.cardStatement(of: fixture.exporter, key: key)
        #expect(try refusal(of: .key(without))?.code == .validatorChange)
        let same = try fixture.cardStatement(of: fixture.exporter, node: node)
        #expect(try refusal(of: .key(same))?.code == .conflict)
        let stranger = try fixture.cardStatement(of: newcomer)
        #expect(try refusal(of: .key(stranger))?.code == .unknownMember)
        let good = try fixture.cardStatement(of: fixture.exporter, node: node, key: key)
        #expect(try refusal(of: .key(good)) == nil)
    }

    @Test func `a new key waits out its cooling-off to the second`() throws {
        let start = LedgerFixture.start
        let state = try fixture.state(
            deciding: "join",
            .member(try fixture.cardStatement(of: newcomer)),
            on: try cooling()
        )
        let usable = start + 4 * Self.day
        #expect(state.member("gpuco")?.usableFrom == usable)
        for (time, code) in [(start, RefusalCode.coolingOff), (usable - 1, .coolingOff)] {
            let claim = try fixture.claim(
                "c-1",
                to: "uni-ke",
                in: "KE",
                quantity: 1,
                by: newcomer,
                at: time
            )
            #expect(state.refusal(of: claim, time: time)?.code == code)
        }
        let claim = try fixture.claim(
            "c-1",
            to: "uni-ke",
            in: "KE",
            quantity: 1,
            by: newcomer,
            at: usable
        )
        #expect(state.refusal(of: claim, time: usable) == nil)
    }

    @Test func `a new government is counted when its key may vote`() throws {
        let state = try fixture.state(
            joinedBy: try fixture.fourthGovernment(),
            on: try cooling()
        )
        // Two of the three that are counted still decide.
        let join = ProposalAction.member(try fixture.cardStatement(of: newcomer))
        let early = try fixture.state(deciding: "p-1", join, on: state)
        #expect(early.member("gpuco") != nil)
        let usable = LedgerFixture.start + 4 * Self.day
        let late = try fixture.state(deciding: "p-1", join, on: state, at: usable)
        #expect(late.proposal(issuer: "us-bis", id: "p-1")?.state == .open)
    }

    @Test func `a new organisation is no party before its cooling-off ends`() throws {
        let state = try fixture.state(
            after: [try fixture.organisation("lab-ke", in: "KE")],
            on: try cooling()
        )
        let usable = LedgerFixture.start + 4 * Self.day
        #expect(state.organisation("lab-ke")?.usableFrom == usable)
        func claim(at time: UInt64) throws -> Refusal? {
            state.refusal(
                of: try fixture.claim("c-1", to: "lab-ke", in: "KE", quantity: 1, at: time),
                time: time
            )
        }
        #expect(try claim(at: usable - 1)?.code == .coolingOff)
        #expect(try claim(at: usable) == nil)
    }

    @Test func `an expelled member says nothing more, and its id stays taken`() throws {
        let joined = try fixture.state(
            deciding: "join",
            .member(try fixture.cardStatement(of: newcomer)),
            on: base
        )
        let state = try fixture.state(deciding: "out", .expel(member: "gpuco"), on: joined)
        #expect(state.member("gpuco")?.ended == LedgerFixture.start)
        let claim = try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 1, by: newcomer)
        #expect(state.refusal(of: claim)?.code == .expelled)
        let again = try fixture.cardStatement(of: newcomer)
        #expect(try refusal(of: .member(again), on: state)?.code == .conflict)
        #expect(try refusal(of: .expel(member: "gpuco"), on: state)?.code == .unknownMember)
        #expect(try refusal(of: .expel(member: "chipco"))?.code == .validatorChange)
    }

    @Test func `an organisation's facts change from now on, and keep who registered it`() throws {
        let body = OrganisationBody(
            id: "uni-ke",
            location: "KE",
            headquarters: "AE",
            parent: nil,
            name: .zero
        )
        let state = try fixture.state(deciding: "move", .organisation(body), on: base)
        #expect(state.organisation("uni-ke")?.body == body)
        #expect(state.organisation("uni-ke")?.index == base.organisation("uni-ke")?.index)
        let again = try fixture.organisation("uni-ke", in: "KE")
        guard case .duplicate = state.admit(again, time: LedgerFixture.start) else {
            Issue.record("the first registration is still known")
            return
        }
        let unknown = OrganisationBody(
            id: "nobody",
            location: "KE",
            headquarters: "AE",
            parent: nil,
            name: .zero
        )
        #expect(try refusal(of: .organisation(unknown))?.code == .unknownOrganisation)
    }
}
