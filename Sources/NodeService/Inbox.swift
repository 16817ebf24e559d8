import Dispatch
import Synchronization

/// A bounded queue with one blocking reader: how the world hands work to the node's threads.
///
/// Writers never wait: a full inbox refuses, and the writer decides what that means (a client is
/// told 429, a peer's socket is not read further). Elements and their bytes are bounded, since one
/// element may be a message of megabytes.
final class Inbox<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var bytes = 0
        var isClosed = false
        /// Whether the reader waits for a signal that nobody has given yet.
        var isAwaited = false

        /// Whether the caller must give the signal that the reader waits for.
        mutating func takeWakeUp() -> Bool {
            defer { isAwaited = false }
            return isAwaited
        }
    }

    private let state = Mutex(State())
    private let signal = DispatchSemaphore(value: 0)
    private let capacity: Int
    private let bytesMax: Int
    private let size: @Sendable (Element) -> Int

    /// An inbox for `capacity` elements.
    ///
    /// - Parameters:
    ///   - capacity: The most elements that may wait.
    ///   - bytesMax: From how many waiting bytes on nothing is taken.
    ///   - size: The bytes of an element.
    init(
        capacity: Int,
        bytesMax: Int = .max,
        size: @escaping @Sendable (Element) -> Int = { _ in 0 }
    ) {
        self.capacity = capacity
        self.bytesMax = bytesMax
        self.size = size
    }

    /// Adds `element`, or returns false when the inbox is full or closed.
    func offer(_ element: sending Element) -> Bool {
        let bytes = size(element)
        let (accepted, mustWake) = state.withLock { state -> (Bool, Bool) in
            guard !state.isClosed, state.elements.count < capacity, state.bytes < bytesMax else {
                return (false, false)
            }
            state.elements.append(element)
            state.bytes += bytes
            return (true, state.takeWakeUp())
        }
        if mustWake { signal.signal() }
        return accepted
    }

    /// Adds `element` even above the bounds: for the few inputs that must not be lost.
    func insist(_ element: sending Element) {
        let bytes = size(element)
        let mustWake = state.withLock { state in
            state.elements.append(element)
            state.bytes += bytes
            return state.takeWakeUp()
        }
        if mustWake { signal.signal() }
    }

    /// All that waits, after blocking until there is something, it is closed, or `deadline` has
    /// passed.
    func drain(until deadline: DispatchTime) -> [Element] {
        let (waiting, mustWait) = take(orAwait: true)
        guard mustWait else { return waiting }
        if signal.wait(timeout: deadline) == .timedOut {
            // A writer may have seen the reader wait just now: its signal must not be left over.
            let isOnItsWay = state.withLock { !$0.takeWakeUp() }
            if isOnItsWay { signal.wait() }
        }
        return take(orAwait: false).elements
    }

    /// Whether it was closed.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Refuses everything from now on, and wakes the reader.
    func close() {
        let mustWake = state.withLock { state in
            state.isClosed = true
            return state.takeWakeUp()
        }
        if mustWake { signal.signal() }
    }

    /// All that waits; if that is nothing, announces a wait where `mayAwait` allows it.
    private func take(orAwait mayAwait: Bool) -> (elements: [Element], mustWait: Bool) {
        state.withLock { state in
            let elements = state.elements
            state.elements = []
            state.bytes = 0
            state.isAwaited = mayAwait && elements.isEmpty && !state.isClosed
            return (elements, state.isAwaited)
        }
    }
}
