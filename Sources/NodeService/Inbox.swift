import Dispatch
import Synchronization

/// A bounded queue with one blocking reader: how the world hands work to the node's core thread.
///
/// Writers never wait: a full inbox refuses, and the writer decides what that means (a client is
/// told 429, a peer's socket is not read further).
final class Inbox<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let signal = DispatchSemaphore(value: 0)
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Adds `element`, or returns false when the inbox is full or closed.
    func offer(_ element: sending Element) -> Bool {
        let (accepted, wasEmpty) = state.withLock { state -> (Bool, Bool) in
            guard !state.isClosed, state.elements.count < capacity else { return (false, false) }
            state.elements.append(element)
            return (true, state.elements.count == 1)
        }
        if wasEmpty { signal.signal() }
        return accepted
    }

    /// Adds `element` even above the capacity: for the few inputs that must not be lost.
    func insist(_ element: sending Element) {
        let wasEmpty = state.withLock { state in
            state.elements.append(element)
            return state.elements.count == 1
        }
        if wasEmpty { signal.signal() }
    }

    /// All that waits, after blocking until there is something or `deadline` has passed.
    func drain(until deadline: DispatchTime) -> [Element] {
        let waiting = take()
        guard waiting.isEmpty else { return waiting }
        _ = signal.wait(timeout: deadline)
        return take()
    }

    /// Whether it was closed.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Refuses everything from now on.
    func close() {
        state.withLock { $0.isClosed = true }
        signal.signal()
    }

    private func take() -> [Element] {
        state.withLock { state in
            let elements = state.elements
            state.elements = []
            return elements
        }
    }
}
