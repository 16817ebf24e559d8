/// Every bound of the peer port, with its unit.
package struct PeerLimits: Sendable {
    /// What is allowed of one kind of frame.
    package struct Kind: Hashable, Sendable {
        /// Priority: 0 goes first, both when sending and when handing to the node.
        package var lane: Int

        /// Largest payload in bytes; one byte more ends the connection before any is buffered.
        package var bytesMax: Int

        /// Allows payloads of up to `bytesMax` bytes in `lane`.
        package init(lane: Int, bytesMax: Int) {
            self.lane = lane
            self.bytesMax = bytesMax
        }
    }

    /// How much may wait to be sent to one peer in one lane.
    package struct Lane: Hashable, Sendable {
        /// Frames.
        package var framesMax: Int

        /// Bytes on the wire.
        package var bytesMax: Int

        /// Allows `framesMax` frames of together `bytesMax` bytes.
        package init(framesMax: Int, bytesMax: Int) {
            self.framesMax = framesMax
            self.bytesMax = bytesMax
        }
    }

    /// A steady rate with a burst, for what one peer may send.
    package struct Rate: Hashable, Sendable {
        /// Bytes on the wire per second.
        package var bytesPerSecond: Int

        /// Bytes that may come at once after a quiet time.
        package var burstBytes: Int

        /// Allows `bytesPerSecond` after a burst of `burstBytes`.
        package init(bytesPerSecond: Int, burstBytes: Int) {
            self.bytesPerSecond = bytesPerSecond
            self.burstBytes = burstBytes
        }
    }

    /// The frames that exist; a peer that sends another kind is disconnected.
    package var kinds: [UInt8: Kind]

    /// Outbound bounds by lane; a lane beyond the end has those of the last entry.
    package var lanes: [Lane] = [Lane(framesMax: 4096, bytesMax: 16 << 20)]

    /// Frames of one peer that the node has not taken yet, before its socket is left unread.
    package var inboundFramesMax = 4096

    /// Bytes of one peer that the node has not taken yet, before its socket is left unread.
    package var inboundBytesMax = 8 << 20

    /// What one peer may send, or `nil` for no bound.
    ///
    /// Above it the socket is left unread for a while.
    package var inboundRate: Rate?

    /// Time for TCP, TLS and hello together.
    package var handshakeTimeMax: Duration = .seconds(5)

    /// Connections without a finished hello, over all addresses.
    package var halfOpenMax = 256

    /// Connections without a finished hello from one address; at least the number of peers is used.
    package var halfOpenPerAddressMax = 4

    /// A side that sent nothing for this long sends a ping.
    package var pingAfter: Duration = .seconds(10)

    /// A peer that sent nothing for this long is disconnected.
    package var silenceMax: Duration = .seconds(30)

    /// First pause before dialling again.
    package var retryMin: Duration = .milliseconds(100)

    /// Longest pause before dialling again.
    package var retryMax: Duration = .seconds(5)

    /// The default bounds for frames of `kinds`.
    package init(kinds: [UInt8: Kind]) {
        self.kinds = kinds
    }

    /// The outbound bounds of `lane`.
    func outbound(lane: Int) -> Lane {
        lane < lanes.count ? lanes[lane] : lanes.last ?? Lane(framesMax: 0, bytesMax: 0)
    }

    /// Lanes in use: one more than the highest in ``kinds``.
    var laneCount: Int { 1 + max(0, kinds.values.map(\.lane).max() ?? 0) }
}
