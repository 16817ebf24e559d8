/// Many seeds in a row, and what came of them together.
package struct Campaign: Sendable {
    /// Seeds that ran.
    package private(set) var seedCount: UInt64 = 0
    /// Simulated events.
    package private(set) var eventCount: UInt64 = 0
    /// Blocks that became final.
    package private(set) var blockCount: UInt64 = 0
    /// Views that were entered.
    package private(set) var viewCount: UInt64 = 0
    /// Simulated milliseconds.
    package private(set) var milliseconds: UInt64 = 0
    /// How often each kind of fault struck, in the order of `Fault.allCases`.
    package private(set) var faultCounts = [UInt64](repeating: 0, count: Fault.allCases.count)
    /// Runs that broke a promise, by ascending seed.
    package private(set) var failures: [SeedResult] = []
    /// The sum of the runs' fingerprints, which does not depend on their order.
    package private(set) var fingerprint: UInt64 = 0

    package init() {}

    /// Adds a run.
    package mutating func add(_ result: SeedResult) {
        seedCount += 1
        eventCount += result.eventCount
        blockCount += UInt64(result.blockCount)
        viewCount += result.viewCount
        milliseconds += result.milliseconds
        fingerprint &+= result.fingerprint
        for (index, count) in result.faultCounts.enumerated() { faultCounts[index] += count }
        guard result.failure != nil else { return }
        failures.append(result)
        failures.sort { $0.options.seed < $1.options.seed }
    }
}
