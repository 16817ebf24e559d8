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
    /// Members that lost votes and were led back.
    package private(set) var recoveryCount: UInt64 = 0
    /// Chains that forked, with the guilt of more than f members proven.
    package private(set) var forkCount: UInt64 = 0
    /// How often each kind of fault struck.
    package private(set) var faultCounts = FaultCounts()
    /// Runs that broke a promise, by ascending seed.
    package private(set) var failures: [SeedResult] = []
    /// The sum of the runs' fingerprints, which does not depend on their order.
    package private(set) var fingerprint: UInt64 = 0

    package init() {}

    /// Adds the sums of another campaign, without its failures' order mattering.
    package mutating func add(_ other: Campaign) {
        seedCount += other.seedCount
        eventCount += other.eventCount
        blockCount += other.blockCount
        viewCount += other.viewCount
        milliseconds += other.milliseconds
        recoveryCount += other.recoveryCount
        forkCount += other.forkCount
        fingerprint &+= other.fingerprint
        faultCounts.add(other.faultCounts)
        failures = (failures + other.failures).sorted { $0.options.seed < $1.options.seed }
    }

    /// The sums as words, for a file: the same numbers in the same order, faults last.
    package var record: String {
        let sums = [
            seedCount, eventCount, blockCount, viewCount, milliseconds, recoveryCount, forkCount,
            fingerprint,
        ]
        return (sums + Fault.allCases.map { faultCounts[$0] }).map(String.init)
            .joined(separator: " ")
    }

    /// Reads sums back; nil if the line was cut off or is of another version.
    package init?(record: some StringProtocol) {
        let words = record.split(separator: " ").map { UInt64($0) }
        let numbers = words.compactMap { $0 }
        guard numbers.count == words.count, numbers.count == 8 + Fault.allCases.count else {
            return nil
        }
        seedCount = numbers[0]
        eventCount = numbers[1]
        blockCount = numbers[2]
        viewCount = numbers[3]
        milliseconds = numbers[4]
        recoveryCount = numbers[5]
        forkCount = numbers[6]
        fingerprint = numbers[7]
        faultCounts = FaultCounts(counts: Array(numbers.dropFirst(8)))
    }

    /// Adds a run.
    package mutating func add(_ result: SeedResult) {
        seedCount += 1
        eventCount += result.eventCount
        blockCount += UInt64(result.blockCount)
        viewCount += result.viewCount
        milliseconds += result.milliseconds
        fingerprint &+= result.fingerprint
        recoveryCount += result.recoveryCount
        if result.evidence != nil { forkCount += 1 }
        faultCounts.add(result.faultCounts)
        guard result.failure != nil else { return }
        failures.append(result)
        failures.sort { $0.options.seed < $1.options.seed }
    }
}
