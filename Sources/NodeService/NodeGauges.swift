import APIModel
import QuotaCrypto
import Synchronization

/// Figures that the core leaves for readers at the end of each turn.
final class NodeGauges: Sendable {
    /// The figures.
    struct Readings: Sendable {
        var view: UInt64 = 0
        var poolStatements = 0
        var poolBytes = 0
        /// Why this node votes no more, if it does not.
        var alarm: String?
        /// How many waiting statements each validator passed over as a proposer, since this node started.
        var passedOver: [String: UInt64] = [:]
        /// Why this node does not vote at present although it is a validator.
        var voting: String?
        /// What is fetched from others beside blocks, if something is.
        var sync: SyncDocument?
    }

    private struct State {
        var readings = Readings()
        var waiting: Set<Digest> = []
        /// The final height when the first intake receipt of a waiting statement was made.
        var intakes: [Digest: UInt64] = [:]
    }

    private let state = Mutex(State())

    var readings: Readings { state.withLock { $0.readings } }

    /// Replaces the figures that change with every turn.
    func show(view: UInt64, poolStatements: Int, poolBytes: Int) {
        state.withLock { state in
            state.readings.view = view
            state.readings.poolStatements = poolStatements
            state.readings.poolBytes = poolBytes
        }
    }

    /// Says for good that this node votes no more.
    func raise(_ alarm: String) {
        state.withLock { $0.readings.alarm = alarm }
    }

    /// Says how far fetching has come; nil when it is over.
    func show(_ sync: SyncDocument?) { state.withLock { $0.readings.sync = sync } }

    /// Counts statements that a proposer left out although there was room.
    func count(passedOver statements: Int, by proposer: String) {
        guard statements > 0 else { return }
        state.withLock { $0.readings.passedOver[proposer, default: 0] += UInt64(statements) }
    }

    /// Says why this node does not vote at present; nil if it does.
    func show(voting reason: String?) { state.withLock { $0.readings.voting = reason } }

    /// Whether a statement waits in the pool.
    func isWaiting(_ leaf: Digest) -> Bool { state.withLock { $0.waiting.contains(leaf) } }

    func setWaiting(_ leaf: Digest, _ isWaiting: Bool) {
        state.withLock { state in
            if isWaiting {
                state.waiting.insert(leaf)
            } else {
                state.waiting.remove(leaf)
                state.intakes[leaf] = nil
            }
        }
    }

    /// Notes that a statement is receipted at a height; false if it does not wait here.
    func noteIntake(_ leaf: Digest, height: UInt64) -> Bool {
        state.withLock { state in
            guard state.waiting.contains(leaf) else { return false }
            state.intakes[leaf] = state.intakes[leaf] ?? height
            return true
        }
    }

    /// How many statements wait that were receipted at `height` or before.
    func intakes(atOrBefore height: UInt64) -> Int {
        state.withLock { $0.intakes.count { $0.value <= height } }
    }
}
