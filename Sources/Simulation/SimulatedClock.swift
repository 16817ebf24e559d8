/// A node's own clocks, which run as well as clocks do.
struct SimulatedClock: Sendable {
    private var origin: UInt64
    private var since: UInt64 = 0
    /// Own milliseconds in a thousand real ones.
    private var rate: UInt64 = 1_000
    private var isStuck = false
    /// How far the wall clock is from the truth, in milliseconds.
    var wallError: Int64 = 0

    init(origin: UInt64) {
        self.origin = origin
    }

    /// The monotonic clock.
    func time(at now: UInt64) -> UInt64 {
        isStuck ? origin : origin + (now - since) * rate / 1_000
    }

    /// The time of day, in milliseconds.
    func wallTime(at now: UInt64) -> UInt64 {
        UInt64(Int64(SimulatedClock.trueTime(at: now)) + wallError)
    }

    /// The time of day on a clock that is right.
    static func trueTime(at now: UInt64) -> UInt64 { epoch + now }

    /// Real milliseconds until `delay` own ones have passed, and not one less.
    func realDelay(_ delay: UInt64) -> UInt64 {
        rate == 1_000 ? delay : delay * 1_000 / rate + 2
    }

    mutating func run(at newRate: UInt64, from now: UInt64) {
        settle(at: now)
        rate = newRate
    }

    mutating func jump(by distance: UInt64, at now: UInt64) {
        settle(at: now)
        origin += distance
    }

    mutating func stop(at now: UInt64) {
        settle(at: now)
        isStuck = true
    }

    /// Runs right again from here on; a monotonic clock never goes back.
    mutating func repair(at now: UInt64) {
        settle(at: now)
        rate = 1_000
        isStuck = false
        wallError = 0
    }

    private mutating func settle(at now: UInt64) {
        origin = time(at: now)
        since = now
    }

    private static let epoch: UInt64 = 1_000_000_000
    /// A block whose time is farther from the own wall clock is not voted for.
    static let skewMax: UInt64 = 60_000
}
