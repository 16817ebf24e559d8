import NIOCore

/// Says how long to leave a socket unread so that a peer stays within its rate.
struct TokenBucket {
    private let rate: PeerLimits.Rate
    /// Thousand-millionths of a byte, so that no refill is lost to rounding.
    private var level: Int
    private var refilled: NIODeadline

    init(rate: PeerLimits.Rate, now: NIODeadline) {
        self.rate = rate
        level = TokenBucket.scaled(rate.burstBytes)
        refilled = now
    }

    /// Takes `bytes` and returns the pause needed before the next read, if any.
    mutating func take(_ bytes: Int, now: NIODeadline) -> TimeAmount? {
        let rate = max(1, self.rate.bytesPerSecond)
        let full = TokenBucket.scaled(self.rate.burstBytes)
        let elapsed = max(0, Int((now - refilled).nanoseconds))
        let (refill, overflow) = elapsed.multipliedReportingOverflow(by: rate)
        refilled = now
        level = overflow || refill >= full - level ? full : level + refill
        level -= TokenBucket.scaled(bytes)
        return level >= 0 ? nil : .nanoseconds(Int64(-level / rate + 1))
    }

    private static func scaled(_ bytes: Int) -> Int {
        let (value, overflow) = bytes.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? Int.max / 4 : min(value, Int.max / 4)
    }
}
