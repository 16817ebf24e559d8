import Foundation
import Ledger
import LedgerFixture
import StateMap
import Testing

/// Ten thousand statements of every kind, a third of them wrong; every invariant holds throughout.
///
/// `QUOTA_HISTORY_STATEMENTS` sets another number, `QUOTA_HISTORY_SEED` another history.
struct RandomHistoryTests {
    /// Blocks between two computations from nothing; more in a long history, whose state is large.
    static let blocksBetween = 50

    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    @Test func `every invariant holds after every block of a random history`() throws {
        let seed = UInt64(Self.number("QUOTA_HISTORY_SEED") ?? 2026)
        let count = Self.number("QUOTA_HISTORY_STATEMENTS") ?? 10_000
        var history = try History(seed: seed)
        var blocks = 0
        var nextWhole = Self.blocksBetween
        while history.drawn < count {
            guard let (before, block, after) = try history.step() else { continue }
            blocks += 1
            let found = LedgerInvariants.check(before: before, block: block, after: after)
            try #require(found.isEmpty, "seed \(seed), block \(after.height): \(found)")
            guard blocks == nextWhole else { continue }
            nextWhole += max(Self.blocksBetween, blocks / 20)
            let whole = LedgerInvariants.checkWhole(after)
            try #require(whole.isEmpty, "seed \(seed), block \(after.height): \(whole)")
        }
        #expect(LedgerInvariants.checkWhole(history.state).isEmpty)
        try checkRestored(history.state)
        checkVariety(history)
        print(
            "History of seed \(seed): \(history.drawn) statements, \(blocks) blocks, "
                + "\(history.admitted.values.reduce(0, +)) admitted, to height "
                + "\(history.state.height); \(history.admitted.sorted { $0.key < $1.key })"
                + "; refused \(history.refused.sorted { $0.key.rawValue < $1.key.rawValue })"
        )
    }

    /// A state from the entries of the map alone is the same.
    private func checkRestored(_ state: LedgerState) throws {
        var entries: [(key: [UInt8], value: [UInt8])] = []
        state.map.forEach { entries.append(($0, $1)) }
        let restored = try LedgerState(
            restoring: state.genesis,
            entries: entries.reversed(),
            tree: state.tree,
            header: state.lastHeader.encoded()
        )
        #expect(restored.map.root == state.map.root)
        #expect(restored.accounts == state.accounts)
        #expect(restored.members == state.members)
        #expect(restored.organisations == state.organisations)
        #expect(restored.policyIndex == state.policyIndex)
        #expect(LedgerInvariants.checkWhole(restored).isEmpty)
    }

    /// A history that admits little proves little.
    private func checkVariety(_ history: History) {
        let total = history.admitted.values.reduce(0, +)
        #expect(total * 5 > history.drawn)
        for name in ["claim", "cancel", "event licence", "event ship", "event accept"] {
            #expect(history.admitted[name, default: 0] > 0, "no \(name) was admitted")
        }
        #expect(history.refused.count > 20)
    }
}
