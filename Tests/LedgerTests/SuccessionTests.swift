import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import Testing

/// One policy after the other: notice, the boundary day, what carries over, and none at all.
struct SuccessionTests {
    let fixture: LedgerFixture
    /// `uni-ke` holds 600 chips, 600,000 TPP, under the cap of 1,000,000.
    let base: LedgerState
    static let day: UInt64 = 86_400

    init() throws {
        fixture = try LedgerFixture()
        base = try fixture.state(
            after: [
                try fixture.organisation("uni-ke", in: "KE"),
                try fixture.claim("c-1", to: "uni-ke", in: "KE", quantity: 600),
            ],
            on: try fixture.state()
        )
    }

    private func date(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }

    private func succession(
        _ id: String = "p-2",
        version: UInt64 = 1,
        cap: UInt64 = 2_000_000,
        effective: String = "2026-01-01",
        allowOver: Bool = false,
        change: (CBORValue) throws -> CBORValue = { $0 }
    ) throws -> ProposalAction {
        .policy(
            PolicySuccession(
                try Policy.decode(
                    try change(FixtureRules.policy(id: id, version: version, countryCap: cap))
                ),
                effective: try date(effective),
                allowOver: allowOver
            )
        )
    }

    private func refusal(
        of action: ProposalAction,
        on state: LedgerState? = nil,
        at time: UInt64 = LedgerFixture.start
    ) throws -> Refusal? {
        (state ?? base).refusal(of: try fixture.proposal("p-x", action, at: time), time: time)
    }

    @Test func `a scheduled policy begins with the first block of its day, before its claims`()
        throws
    {
        let start = LedgerFixture.start
        let scheduled = try fixture.state(
            deciding: "next",
            try succession(effective: "2026-01-05"),
            on: base
        )
        #expect(scheduled.policy == base.policy)
        #expect(scheduled.scheduledPolicies.map(\.adopted.document.id) == ["p-2"])
        let eve = try fixture.claiming("c-2", on: scheduled, at: start + 4 * Self.day - 1)
        #expect(eve.policy == base.policy)
        #expect(eve.lastHeader.policyIndex == 0)
        let first = try fixture.claiming("c-3", on: eve, at: start + 4 * Self.day)
        #expect(first.policy.document.id == "p-2")
        #expect(first.lastHeader.policyIndex == first.policy.index)
        #expect(first.accounts.first?.total.cap == 20_000_000)
        #expect(first.claim(issuer: "chipco", id: "c-2")?.policyIndex == 0)
        #expect(first.claim(issuer: "chipco", id: "c-3")?.policyIndex == first.policy.index)
        let history = first.policies
        #expect(history.map(\.state) == [.superseded, .inForce])
        #expect(history[0].until == start + 4 * Self.day)
        #expect(history[0].ended == first.policy.index)
        #expect(first.policy(at: 0) == base.policy.document)
    }

    @Test func `an account of the same limit carries over`() throws {
        let state = try fixture.claiming(
            "c-2",
            on: try fixture.state(deciding: "next", try succession(), on: base),
            at: LedgerFixture.start
        )
        #expect(state.accounts.first?.total.consumed == 6_010_000)
        #expect(state.accounts.first?.total.cap == 20_000_000)
    }

    @Test func `a cap below what is committed needs to be allowed, and then leaves no room`()
        throws
    {
        let low = try succession(cap: 500_000)
        let refusal = try #require(try refusal(of: low))
        #expect(refusal.code == .capBelowCommitted)
        #expect(refusal.message.contains("6000000"))
        #expect(try self.refusal(of: try succession(cap: 600_000)) == nil)
        let state = try fixture.state(
            deciding: "low",
            try succession(cap: 500_000, allowOver: true),
            on: base
        )
        let more = try fixture.claim("c-2", to: "uni-ke", in: "KE", quantity: 1)
        #expect(state.refusal(of: more)?.code == .limitExceeded)
    }

    @Test func `what is committed after the proposal is seen by the deciding vote`() throws {
        let proposed = try fixture.state(
            after: [try fixture.proposal("low", try succession(cap: 600_000))],
            on: base
        )
        let fuller = try fixture.claiming("c-2", on: proposed, at: LedgerFixture.start)
        let vote = try fixture.vote(on: "low", by: fixture.founders[2])
        #expect(fuller.refusal(of: vote)?.code == .capBelowCommitted)
        #expect(fuller.proposal(issuer: "us-bis", id: "low")?.state == .open)
    }

    @Test func `the notice counts from the decision`() throws {
        let standard = try fixture.state(
            deciding: "standard",
            try succession("p-std") { policy in
                .sortedMap(
                    try #require(policy.mapValue).filter { $0.key != .text("governance") }
                )
            },
            on: base
        )
        #expect(
            try refusal(of: try succession(effective: "2026-01-07"), on: standard)?.code
                == .noticeTooShort
        )
        let eighth = try succession(effective: "2026-01-08")
        #expect(try refusal(of: eighth, on: standard) == nil)
        let open = try fixture.state(
            after: [try fixture.proposal("next", eighth)],
            on: standard
        )
        let late = LedgerFixture.start + Self.day
        let vote = try fixture.vote(on: "next", by: fixture.founders[2], at: late)
        #expect(open.refusal(of: vote, time: late)?.code == .noticeTooShort)
        #expect(open.refusal(of: vote, time: late - 1) == nil)
    }

    @Test func `a text that is not in force is for simulation`() throws {
        for status in ["draft", "bill", "withdrawn", "not_enforced"] {
            let action = try succession { policy in
                .sortedMap(
                    try #require(policy.mapValue).map {
                        $0.key == .text("status") ? CBORMapEntry("status", .text(status)) : $0
                    }
                )
            }
            #expect(try refusal(of: action)?.code == .policyStatus)
        }
    }

    @Test func `a version is adopted once, and versions only rise`() throws {
        let first = try refusal(of: try succession("test-policy"))
        #expect(first?.code == .conflict)
        #expect(try refusal(of: try succession("test-policy", version: 2)) == nil)
        let state = try fixture.state(
            deciding: "v3",
            try succession("test-policy", version: 3),
            on: base
        )
        #expect(
            try refusal(of: try succession("test-policy", version: 2), on: state)?.code
                == .conflict
        )
    }

    @Test func `two policies do not begin on one day`() throws {
        let state = try fixture.state(
            deciding: "next",
            try succession(effective: "2026-02-01"),
            on: base
        )
        let other = try succession("p-3", effective: "2026-02-01")
        #expect(try refusal(of: other, on: state)?.code == .conflict)
        #expect(
            try refusal(of: try succession("p-3", effective: "2026-02-02"), on: state) == nil
        )
    }

    @Test func `a limit that counts something else needs another id`() throws {
        let action = try succession { policy in
            let entries = try #require(policy.mapValue).map { entry -> CBORMapEntry in
                guard entry.key == .text("limits"), case .array(var limits) = entry.value else {
                    return entry
                }
                limits[0] = .sortedMap(
                    try #require(limits[0].mapValue).map {
                        $0.key == .text("metric")
                            ? CBORMapEntry("metric", ["kind": "units"]) : $0
                    }
                )
                return CBORMapEntry("limits", .array(limits))
            }
            return .sortedMap(entries)
        }
        #expect(try refusal(of: action)?.code == .unitChanged)
    }

    @Test func `after a withdrawal nothing passes until another policy is adopted`() throws {
        let withdraw = ProposalAction.withdraw(
            PolicyWithdrawal(
                policy: "test-policy",
                version: 1,
                effective: try date("2026-01-03")
            )
        )
        let planned = try fixture.state(deciding: "end", withdraw, on: base)
        let end = LedgerFixture.start + 2 * Self.day
        let eve = try fixture.claiming("c-2", on: planned, at: end - 1)
        #expect(eve.withdrawnBy == nil)
        let claim = try fixture.claim("c-3", to: "uni-ke", in: "KE", quantity: 1, at: end)
        #expect(eve.refusal(of: claim, time: end)?.code == .noPolicy)
        let proposal = try #require(eve.proposal(issuer: "us-bis", id: "end"))
        let state = try fixture.state(
            deciding: "next",
            try succession(effective: "2026-01-04"),
            on: eve,
            at: end
        )
        #expect(state.withdrawnBy == proposal.index)
        #expect(state.lastHeader.policyIndex == proposal.index)
        #expect(state.refusal(of: claim, time: end)?.message.contains("2026-01-04") == true)
        #expect(throws: Refusal.self) {
            try state.dryRun(
                try fixture.claimBody(to: "uni-ke", in: "KE", quantity: 1),
                issuer: "chipco"
            )
        }
        let back = try fixture.claiming("c-4", on: state, at: end + Self.day)
        #expect(back.withdrawnBy == nil)
        #expect(back.policies.map(\.state) == [.withdrawn, .inForce])
    }

    @Test func `a scheduled policy is taken back before its day`() throws {
        let state = try fixture.state(
            deciding: "next",
            try succession(effective: "2026-02-01"),
            on: base
        )
        let withdraw = ProposalAction.withdraw(
            PolicyWithdrawal(policy: "p-2", version: 1, effective: try date("2026-01-01"))
        )
        let back = try fixture.state(deciding: "back", withdraw, on: state)
        #expect(back.scheduledPolicies.isEmpty)
        #expect(back.withdrawnBy == nil)
        let later = try fixture.claiming("c-2", on: back, at: LedgerFixture.start + 40 * Self.day)
        #expect(later.policy.document.id == "test-policy")
        #expect(try refusal(of: withdraw, on: back)?.code == .notOpen)
        let unknown = ProposalAction.withdraw(
            PolicyWithdrawal(policy: "p-9", version: 1, effective: try date("2026-01-01"))
        )
        #expect(try refusal(of: unknown)?.code == .unknownPolicy)
    }

    @Test func `several policies that fell due while nothing happened begin in their order`()
        throws
    {
        var state = try fixture.state(
            deciding: "later",
            try succession("p-later", effective: "2026-01-10"),
            on: base
        )
        state = try fixture.state(
            deciding: "sooner",
            try succession("p-sooner", effective: "2026-01-05"),
            on: state
        )
        state = try fixture.claiming("c-2", on: state, at: LedgerFixture.start + 30 * Self.day)
        #expect(state.policy.document.id == "p-later")
        #expect(state.policies.map(\.state) == [.superseded, .inForce, .superseded])
    }
}
