import NIOConcurrencyHelpers
import NIOCore

/// One open connection with an authenticated peer, usable from any thread.
final class PeerSession: Sendable {
    /// Index of the peer.
    let peer: Int

    private let limits: PeerLimits
    private let eventLoop: any EventLoop
    private let handler: NIOLoopBound<PeerHandler>
    private let queue: NIOLockedValueBox<OutboundQueue>

    init(peer: Int, limits: PeerLimits, eventLoop: any EventLoop, handler: PeerHandler) {
        self.peer = peer
        self.limits = limits
        self.eventLoop = eventLoop
        self.handler = NIOLoopBound(handler, eventLoop: eventLoop)
        queue = NIOLockedValueBox(OutboundQueue(laneCount: limits.laneCount))
    }

    /// Queues `frame`; false when its lane is full or the connection has ended.
    func offer(_ frame: Frame, kind: PeerLimits.Kind) -> Bool {
        let limit = limits.outbound(lane: kind.lane)
        switch queue.withLockedValue({ $0.offer(frame, lane: kind.lane, limit: limit) }) {
        case .refused: return false
        case .queued: return true
        case .announce:
            eventLoop.execute { self.handler.value.drain() }
            return true
        }
    }

    /// The next bytes to write, or false when nothing waits; on the event loop.
    func take(into buffer: inout ByteBuffer, bytesMin: Int) -> Bool {
        queue.withLockedValue { $0.take(into: &buffer, bytesMin: bytesMin) }
    }

    /// Reads from the socket again after the node has taken enough.
    func resumeReading() {
        eventLoop.execute { self.handler.value.resume(.consumer) }
    }

    /// Ends the connection.
    func close(_ fault: PeerFault) {
        eventLoop.execute { self.handler.value.fail(fault) }
    }

    /// Stops taking frames, when the connection is over.
    func closeQueue() {
        queue.withLockedValue { $0.close() }
    }
}
