import CBOR
import Ledger
import LedgerFixture
import QuotaRules
import StateMap
import Testing

/// What a state answers.
struct QueryTests {
    let fixture: LedgerFixture
    let state: LedgerState

    init() throws {
        fixture = try LedgerFixture()
        let start = try fixture.state(
            after: [
                try fixture.organisation("uni-ke", in: "KE"),
                try fixture.organisation("lab-fr", in: "FR"),
            ],
            on: try fixture.state()
        )
        state = try fixture.state(
            after: [
                try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 400),
                try fixture.claim("c-2", to: "lab-fr", in: "FR", quantity: 1),
                try fixture.claim("c-3", to: "uni-ke", in: "KE", quantity: 30, route: "LPP"),
            ],
            on: start
        )
    }

    @Test func `accounts come in order, and a country has its own`() throws {
        #expect(state.accounts.map(\.key) == state.accounts.map(\.key).sorted())
        #expect(state.accounts.count == 3)
        #expect(state.accounts(of: "KE").map(\.key.limit) == ["country"])
        #expect(state.accounts(of: "KE").map(\.total.consumed) == [4_000_000])
        #expect(state.accounts(of: "DE").isEmpty)
    }

    @Test func `what the state says, the map proves`() throws {
        for account in state.accounts {
            let value = try #require(state.map[StateKey.account(account.key)])
            #expect(try AccountTotal.decode(value) == account.total)
        }
    }

    @Test func `the room is what the limits leave`() throws {
        let day = try fixture.claimBody(to: "uni-ke", in: "KE", quantity: 1).exported
        let report = try state.room(
            RoomQuery(
                issuer: "chipco",
                authority: "LICENSE",
                destination: "KE",
                parties: [.init(role: "ultimate_consignee", organisation: "uni-ke")],
                sku: "chip-a",
                exported: day
            )
        )
        #expect(report.largestQuantity == 600)
        let unnamed = try state.room(
            RoomQuery(
                issuer: "chipco",
                authority: "LPP",
                destination: "KE",
                sku: "chip-b",
                exported: day
            )
        )
        #expect(unnamed.largestQuantity == 2_000)
        #expect(throws: Refusal.self) {
            try state.room(
                RoomQuery(
                    issuer: "chipco",
                    authority: "LPP",
                    destination: "KE",
                    parties: [.init(role: "end_user", organisation: "nobody")],
                    sku: "chip-b",
                    exported: day
                )
            )
        }
    }

    @Test func `a dry run changes nothing, a trial adds up`() throws {
        let claim = try fixture.claimBody(to: "uni-ke", in: "KE", quantity: 400)
        #expect(try state.dryRun(claim, issuer: "chipco").outcome == .admit)
        var trial = state.trial(time: LedgerFixture.start)
        #expect(try trial.judge(claim, id: "t-1", issuer: "chipco").outcome == .admit)
        let second = try trial.judge(claim, id: "t-2", issuer: "chipco")
        #expect(second.outcome == .refuse)
        #expect(second.largestQuantity == 200)
        let error = #expect(throws: Refusal.self) {
            try trial.judge(claim, id: "t-1", issuer: "chipco")
        }
        #expect(error?.code == .conflict)
        #expect(try state.dryRun(claim, issuer: "chipco").outcome == .admit)
    }

    @Test func `members and registrations are found by name`() throws {
        #expect(state.members.map(\.card.id) == ["ae-mofa", "chipco", "nl-cdiu", "us-bis"])
        #expect(state.member("chipco")?.card.role == .exporter)
        #expect(state.organisations.map(\.body.id) == ["lab-fr", "uni-ke"])
        let identity = StatementIdentity(kind: .claim, issuer: "chipco", subject: "c-2")
        let index = try #require(state.registration(of: identity)).index
        #expect(index == state.claim(issuer: "chipco", id: "c-2")?.index)
    }

    @Test func `a refusal tells programs and people the same`() throws {
        let claim = try fixture.claim("c-9", to: "uni-ke", in: "KE", quantity: 601)
        let refusal = try #require(state.refusal(of: claim))
        let fields = refusal.fields
        #expect(fields["code"] == "limit-exceeded")
        #expect(fields["largestQuantity"] == 600)
        #expect(fields["citation"] != nil)
        let limit = try #require(fields["limits"]?.arrayValue?.first)
        #expect(limit["before"] == 4_000_000)
        #expect(limit["after"] == 10_010_000)
        #expect(limit["room"] == 6_000_000)
        #expect(limit["subject"] == ["KE"])
        let details = try CBORValue.decode(refusal.problemDetails.encoded())
        #expect(details[.integer(-2)] == .text(refusal.message))
    }
}
