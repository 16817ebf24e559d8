import CBOR
import Ledger
import LedgerFixture
import QuotaRules
import Testing

/// A policy is adopted, at genesis and later, only as its document says that it may be.
struct AdoptionTests {
    let fixture: LedgerFixture

    init() throws { fixture = try LedgerFixture() }

    private func founding(_ policy: CBORValue) throws -> Refusal? {
        guard case .genesis(let old) = fixture.genesis.body else { return nil }
        let body = GenesisBody(
            origin: old.origin,
            time: old.time,
            members: old.members,
            policy: policy.encoded(),
            catalogue: old.catalogue
        )
        return genesisRefusal(
            try LedgerFixture.genesis(
                body,
                founders: fixture.founders,
                signer: fixture.government
            ).bytes
        )
    }

    private func proposing(_ policy: CBORValue) throws -> Refusal? {
        let action = ProposalAction.policy(
            PolicySuccession(
                try Policy.decode(policy),
                effective: try #require(CalendarDate("2026-01-01"))
            )
        )
        return try fixture.state().refusal(of: try fixture.proposal("next", action))
    }

    private let act: CBORValue = ["status": "not_enforced", "reason": "Our own act."]

    @Test(arguments: ["not_enforced", "draft", "withdrawn", "bill", "deal"])
    func `a text that is not in force is adopted by an act that says so`(status: String) throws {
        let policy = FixtureRules.policy(id: "next").setting("status", to: .text(status))
        let founding = try #require(try founding(policy))
        #expect(founding.code == .policyStatus)
        #expect(founding.path == "$.payload.body.policy.status")
        #expect(founding.message.contains(status))
        let proposing = try #require(try proposing(policy))
        #expect(proposing.code == .policyStatus)
        #expect(proposing.path == "$.payload.body.action.document.status")
        let adopted = policy.setting("adoption", to: act.setting("status", to: .text(status)))
        #expect(try self.founding(adopted) == nil)
        #expect(try self.proposing(adopted) == nil)
    }

    @Test func `what a policy names must be in the catalogue`() throws {
        let policy = FixtureRules.policy(id: "next").setting(
            "items",
            to: [
                [
                    "id": "all", "title": "All chips", "citation": "Test 3",
                    "any": [["skus": ["chip-a", "chip-z"]]],
                ]
            ]
        )
        let founding = try #require(try founding(policy))
        #expect(founding.code == .unknownSKU)
        #expect(founding.path == "$.payload.body.policy.items[0].any[0].skus[1]")
        #expect(founding.message.contains("chip-z"))
        let proposing = try #require(try proposing(policy))
        #expect(proposing.code == .unknownSKU)
        #expect(proposing.path == "$.payload.body.action.document.items[0].any[0].skus[1]")
    }
}
