import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import Testing

/// Proposals, votes, and what follows when enough members agree.
struct GovernanceTests {
    let fixture: LedgerFixture
    let base: LedgerState
    /// The governments beside `us-bis`, which proposes.
    let ae: Founder
    let nl: Founder

    init() throws {
        fixture = try LedgerFixture()
        base = try fixture.state(
            after: [try fixture.organisation("uni-ke", in: "KE")],
            on: try fixture.state()
        )
        ae = fixture.founders[0]
        nl = fixture.founders[2]
    }

    private func policy(
        _ id: String = "p-2",
        cap: UInt64 = 2_000_000,
        effective: String = "2026-01-01"
    ) throws -> ProposalAction {
        .policy(
            PolicySuccession(
                try Policy.decode(FixtureRules.policy(id: id, countryCap: cap)),
                effective: try #require(CalendarDate(effective))
            )
        )
    }

    @Test func `a proposal alone changes nothing, and the second of three governments passes it`()
        throws
    {
        let proposed = try fixture.state(
            after: [try fixture.proposal("next", try policy())],
            on: base
        )
        #expect(proposed.policy == base.policy)
        let record = try #require(proposed.proposal(issuer: "us-bis", id: "next"))
        #expect(record.state == .open)
        #expect(record.ballot.members(approving: true) == ["us-bis"])
        #expect(record.ends == LedgerFixture.start + 30 * 86_400)
        let passed = try fixture.state(after: [try fixture.vote(on: "next", by: nl)], on: proposed)
        #expect(passed.proposal(issuer: "us-bis", id: "next")?.state == .passed)
        #expect(passed.policy.document.id == "p-2")
        #expect(passed.policy.index == record.index)
        #expect(passed.lastHeader.policyIndex == record.index)
    }

    @Test func `what passes decides the claims of its own block`() throws {
        let state = try fixture.state(
            after: [
                try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 1_500),
                try fixture.vote(on: "next", by: nl),
                try fixture.proposal("next", try policy()),
            ],
            on: base
        )
        #expect(state.accounts.first?.total.cap == 20_000_000)
    }

    @Test func `only governments propose and vote`() throws {
        let byExporter = try fixture.proposal("next", try policy(), by: fixture.exporter)
        #expect(base.refusal(of: byExporter)?.code == .notAuthorised)
        let open = try fixture.state(
            after: [try fixture.proposal("next", try policy())],
            on: base
        )
        let vote = try fixture.vote(on: "next", by: fixture.exporter)
        #expect(open.refusal(of: vote)?.code == .notAuthorised)
    }

    @Test func `a policy, catalogue or member is no statement of its own`() throws {
        let card = try fixture.cardStatement(of: try Founder("gpuco", .exporter, "US"))
        #expect(base.refusal(of: card)?.code == .unknownIssuer)
        let again = try fixture.cardStatement(of: fixture.exporter)
        #expect(base.refusal(of: again)?.code == .conflict)
        for kind in ["policy", "catalogue"] {
            #expect(
                StatementKind(contentType: "application/vnd.quota-ledger.\(kind)+cbor") == nil
            )
        }
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
        let adopted = try fixture.state(
            deciding: "chips",
            .catalogue(CatalogueSuccession(try ChipCatalogue.decode(catalogue))),
            on: base
        )
        let state = try fixture.state(
            after: [try fixture.claim("c-1", to: "uni-ke", in: "KE", sku: "chip-c", quantity: 3)],
            on: adopted
        )
        #expect(state.catalogue.document.id == "chips-2")
        #expect(state.accounts.first?.total.consumed == 210)
    }
}
