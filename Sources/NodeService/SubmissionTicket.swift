import Ledger
import Synchronization

/// What became of one submitted statement, as the core knows it.
enum SubmissionResult: Sendable {
    /// It is final at this leaf index.
    case final(index: UInt64)
    /// It waits for a block, or for a quorum of nodes.
    case pending
    /// The state machine refuses it.
    case refused(Refusal)
    /// The pool is full.
    case poolFull
}

/// One client's wait for the outcomes of its statements.
///
/// The core answers each statement at most once; whoever waits gets all outcomes when the last one is
/// known or when its time is over, whichever comes first. What is not known by then is pending.
final class SubmissionTicket: Sendable {
    private struct State {
        var results: [SubmissionResult?]
        var open: Int
        var continuation: CheckedContinuation<[SubmissionResult], Never>?
        var isOver = false
    }

    private let state: Mutex<State>

    /// Whether the client waits until its statements are final, not only until they are taken.
    let waitsForFinality: Bool

    /// A ticket for `count` statements.
    init(count: Int, waitsForFinality: Bool) {
        self.waitsForFinality = waitsForFinality
        state = Mutex(State(results: Array(repeating: nil, count: count), open: count))
    }

    /// Records the outcome of the statement at `position`.
    func resolve(_ position: Int, _ result: SubmissionResult) {
        finish { state in
            guard state.results[position] == nil else { return false }
            state.results[position] = result
            state.open -= 1
            return state.open == 0
        }
    }

    /// Ends the wait: what is not known is pending.
    func expire() {
        finish { _ in true }
    }

    /// Whether nobody waits any more.
    var isOver: Bool { state.withLock { $0.isOver } }

    /// Waits for all outcomes, or for ``expire()``.
    func results() async -> [SubmissionResult] {
        await withCheckedContinuation { continuation in
            let ready = state.withLock { state -> [SubmissionResult]? in
                guard state.open > 0, !state.isOver else { return Self.outcomes(state) }
                state.continuation = continuation
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }

    private func finish(_ change: (inout State) -> Bool) {
        let resumed = state.withLock {
            state -> (CheckedContinuation<[SubmissionResult], Never>, [SubmissionResult])? in
            guard change(&state) else { return nil }
            state.isOver = true
            guard let continuation = state.continuation else { return nil }
            state.continuation = nil
            return (continuation, Self.outcomes(state))
        }
        if let (continuation, results) = resumed { continuation.resume(returning: results) }
    }

    private static func outcomes(_ state: State) -> [SubmissionResult] {
        state.results.map { $0 ?? .pending }
    }
}
