import NIOCore

/// What waits to be sent to one peer: lanes by priority, each bounded in frames and bytes.
struct OutboundQueue {
    private var lanes: [CircularBuffer<Frame>]
    private var laneBytes: [Int]
    private var isClosed = false

    /// Whether the event loop already knows that something waits.
    private var isAnnounced = false

    init(laneCount: Int) {
        lanes = Array(repeating: CircularBuffer(), count: laneCount)
        laneBytes = Array(repeating: 0, count: laneCount)
    }

    enum Offer {
        /// Taken, and the event loop must be told.
        case announce
        /// Taken; the event loop is on its way.
        case queued
        /// Not taken.
        case refused
    }

    mutating func offer(_ frame: Frame, lane: Int, limit: PeerLimits.Lane) -> Offer {
        guard !isClosed, lanes[lane].count < limit.framesMax,
            laneBytes[lane] + frame.wireBytes <= limit.bytesMax
        else { return .refused }
        lanes[lane].append(frame)
        laneBytes[lane] += frame.wireBytes
        defer { isAnnounced = true }
        return isAnnounced ? .queued : .announce
    }

    /// Moves the most urgent frames to `buffer` until it holds `bytesMin`; false when none wait.
    mutating func take(into buffer: inout ByteBuffer, bytesMin: Int) -> Bool {
        for lane in lanes.indices {
            while buffer.readableBytes < bytesMin, let frame = lanes[lane].popFirst() {
                laneBytes[lane] -= frame.wireBytes
                frame.write(to: &buffer)
            }
        }
        if buffer.readableBytes == 0 { isAnnounced = false }
        return buffer.readableBytes > 0
    }

    /// Drops everything and refuses from now on.
    mutating func close() {
        isClosed = true
        for lane in lanes.indices {
            lanes[lane].removeAll()
            laneBytes[lane] = 0
        }
    }
}
