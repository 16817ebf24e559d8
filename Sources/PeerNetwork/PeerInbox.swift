import NIOConcurrencyHelpers
import NIOCore

/// What the peers sent and the node has not taken yet: bounded for each peer, urgent kinds first.
///
/// A peer above its bound has its socket left unread (its own TCP window then stops it); no other
/// peer notices. Equally urgent peers take turns.
final class PeerInbox: Sendable {
    /// One connection's part: announced, then emptied by lane, then closed.
    fileprivate struct Visit {
        let session: PeerSession
        var isAnnounced = false
        var lanes: [CircularBuffer<Frame>]
        var fault: PeerFault?

        /// Urgency of the next event: control first, then lanes; `nil` when nothing waits.
        var urgency: Int? {
            if !isAnnounced { return 0 }
            if let lane = lanes.firstIndex(where: { !$0.isEmpty }) { return lane + 1 }
            return fault == nil ? nil : 0
        }
    }

    fileprivate struct Box {
        var visits: [Visit] = []
        var frames = 0
        var bytes = 0
        var isPaused = false
    }

    private struct State {
        var boxes: [Box]
        var turn = 0
        var reader: CheckedContinuation<PeerEvent?, Never>?
        var isFinished = false
    }

    private let limits: PeerLimits
    private let state: NIOLockedValueBox<State>

    /// An inbox for peers with indices below `peerCount`.
    init(peerCount: Int, limits: PeerLimits) {
        self.limits = limits
        state = NIOLockedValueBox(State(boxes: Array(repeating: Box(), count: peerCount)))
    }

    /// Makes room for peers with indices below `peerCount`.
    func reserve(peerCount: Int) {
        change { state in
            while state.boxes.count < peerCount { state.boxes.append(Box()) }
        }
    }

    /// A connection with an authenticated peer begins.
    func open(_ session: PeerSession) {
        let lanes = Array(repeating: CircularBuffer<Frame>(), count: limits.laneCount)
        change { $0.boxes[session.peer].visits.append(Visit(session: session, lanes: lanes)) }
    }

    /// Keeps a frame; false when the socket must be left unread until `resumeReading`.
    func push(_ frame: Frame, lane: Int, from session: PeerSession) -> Bool {
        change { state in
            guard let visit = state.boxes[session.peer].visits.indices.last,
                state.boxes[session.peer].visits[visit].session === session
            else { return true }
            state.boxes[session.peer].visits[visit].lanes[lane].append(frame)
            state.boxes[session.peer].frames += 1
            state.boxes[session.peer].bytes += frame.wireBytes
            let isFull =
                state.boxes[session.peer].frames >= limits.inboundFramesMax
                || state.boxes[session.peer].bytes >= limits.inboundBytesMax
            if isFull { state.boxes[session.peer].isPaused = true }
            return !isFull
        }
    }

    /// The connection is over; its frames can still be taken.
    func close(_ session: PeerSession, _ fault: PeerFault) {
        change { state in
            guard let visit = state.boxes[session.peer].visits.indices.last,
                state.boxes[session.peer].visits[visit].session === session
            else { return }
            state.boxes[session.peer].visits[visit].fault = fault
            if state.boxes[session.peer].visits[visit].urgency == 0,
                !state.boxes[session.peer].visits[visit].isAnnounced,
                state.boxes[session.peer].visits[visit].lanes.allSatisfy(\.isEmpty)
            {
                state.boxes[session.peer].visits.removeLast()  // Nobody has heard of it.
            }
        }
    }

    /// What waits of `peer`.
    func waiting(from peer: Int) -> (frames: Int, bytes: Int) {
        state.withLockedValue { ($0.boxes[peer].frames, $0.boxes[peer].bytes) }
    }

    /// No event follows those that wait.
    func finish() {
        change { $0.isFinished = true }
    }

    /// The next event, or `nil` after ``finish()`` or when the task is cancelled.
    ///
    /// One reader at a time.
    func next() async -> PeerEvent? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { wait($0) }
        } onCancel: {
            let reader = state.withLockedValue { state in
                defer { state.reader = nil }
                return state.reader
            }
            reader?.resume(returning: nil)
        }
    }

    private func wait(_ continuation: CheckedContinuation<PeerEvent?, Never>) {
        let displaced = change { state in
            // A cancellation before this point has found no reader to wake.
            if Task.isCancelled { return continuation as CheckedContinuation<PeerEvent?, Never>? }
            defer { state.reader = continuation }
            return state.reader
        }
        displaced?.resume(returning: nil)
    }

    /// Changes the state and hands the reader what it waits for, outside the lock.
    private func change<Result>(_ body: (inout State) -> Result) -> Result {
        var wake: (() -> Void)?
        let result = state.withLockedValue { state in
            let result = body(&state)
            guard let reader = state.reader else { return result }
            if let (event, paused) = take(from: &state) {
                state.reader = nil
                wake = {
                    paused?.resumeReading()
                    reader.resume(returning: event)
                }
            } else if state.isFinished {
                state.reader = nil
                wake = { reader.resume(returning: nil) }
            }
            return result
        }
        wake?()
        return result
    }

    /// Removes the most urgent event; also returns a session whose socket may be read again.
    private func take(from state: inout State) -> (PeerEvent, PeerSession?)? {
        var best: (peer: Int, urgency: Int)?
        for step in state.boxes.indices {
            let peer = (state.turn + step) % state.boxes.count
            guard let urgency = state.boxes[peer].visits.first?.urgency else { continue }
            if urgency < best?.urgency ?? .max { best = (peer, urgency) }
            if urgency == 0 { break }
        }
        guard let best else { return nil }
        state.turn = (best.peer + 1) % state.boxes.count
        return state.boxes[best.peer].take(peer: best.peer, urgency: best.urgency, limits: limits)
    }
}

extension PeerInbox.Box {
    mutating func take(
        peer: Int,
        urgency: Int,
        limits: PeerLimits
    ) -> (PeerEvent, PeerSession?)? {
        guard urgency > 0 else {
            guard visits[0].isAnnounced else {
                visits[0].isAnnounced = true
                return (.connected(peer), nil)
            }
            let visit = visits.removeFirst()
            return (.disconnected(peer, reason: "\(visit.fault ?? .closedByPeer)"), nil)
        }
        guard let frame = visits[0].lanes[urgency - 1].popFirst() else { return nil }
        frames -= 1
        bytes -= frame.wireBytes
        let isLow = frames <= limits.inboundFramesMax / 2 && bytes <= limits.inboundBytesMax / 2
        guard isPaused, isLow else { return (.frame(from: peer, frame), nil) }
        isPaused = false
        return (.frame(from: peer, frame), visits.last?.session)
    }
}
