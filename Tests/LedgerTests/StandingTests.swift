import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import Testing

/// Who may approve an event or an inventory: members in good standing, with the right key.
struct StandingTests {
    private static let start = ConsignmentFixture.start
    private static let day = ConsignmentFixture.day
    private static let governance = FixtureRules.governance
    private let claim = ClaimReference(issuer: "chipco", id: "c-1")

    private static func fixture(_ rule: String, _ value: CBORValue) throws -> ConsignmentFixture {
        try ConsignmentFixture { policy in
            policy.setting("governance", to: governance.setting(rule, to: value))
        }
    }

    private var back: StatementBody {
        .event(
            EventBody(
                claim: claim,
                event: .turnBack(quantities: [10], from: .delivered, tags: [])
            )
        )
    }

    private var retire: StatementBody {
        .event(
            EventBody(claim: claim, event: .retire(quantities: [10], tags: [], digest: nil))
        )
    }

    @Test func `a suspended member approves nothing`() throws {
        let fixture = try ConsignmentFixture()
        let suspension = try fixture.sign(
            .suspension(SuspensionBody(member: "nl-cdiu")),
            id: "s-1",
            by: fixture.exporting
        )
        let delivered = try fixture.state(.delivered)
        let byThird = try fixture.sign(back, id: "b", by: fixture.exporter, and: [fixture.third])
        #expect(delivered.refusal(of: byThird) == nil)
        let state = try fixture.apply([suspension], to: delivered)
        let refusal = try #require(state.refusal(of: byThird))
        #expect(refusal.code == .suspended)
        #expect(refusal.path == "$.payload.approvals[0]")
        let byOther = try fixture.sign(
            back,
            id: "b",
            by: fixture.exporter,
            and: [fixture.receiving]
        )
        #expect(state.refusal(of: byOther) == nil)
        let inventory = try fixture.sign(
            .inventory(try InventoryTests.inventory()),
            by: fixture.receiving,
            and: [fixture.third]
        )
        #expect(delivered.refusal(of: inventory) == nil)
        #expect(state.refusal(of: inventory)?.code == .suspended)
    }

    @Test func `a member that has left approves nothing`() throws {
        let fixture = try ConsignmentFixture()
        let delivered = try fixture.state(.delivered)
        let statement = try fixture.sign(
            retire,
            id: "r",
            by: fixture.consignee,
            and: [fixture.inspector]
        )
        #expect(delivered.refusal(of: statement) == nil)
        let state = try fixture.state(deciding: .expel(member: "lab-nl"), on: delivered)
        let refusal = try #require(state.refusal(of: statement))
        #expect(refusal.code == .expelled)
        #expect(refusal.path == "$.payload.approvals[0]")
    }

    @Test func `a new key approves from the end of its cooling-off on, and the old one no more`()
        throws
    {
        let fixture = try Self.fixture("coolingOffDays", ["key": 2, "organisation": 0])
        let key = try ConsignmentFixture.key("lab-nl")
        let state = try fixture.state(
            deciding: .key(try fixture.card(of: fixture.inspector, key: key)),
            on: try fixture.state(.delivered)
        )
        let old = try fixture.sign(
            retire,
            id: "r",
            by: fixture.consignee,
            and: [fixture.inspector]
        )
        #expect(state.refusal(of: old)?.code == .wrongKey)
        let end = Self.start + 2 * Self.day
        for (time, code) in [(end - 1, RefusalCode.coolingOff), (end, nil)] {
            var draft = StatementDraft(
                retire,
                id: "r",
                issuer: fixture.consignee.id,
                audience: ConsignmentFixture.origin,
                issuedAt: time
            )
            draft.approvals = [draft.approval(by: "lab-nl", at: time, with: key)]
            let statement = try draft.signed(with: fixture.consignee.key)
            let built = fixture.build([statement], on: state, time: time)
            #expect(built.refused.first?.refusal.code == code)
        }
    }

    @Test func `a policy may ask for two keys of whoever declares an event`() throws {
        let fixture = try Self.fixture("twoKeys", ["event"])
        let keys = (
            first: try ConsignmentFixture.key("first"), second: try ConsignmentFixture.key("second")
        )
        let body = StatementBody.event(
            EventBody(
                claim: claim,
                event: .dispute(quantities: [1], from: .reserved, digest: .zero)
            )
        )
        let reserved = try fixture.apply([try fixture.claim()], to: try fixture.start())
        let alone = try fixture.sign(body, id: "d", by: fixture.exporter)
        #expect(reserved.refusal(of: alone)?.code == .secondKeyMissing)
        // Another member is no second key.
        let other = try fixture.sign(body, id: "d", by: fixture.exporter, and: [fixture.third])
        #expect(reserved.refusal(of: other)?.code == .secondKeyMissing)
        let card = try fixture.card(
            of: fixture.exporter,
            key: keys.first,
            coKey: keys.second
        )
        let state = try fixture.state(deciding: .key(card), on: reserved)
        var draft = StatementDraft(
            body,
            id: "d",
            issuer: "chipco",
            audience: ConsignmentFixture.origin,
            issuedAt: Self.start
        )
        #expect(state.refusal(of: try draft.signed(with: keys.first))?.code == .secondKeyMissing)
        draft.approvals = [draft.approval(by: "chipco", at: Self.start, with: keys.first)]
        #expect(state.refusal(of: try draft.signed(with: keys.first))?.code == .wrongKey)
        draft.approvals = [draft.approval(by: "chipco", at: Self.start, with: keys.second)]
        let both = try draft.signed(with: keys.first)
        #expect(state.refusal(of: both) == nil)
        try state.checkSignature(both)
    }

    @Test func `the second key of an issuer is no second member`() throws {
        let fixture = try ConsignmentFixture()
        let keys = (
            first: try ConsignmentFixture.key("first"), second: try ConsignmentFixture.key("second")
        )
        let card = try fixture.card(
            of: fixture.exporter,
            key: keys.first,
            coKey: keys.second
        )
        let state = try fixture.state(
            deciding: .key(card),
            on: try fixture.state(.delivered)
        )
        var draft = StatementDraft(
            back,
            id: "b",
            issuer: "chipco",
            audience: ConsignmentFixture.origin,
            issuedAt: Self.start
        )
        draft.approvals = [draft.approval(by: "chipco", at: Self.start, with: keys.second)]
        #expect(state.refusal(of: try draft.signed(with: keys.first))?.code == .approvalsMissing)
    }

    @Test func `a policy may ask for two keys of whoever declares an inventory`() throws {
        let fixture = try Self.fixture("twoKeys", ["inventory"])
        let keys = (
            first: try ConsignmentFixture.key("first"), second: try ConsignmentFixture.key("second")
        )
        let body = StatementBody.inventory(try InventoryTests.inventory())
        let alone = try fixture.sign(body, by: fixture.receiving, and: [fixture.third])
        #expect(fixture.genesis.refusal(of: alone)?.code == .secondKeyMissing)
        let card = try fixture.card(
            of: fixture.receiving,
            key: keys.first,
            coKey: keys.second
        )
        let state = try fixture.state(deciding: .key(card), on: fixture.genesis)
        var draft = StatementDraft(
            body,
            id: "",
            issuer: "ke-ict",
            audience: ConsignmentFixture.origin,
            issuedAt: Self.start
        )
        let second = draft.approval(by: "ke-ict", at: Self.start, with: keys.second)
        draft.approvals = [second]
        #expect(state.refusal(of: try draft.signed(with: keys.first))?.code == .approvalsMissing)
        draft.approvals = [
            second, draft.approval(by: "nl-cdiu", at: Self.start, with: fixture.third.key),
        ]
        #expect(state.refusal(of: try draft.signed(with: keys.first)) == nil)
    }
}
