import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import Testing

/// Who registers an organisation: two governments, unless the policy says otherwise.
struct RegistrationTests {
    private static func fixture(_ rule: String, _ value: CBORValue) throws -> ConsignmentFixture {
        try ConsignmentFixture { policy in
            policy.setting(
                "governance",
                to: FixtureRules.governance.setting(rule, to: value)
            )
        }
    }

    private static let body = StatementBody.organisation(
        OrganisationBody(
            id: "lab-de",
            location: "DE",
            headquarters: "DE",
            parent: nil,
            name: .zero
        )
    )

    private func code(
        _ fixture: ConsignmentFixture,
        and approvers: [Founder],
        on state: LedgerState? = nil
    ) throws -> RefusalCode? {
        let statement = try fixture.sign(Self.body, by: fixture.exporting, and: approvers)
        return (state ?? fixture.genesis).refusal(of: statement)?.code
    }

    @Test func `one government alone registers nobody, nor with others than governments`() throws {
        let fixture = try ConsignmentFixture()
        #expect(try code(fixture, and: []) == .approvalsMissing)
        #expect(try code(fixture, and: [fixture.exporter]) == .approvalsMissing)
        #expect(
            try code(fixture, and: [fixture.exporter, fixture.inspector]) == .approvalsMissing
        )
        #expect(try code(fixture, and: [fixture.third]) == nil)
        #expect(try code(fixture, and: [fixture.exporter, fixture.third]) == nil)
        let statement = try fixture.sign(
            Self.body,
            by: fixture.exporter,
            and: [fixture.exporting, fixture.third]
        )
        #expect(fixture.genesis.refusal(of: statement)?.code == .notAuthorised)
    }

    @Test func `whoever approves is in good standing and signs these very facts`() throws {
        let fixture = try ConsignmentFixture()
        let suspension = try fixture.sign(
            .suspension(SuspensionBody(member: "nl-cdiu")),
            id: "s-1",
            by: fixture.receiving
        )
        let state = try fixture.apply([suspension], to: fixture.genesis)
        #expect(try code(fixture, and: [fixture.third], on: state) == .suspended)
        #expect(try code(fixture, and: [fixture.receiving], on: state) == nil)
        var draft = StatementDraft(
            Self.body,
            issuer: fixture.exporting.id,
            audience: ConsignmentFixture.origin,
            issuedAt: ConsignmentFixture.start
        )
        draft.approvals = [
            Approval.sign(
                [0xa0],
                kind: .organisation,
                subject: draft.subject,
                audience: draft.audience,
                by: fixture.third.id,
                at: draft.issuedAt,
                with: fixture.third.key
            )
        ]
        let statement = try draft.signed(with: fixture.exporting.key)
        let error = #expect(throws: Refusal.self) {
            try fixture.genesis.checkSignature(statement)
        }
        #expect(error?.code == .badSignature)
    }

    @Test func `the second key of the issuer is no second government`() throws {
        let fixture = try ConsignmentFixture()
        let keys = (
            first: try ConsignmentFixture.key("first"), second: try ConsignmentFixture.key("second")
        )
        let card = try fixture.card(of: fixture.receiving, key: keys.first, coKey: keys.second)
        let state = try fixture.state(deciding: .key(card), on: fixture.genesis)
        var draft = StatementDraft(
            Self.body,
            issuer: fixture.receiving.id,
            audience: ConsignmentFixture.origin,
            issuedAt: ConsignmentFixture.start
        )
        let time = draft.issuedAt
        let second = draft.approval(by: fixture.receiving.id, at: time, with: keys.second)
        draft.approvals = [second]
        #expect(state.refusal(of: try draft.signed(with: keys.first))?.code == .approvalsMissing)
        let other = draft.approval(by: "nl-cdiu", at: time, with: fixture.third.key)
        draft.approvals = [second, other]
        #expect(state.refusal(of: try draft.signed(with: keys.first)) == nil)
    }

    @Test func `a policy sets how many governments it takes, and whether two keys of the first`()
        throws
    {
        let one = try Self.fixture("thresholds", ["registration": ["count": 1]])
        #expect(try code(one, and: []) == nil)
        let all = try Self.fixture("thresholds", ["registration": ["share": [1, 1]]])
        #expect(try code(all, and: [all.third]) == .approvalsMissing)
        #expect(try code(all, and: [all.third, all.receiving]) == nil)
        // The number for everything else is one of votes.
        let votes = try Self.fixture("thresholds", ["default": ["count": 3]])
        #expect(try code(votes, and: [votes.third]) == nil)
        let keys = try Self.fixture("twoKeys", ["organisation"])
        #expect(try code(keys, and: [keys.third]) == .secondKeyMissing)
    }

    @Test func `the only government of a ledger registers alone`() throws {
        let founder = try Founder("gov", .government, "XA")
        let fixture = try LedgerFixture()
        let card = try fixture.statement(
            .member(try founder.card(origin: LedgerFixture.origin)),
            by: founder
        )
        let body = GenesisBody(
            origin: LedgerFixture.origin,
            time: LedgerFixture.start,
            members: [card.bytes],
            policy: FixtureRules.policy().encoded(),
            catalogue: FixtureRules.catalogue.encoded()
        )
        let genesis = try LedgerFixture.genesis(body, founders: [founder], signer: founder)
        let state = try LedgerState.genesis(genesis.bytes).state
        #expect(state.refusal(of: try fixture.statement(Self.body, by: founder)) == nil)
    }
}
