import HashTreeCollections
import LedgerFixture
import MerkleLog
import QuotaCrypto
import QuotaRules
import StateMap
import Testing

@testable import Ledger

/// Every invariant can fail: a state that was tampered with is reported by the name of what it breaks.
struct InvariantTests {
    private let fixture: ConsignmentFixture
    private let before: LedgerState
    private let block: Block
    private let after: LedgerState
    private let claim = ClaimReference(issuer: "chipco", id: "c-1")

    init() throws {
        fixture = try ConsignmentFixture()
        before = try fixture.start()
        let built = try #require(fixture.build([try fixture.claim()], on: before).result)
        (block, after) = (built.block, built.state)
    }

    /// The invariants that a tampered state breaks after the block of one claim.
    private func broken(_ tamper: (inout LedgerState) throws -> Void) rethrows
        -> Set<LedgerInvariant>
    {
        var state = after
        try tamper(&state)
        return Set(
            LedgerInvariants.check(before: before, block: block, after: state).map(\.invariant)
        )
    }

    private func sees(
        _ invariant: LedgerInvariant,
        in broken: Set<LedgerInvariant>,
        at place: SourceLocation = #_sourceLocation
    ) {
        #expect(broken.contains(invariant), "\(broken)", sourceLocation: place)
    }

    private func whole(_ tamper: (inout LedgerState) throws -> Void) rethrows
        -> Set<LedgerInvariant>
    {
        var state = after
        try tamper(&state)
        return Set(LedgerInvariants.checkWhole(state).map(\.invariant))
    }

    /// Changes the record of the claim in the state map.
    private func change(
        _ state: inout LedgerState,
        _ edit: (inout ClaimRecord) -> Void
    ) throws {
        var record = try #require(state.claim(issuer: claim.issuer, id: claim.id))
        edit(&record)
        state.map.update([(claim.stateKey, record.encoded())])
    }

    /// Changes every account, in the table and in the state map.
    private func changeAccounts(
        _ state: inout LedgerState,
        _ edit: (inout AccountTotal) -> Void
    ) {
        for account in state.accounts {
            var total = account.total
            edit(&total)
            state.accountTable[account.key] = total
            state.map.update([(StateKey.account(account.key), total.encoded())])
        }
    }

    @Test func `what the ledger itself makes breaks nothing`() {
        #expect(broken { _ in }.isEmpty)
        #expect(whole { _ in }.isEmpty)
    }

    @Test func `I1 sees a total above its cap, and an override that is gone`() {
        sees(.caps, in: broken { changeAccounts(&$0) { $0.cap = 1 } })
        sees(.caps, in: whole { changeAccounts(&$0) { $0.cap = 1 } })
    }

    @Test func `I2 and I8 see an account that gained what no claim brought`() {
        let more: (inout LedgerState) -> Void = { state in
            changeAccounts(&state) { $0.amounts[.reserved] += 1 }
        }
        #expect(broken(more).isSuperset(of: [.balance, .recomputation]))
        sees(.recomputation, in: whole(more))
        let moved: (inout LedgerState) -> Void = { state in
            changeAccounts(&state) {
                $0.amounts[.reserved] -= 1
                $0.amounts[.licensed] += 1
            }
        }
        sees(.recomputation, in: broken(moved))
        #expect(!broken(moved).contains(.balance))
    }

    @Test func `I3 sees a shipment beyond its licence`() throws {
        let shipped = try self.shipped()
        var early = shipped.before
        try change(&early) { $0.deadlines.licensed = 1 }
        sees(.licences, in: names(early, shipped.block, shipped.after))
        var less = shipped.before
        try change(&less) {
            $0.lines[0].quantities[.licensed] -= 1
            $0.lines[0].quantities[.reserved] += 1
        }
        sees(.licences, in: names(less, shipped.block, shipped.after))
    }

    @Test func `I4 sees what comes back from a final bucket, and a tag that nobody counts`() throws
    {
        let shipped = try self.shipped()
        var ended = shipped.before
        try change(&ended) {
            $0.lines[0].quantities[.licensed] -= 1
            $0.lines[0].quantities[.returned] += 1
        }
        sees(.finality, in: names(ended, shipped.block, shipped.after))
        let tag = try #require(ChipTag([UInt8](repeating: 7, count: 16)))
        let record = TagRecord(claim: claim, isLive: true)
        sees(.finality, in: whole { $0.map.update([(StateKey.tag(tag), record.encoded())]) })
    }

    @Test func `I5 sees goods on their way that nobody shipped, and evidence of what is not there`()
        throws
    {
        try sees(
            .stages,
            in: broken {
                try change(&$0) {
                    $0.lines[0].quantities[.reserved] -= 1
                    $0.lines[0].quantities[.inTransit] += 1
                }
            }
        )
        try sees(.stages, in: whole { try change(&$0) { $0.lines[0].grades = [1] } })
        try sees(.stages, in: whole { try change(&$0) { $0.tagCount = 1 } })
    }

    @Test func `I6 sees a signer without a key in force, and a claim of another policy`() throws {
        try sees(.signatures, in: broken { try change(&$0) { $0.policyIndex = 9 } })
        var stranger = before
        stranger.memberTable["chipco"] = nil
        var late = after
        late.memberTable["chipco"] = nil
        sees(.signatures, in: names(stranger, block, late))
    }

    @Test func `I7 sees a claim that counts for another group`() {
        sees(
            .groups,
            in: broken { state in
                let body = OrganisationBody(
                    id: "uni-ke",
                    location: "KE",
                    headquarters: "KE",
                    parent: .init(id: "other", headquarters: "KE"),
                    name: .zero
                )
                state.organisationTable["uni-ke"] = Organisation(
                    body: body,
                    issuer: "us-bis",
                    index: 1
                )
            }
        )
    }

    @Test func `I9 sees a claim approved and a cap passed without others`() throws {
        try sees(.company, in: broken { try change(&$0) { $0.decision = .approved } })
        try sees(.company, in: broken { try change(&$0) { $0.isOverridden = true } })
    }

    @Test func `I10 sees a party and a key inside their cooling-off`() throws {
        try sees(
            .coolingOff,
            in: broken { state in
                let body = try #require(state.organisation("uni-ke")).body
                state.organisationTable["uni-ke"] = Organisation(
                    body: body,
                    issuer: "us-bis",
                    index: 1,
                    usableFrom: .max
                )
            }
        )
        let member = try #require(before.member("chipco"))
        var cold = before
        cold.memberTable["chipco"] = Member(
            card: member.card,
            index: member.index,
            leafHash: member.leafHash,
            usableFrom: .max
        )
        sees(.coolingOff, in: names(cold, block, after))
    }

    @Test func `I11 sees a tree that does not append`() {
        sees(.growth, in: broken { $0.tree.append(.zero) })
        sees(.growth, in: whole { $0.tree.append(.zero) })
    }

    @Test func `I12 sees an account in memory that is not the one proven`() {
        let tamper: (inout LedgerState) -> Void = { state in
            for account in state.accounts { state.accountTable[account.key]?.overrides = 3 }
        }
        sees(.publicTotals, in: broken(tamper))
        sees(.publicTotals, in: whole(tamper))
    }

    @Test func `I13 sees a block before its parent, and a shipment in the future`() throws {
        let later = try #require(
            fixture.build([try fixture.claim("c-2")], on: before, time: before.blockTime + 60)
                .result
        )
        sees(.time, in: names(later.state, block, after))
        try sees(.time, in: whole { try change(&$0) { $0.shipped = 30_000 } })
    }

    @Test func `I14 sees an account and a claim beyond their bounds`() throws {
        sees(
            .bounds,
            in: whole { state in
                for account in state.accounts {
                    state.accountTable[account.key]?.amounts[.reserved] = .max
                }
            }
        )
        try sees(
            .bounds,
            in: whole {
                try change(&$0) { $0.lines[0].quantities[.reserved] = 1 << 38 }
            }
        )
        sees(.bounds, in: broken { $0.map.update([(claim.stateKey, [0xFF])]) })
    }

    @Test func `I15 sees a dispute that gives room back`() throws {
        try sees(.disputes, in: broken { try change(&$0) { $0.postings[0].released = 1 } })
        try sees(
            .disputes,
            in: whole {
                try change(&$0) {
                    $0.lines[0].quantities[.reserved] -= 1
                    $0.lines[0].quantities[.disputed] += 1
                }
            }
        )
    }

    @Test func `every invariant has a name and a sentence`() {
        #expect(LedgerInvariant.allCases.map(\.rawValue) == (1...15).map { "I\($0)" })
        #expect(Set(LedgerInvariant.allCases.map(\.sentence)).count == 15)
    }

    private func names(
        _ before: LedgerState,
        _ block: Block,
        _ after: LedgerState
    ) -> Set<LedgerInvariant> {
        Set(LedgerInvariants.check(before: before, block: block, after: after).map(\.invariant))
    }

    /// The claim licensed, and then the block that ships it.
    private func shipped() throws -> (before: LedgerState, block: Block, after: LedgerState) {
        let today = try #require(CalendarDate("2026-01-01"))
        let end = try #require(CalendarDate("2026-12-31"))
        let licensed = try fixture.apply(
            [try fixture.event(.licence(quantities: nil, expires: end, digest: nil), id: "l")],
            to: after
        )
        let ship = try fixture.event(
            .ship(quantities: [10], date: today, tags: [], digest: nil),
            id: "s"
        )
        let built = try #require(fixture.build([ship], on: licensed).result)
        return (licensed, built.block, built.state)
    }
}
