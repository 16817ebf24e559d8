import Ledger
import LedgerFixture
import StateMap
import Testing

/// A state read back from its map goes on as the one that was never put away: the same blocks, the
/// same answers, whatever statements come.
struct RestoredHistoryTests {
    static let forkEvery = 12
    static let blocksAfter = 10
    static let forks = 5

    @Test(arguments: [UInt64(7), 77, 777])
    func `a restored state fed random statements stays the one that was never restored`(
        seed: UInt64
    ) throws {
        var history = try History(seed: seed)
        for fork in 0..<Self.forks {
            for _ in 0..<Self.forkEvery { _ = try history.step() }
            var restored = try history.state.restored()
            compare(restored, history.state, "seed \(seed), fork \(fork), at the start")
            for round in 0..<Self.blocksAfter {
                try compareAnswers(restored, history)
                guard let (_, block, after) = try history.step() else { continue }
                restored = try restored.verify(block)
                compare(restored, after, "seed \(seed), fork \(fork), block \(round)")
            }
        }
    }

    /// Statements that neither state has seen get the same answer from both.
    private func compareAnswers(_ restored: LedgerState, _ history: History) throws {
        var draws = history
        for _ in 0..<8 {
            let statement = try draws.statement()
            let refusal = restored.refusal(of: statement, time: draws.time)
            #expect(refusal == history.state.refusal(of: statement, time: draws.time))
        }
    }

    private func compare(_ restored: LedgerState, _ state: LedgerState, _ place: String) {
        #expect(restored.lastHeaderHash == state.lastHeaderHash, "\(place)")
        #expect(restored.checkpointText == state.checkpointText, "\(place)")
        #expect(restored.tree == state.tree, "\(place)")
        #expect(restored.map.root == state.map.root, "\(place)")
        #expect(restored.accounts == state.accounts, "\(place)")
        #expect(restored.members == state.members, "\(place)")
        #expect(restored.organisations == state.organisations, "\(place)")
        #expect(restored.policies == state.policies, "\(place)")
        #expect(restored.scheduledPolicies == state.scheduledPolicies, "\(place)")
        #expect(restored.catalogues == state.catalogues, "\(place)")
        #expect(restored.scheduledCatalogues == state.scheduledCatalogues, "\(place)")
        #expect(restored.policy == state.policy, "\(place)")
        #expect(restored.catalogue == state.catalogue, "\(place)")
        #expect(restored.withdrawnBy == state.withdrawnBy, "\(place)")
        #expect(restored.facilities == state.facilities, "\(place)")
        #expect(restored.agreements == state.agreements, "\(place)")
        #expect(restored.allocations == state.allocations, "\(place)")
        #expect(restored.validators == state.validators, "\(place)")
        #expect(restored.proposals.map(\.record) == state.proposals.map(\.record), "\(place)")
        #expect(restored.proposals.map(\.subject) == state.proposals.map(\.subject), "\(place)")
        #expect(restored.suspensions.map(\.record) == state.suspensions.map(\.record), "\(place)")
        for member in state.members {
            let held = state.suspension(of: member.card.id)
            #expect(restored.suspension(of: member.card.id) == held, "\(place)")
        }
    }
}
