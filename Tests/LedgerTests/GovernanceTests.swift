import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import Testing

/// Statements that many must sign.
struct GovernanceTests {
    let fixture: LedgerFixture
    let base: LedgerState

    init() throws {
        fixture = try LedgerFixture()
        base = try fixture.state(
            after: [try fixture.organisation("uni-ke", in: "KE")],
            on: try fixture.state()
        )
    }

    private func policy(
        _ id: String = "p-2",
        cap: UInt64 = 2_000_000,
        approvers: [Int],
        by signer: Founder? = nil
    ) throws -> Statement {
        try fixture.statement(
            .policy(try Policy.decode(FixtureRules.policy(id: id, countryCap: cap))),
            by: signer ?? fixture.government,
            approvers: approvers.map { fixture.founders[$0] }
        )
    }

    @Test func `a policy needs three of four validators, the signer included`() throws {
        #expect(Validator.threshold(of: 4) == 3)
        let refusal = try #require(base.refusal(of: try policy(approvers: [0])))
        #expect(refusal.code == .approvalsMissing)
        #expect(refusal.path == "$.payload.approvals")
        #expect(base.refusal(of: try policy(approvers: [0, 1])) == nil)
        #expect(base.refusal(of: try policy(approvers: [0, 3]))?.code == .approvalsMissing)
    }

    @Test func `the threshold is that of consensus`() {
        #expect((1...10).map(Validator.threshold) == [1, 2, 3, 3, 4, 5, 5, 6, 7, 7])
    }

    @Test func `a new policy decides the claims of its own block`() throws {
        let state = try fixture.state(
            after: [
                try policy(approvers: [0, 1]),
                try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 1_500),
            ],
            on: base
        )
        #expect(state.policy.document.id == "p-2")
        #expect(state.lastHeader.policyIndex == base.size)
        #expect(state.policy.index == base.size)
        #expect(state.accounts.first?.total.cap == 20_000_000)
    }

    @Test func `a policy id is used once, whoever signs`() throws {
        let state = try fixture.state(after: [try policy(approvers: [0, 1])], on: base)
        let again = try policy(cap: 5, approvers: [1, 2], by: fixture.founders[0])
        #expect(state.refusal(of: again)?.code == .conflict)
        let first = try policy("test-policy", approvers: [0, 1])
        #expect(base.refusal(of: first)?.code == .conflict)
    }

    @Test func `an approval of other bytes, or by a stranger, does not count`() throws {
        let other = StatementDraft(
            .policy(try Policy.decode(FixtureRules.policy(id: "p-2", countryCap: 9))),
            issuer: "us-bis",
            audience: LedgerFixture.origin,
            issuedAt: LedgerFixture.start
        )
        var draft = StatementDraft(
            .policy(try Policy.decode(FixtureRules.policy(id: "p-2"))),
            issuer: "us-bis",
            audience: LedgerFixture.origin,
            issuedAt: LedgerFixture.start
        )
        draft.approvals = [0, 2].map {
            other.approval(
                by: fixture.founders[$0].id,
                at: 0,
                with: fixture.founders[$0].key
            )
        }
        let lifted = try draft.signed(with: fixture.government.key)
        let error = #expect(throws: Refusal.self) { try base.checkSignature(lifted) }
        #expect(error?.path == "$.payload.approvals[0].signature")

        let stranger = try Founder("stranger", .government, "FR")
        draft.approvals = [draft.approval(by: stranger.id, at: 0, with: stranger.key)]
        let strange = try draft.signed(with: fixture.government.key)
        #expect(base.refusal(of: strange)?.code == .notAuthorised)

        draft.approvals = [draft.approval(by: "nl-cdiu", at: 0, with: stranger.key)]
        let forged = try draft.signed(with: fixture.government.key)
        #expect(base.refusal(of: forged)?.code == .wrongKey)
    }

    @Test func `an approval is for one subject of one ledger`() throws {
        var draft = StatementDraft(
            .policy(try Policy.decode(FixtureRules.policy(id: "p-2"))),
            issuer: "us-bis",
            audience: LedgerFixture.origin,
            issuedAt: LedgerFixture.start
        )
        draft.approvals = [
            Approval.sign(
                draft.bodyBytes,
                kind: .policy,
                subject: "p-2",
                audience: "quota.example/other",
                by: "nl-cdiu",
                at: 0,
                with: fixture.founders[2].key
            )
        ]
        let error = #expect(throws: StatementError.self) {
            try draft.signed(with: fixture.government.key)
        }
        #expect(error?.path == "$.payload.approvals[0].protected.15.3")
    }

    @Test func `a member joins with approvals and may claim at once`() throws {
        let newcomer = try Founder("gpuco", .exporter, "US")
        let card = MemberCard(
            id: newcomer.id,
            name: "GPU Co",
            role: .exporter,
            country: "US",
            statementKey: newcomer.key.publicKey,
            node: nil
        )
        let alone = try fixture.statement(.member(card), by: newcomer)
        #expect(base.refusal(of: alone)?.code == .approvalsMissing)
        let approved = try fixture.statement(
            .member(card),
            by: newcomer,
            approvers: [0, 2, 3].map { fixture.founders[$0] }
        )
        let claim = try fixture.claim(
            "c-1",
            to: "uni-ke",
            in: "KE",
            quantity: 1,
            by: newcomer
        )
        let result = try #require(fixture.build([claim, approved], on: base).result)
        #expect(result.block.statements == [approved, claim])
        #expect(try base.verify(result.block).member("gpuco")?.card == card)
        #expect(result.state.validators == base.validators)
    }

    @Test func `a member that joins brings no node, and speaks for itself`() throws {
        let newcomer = try Founder("gpuco", .exporter, "US")
        let approvers = [0, 2, 3].map { fixture.founders[$0] }
        let withNode = try fixture.statement(
            .member(try newcomer.card(origin: LedgerFixture.origin)),
            by: newcomer,
            approvers: approvers
        )
        #expect(base.refusal(of: withNode)?.path == "$.payload.body.node")
        let card = MemberCard(
            id: newcomer.id,
            name: "GPU Co",
            role: .exporter,
            country: "US",
            statementKey: newcomer.key.publicKey,
            node: nil
        )
        let byOther = try fixture.statement(
            .member(card),
            by: fixture.government,
            approvers: [0, 2].map { fixture.founders[$0] }
        )
        #expect(base.refusal(of: byOther)?.code == .unknownIssuer)
    }

    @Test func `a new catalogue weighs the claims that follow`() throws {
        let catalogue: CBORValue = [
            "format": 1, "id": "chips-2", "version": 2, "title": "Chips", "source": "made up",
            "items": [
                [
                    "sku": "chip-c", "name": "chip-c", "designer": "Test", "source": "made up",
                    "tpp": "7", "datacentre": true, "estimate": false,
                ]
            ],
        ]
        let adopt = try fixture.statement(
            .catalogue(try ChipCatalogue.decode(catalogue)),
            by: fixture.government,
            approvers: [0, 1].map { fixture.founders[$0] }
        )
        let state = try fixture.state(
            after: [
                adopt,
                try fixture.claim("c-1", to: "uni-ke", in: "KE", sku: "chip-c", quantity: 3),
            ],
            on: base
        )
        #expect(state.catalogue.document.id == "chips-2")
        #expect(state.accounts.first?.total.consumed == 210)
    }
}
