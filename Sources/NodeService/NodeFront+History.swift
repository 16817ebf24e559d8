import APIModel
import LedgerStore

/// What a node answers while the log below its snapshot is still on its way.
extension NodeFront {
    /// Refuses, for now, what needs leaves that this node does not have yet.
    func requireLeaves(_ range: ClosedRange<UInt64>) throws {
        guard shared.store.lacks(range.lowerBound) || shared.store.lacks(range.upperBound)
        else { return }
        throw incomplete()
    }

    /// Nil, if it is certain that what was not found is nowhere in the log.
    func requireWholeLog<Value>() throws -> Value? {
        guard shared.store.isFilling else { return nil }
        throw incomplete()
    }

    private func incomplete() -> APIProblem {
        let base = shared.store.base
        return .unavailable(
            "history-missing",
            "this node joined by a snapshot and has the leaves below \(base?.filled ?? 0) and from"
                + " \(base?.size ?? 0) on; it fetches the others: ask again later, or another node",
            retryAfter: 10
        )
    }
}
