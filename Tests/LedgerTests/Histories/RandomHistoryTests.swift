import Foundation
import Ledger
import LedgerFixture
import StateMap
import Testing

/// Ten thousand statements of every kind, a third of them wrong; every invariant holds throughout.
///
/// `QUOTA_HISTORY_STATEMENTS` sets another number, `QUOTA_HISTORY_SEED` another history; the long run
/// is `Node/bench --invariants`, which shows each tenth as it goes.
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
        var progress = Progress(of: count)
        while history.drawn < count {
            progress.show(history.drawn, blocks: blocks)
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
                + "\(history.state.height), in \(progress.seconds) s"
        )
        print("admitted: \(Self.table(history.admitted.map { ($0, $1) }))")
        print("refused: \(Self.table(history.refused.map { ($0.rawValue, $1) }))")
    }

    private static func table(_ counts: [(name: String, count: Int)]) -> String {
        counts.sorted { $0.name < $1.name }.map { "\($0.name) \($0.count)" }
            .joined(separator: ", ")
    }

    /// A line on standard error for each tenth of a history that takes minutes.
    private struct Progress {
        /// Shorter histories are over before somebody asks.
        static let shownFrom = 100_000

        private let count: Int
        private let began = ContinuousClock.now
        private var tenth = 0

        init(of count: Int) { self.count = count }

        var seconds: Int64 { began.duration(to: .now).components.seconds }

        mutating func show(_ drawn: Int, blocks: Int) {
            guard count >= Self.shownFrom, drawn * 10 / count > tenth else { return }
            tenth = drawn * 10 / count
            let line = "\(drawn) of \(count) statements, \(blocks) blocks, \(seconds) s\n"
            FileHandle.standardError.write(Data(line.utf8))
        }
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
        for name in ["claim", "cancel", "event licence", "event ship", "event accept", "evidence"] {
            #expect(history.admitted[name, default: 0] > 0, "no \(name) was admitted")
        }
        #expect(history.refused.count > 20)
        // The policy suspends who is convicted: the validators changed.
        #expect(history.state.epoch.number > 1)
    }
}
