import CBOR
import Ledger
import LedgerFixture
import QuotaCrypto
import QuotaRules
import StateMap
import TestSupport
import Testing

/// Every table of governance read back from the state map, and hostile bodies.
struct GovernanceSnapshotTests {
    let fixture: LedgerFixture
    let base: LedgerState

    init() throws {
        fixture = try LedgerFixture()
        base = try fixture.state(
            after: [try fixture.organisation("uni-ke", in: "KE")],
            on: try fixture.state()
        )
    }

    /// A state with an entry in every table.
    private func full() throws -> LedgerState {
        let newcomer = try Founder("gpuco", .exporter, "US")
        let key = try Ed25519.PrivateKey(seed: SHA256.hash(Array("new".utf8)).bytes)
        var state = try fixture.state(
            deciding: "join",
            .member(try fixture.cardStatement(of: newcomer, coKey: key)),
            on: base
        )
        let facility = FacilityBody(
            id: "f-1",
            country: "KE",
            operatorID: "uni-ke",
            owner: "uni-ke",
            address: .zero
        )
        state = try fixture.state(
            after: [
                try fixture.statement(.facility(facility), by: fixture.government),
                try fixture.suspension("s-1", of: "gpuco"),
                try fixture.proposal("open", .expel(member: "gpuco"), by: fixture.founders[0]),
            ],
            on: state
        )
        state = try fixture.state(
            deciding: "ov",
            .override(
                ClaimOverride(
                    claim: ClaimReference(issuer: "chipco", id: "c-1"),
                    body: .zero,
                    reason: .zero
                )
            ),
            on: state
        )
        for (id, effective) in [("p-2", "2026-01-01"), ("p-3", "2026-02-01")] {
            let succession = PolicySuccession(
                try Policy.decode(FixtureRules.policy(id: id)),
                effective: try #require(CalendarDate(effective))
            )
            state = try fixture.state(deciding: id, .policy(succession), on: state)
        }
        return state
    }

    @Test func `every table comes back from the state map`() throws {
        let state = try full()
        let restored = try state.restored()
        #expect(restored.members == state.members)
        #expect(restored.proposals.map(\.record) == state.proposals.map(\.record))
        #expect(restored.proposals.map(\.subject) == state.proposals.map(\.subject))
        #expect(restored.suspensions.map(\.record) == state.suspensions.map(\.record))
        #expect(restored.suspension(of: "gpuco") == state.suspension(of: "gpuco"))
        #expect(restored.policies == state.policies)
        #expect(restored.scheduledPolicies == state.scheduledPolicies)
        #expect(restored.catalogues == state.catalogues)
        #expect(restored.facilities == state.facilities)
        #expect(restored.policy == state.policy)
        #expect(restored.policyIndex == state.policyIndex)
        #expect(state.proposals.contains { $0.record.state == .open })
        #expect(!state.scheduledPolicies.isEmpty)
    }

    @Test func `what falls due later falls due the same after a restart`() throws {
        let state = try full()
        let time = LedgerFixture.start + 32 * 86_400
        let statement = try fixture.organisation("lab", in: "FR", at: time)
        let build = fixture.build([statement], on: state, time: time)
        let result = try #require(build.result)
        #expect(result.state.policy.document.id == "p-3")
        #expect(try state.restored().verify(result.block).map.root == result.state.map.root)
    }

    @Test func `a withdrawn policy is still withdrawn after a restart`() throws {
        let withdrawn = try fixture.state(
            deciding: "end",
            .withdraw(
                PolicyWithdrawal(
                    policy: "test-policy",
                    version: 1,
                    effective: try #require(CalendarDate("2026-01-01"))
                )
            ),
            on: base
        )
        let restored = try withdrawn.restored()
        #expect(withdrawn.withdrawnBy != nil)
        #expect(restored.withdrawnBy == withdrawn.withdrawnBy)
        #expect(restored.policyIndex == withdrawn.lastHeader.policyIndex)
        #expect(restored.policy == withdrawn.policy)
    }

    @Test(arguments: UInt64(0)..<4)
    func `damaged bodies are refused or say what they say`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let newcomer = try Founder("gpuco", .exporter, "US")
        let good = [
            try fixture.proposal("p-1", .member(try fixture.cardStatement(of: newcomer))),
            try fixture.proposal("p-2", .expel(member: "chipco")),
            try fixture.vote(on: "p-1", by: fixture.founders[2]),
            try fixture.suspension("s-1", of: "chipco"),
        ]
        for statement in good {
            for _ in 0..<300 {
                var bytes = statement.bytes
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    let place = Int.random(in: 0..<bytes.count, using: &random)
                    bytes[place] ^= UInt8.random(in: 1...255, using: &random)
                }
                guard bytes != statement.bytes, let read = try? Statement.decode(bytes) else {
                    continue
                }
                #expect(read.bytes == bytes)
                #expect(throws: Refusal.self) { try base.checkSignature(read) }
                _ = base.admit(read, time: LedgerFixture.start)
            }
        }
    }

    @Test(arguments: [
        ("kind", CBORValue.text("event"), "$.action.body"),
        ("kind", .text("claim"), "$.action.kind"), ("kind", .text("nonsense"), "$.action.kind"),
        ("kind", .unsigned(1), "$.action.kind"), ("member", .text("No Member"), "$.action.member"),
        ("member", .null, "$.action.member"), ("more", .boolean(true), "$.action.more"),
    ])
    func `an action that is none is refused with its path`(
        field: String,
        value: CBORValue,
        path: String
    ) throws {
        var pairs: [(String, CBORValue?)] = [("kind", "expel"), ("member", "chipco")]
        pairs.removeAll { $0.0 == field }
        pairs.append((field, value))
        let body = CBORValue.object([("action", .object(pairs))])
        let error = #expect(throws: CBORFieldError.self) { try ProposalBody(body) }
        #expect(error?.path == path)
    }
}
