internal import Consensus

/// Scenarios in which members lead double lives (after the Twins method of testing such protocols).
package struct TwinsOptions: Hashable, Sendable {
    /// How many members.
    package var memberCount: Int
    /// How many of them run twice; at most f.
    package var twinCount: Int
    /// How many rounds, each with its own partition and, as views go, leader.
    package var roundCount: Int
    /// Rules to break, to see whether it is noticed.
    package var brokenRules: Set<String>

    package init(
        memberCount: Int = 4,
        twinCount: Int = 1,
        roundCount: Int = 5,
        brokenRules: Set<String> = []
    ) {
        self.memberCount = memberCount
        self.twinCount = twinCount
        self.roundCount = roundCount
        self.brokenRules = brokenRules
    }

    /// Partitions of the nodes into at most two sides.
    package var partitionCount: Int { 1 << (memberCount + twinCount - 1) }

    /// The beginnings from which `exploreTwins` explores everything: who is the twin, and the first
    /// two partitions.
    package var beginnings: [TwinsBeginning] {
        (0..<memberCount).flatMap { twin in
            (0..<partitionCount).flatMap { first in
                (0..<partitionCount).map { TwinsBeginning(twin: twin, partitions: [first, $0]) }
            }
        }
    }
}

/// A member that runs twice, and the partitions of the first rounds.
package struct TwinsBeginning: Hashable, Sendable {
    package let twin: Int
    package let partitions: [Int]
}

/// What came of scenarios.
package struct TwinsResult: Sendable {
    /// Scenarios played to the end.
    package var scenarioCount: UInt64 = 0
    /// Inputs that replicas took.
    package var stepCount: UInt64 = 0
    /// Blocks final at the end, over all scenarios.
    package var blockCount: UInt64 = 0
    /// Scenarios that were healed afterwards and made something new final.
    package var healedCount: UInt64 = 0
    /// The scenarios that broke a promise, the first hundred.
    package var failures: [String] = []

    package init() {}

    /// The counts as words, for a file; of a result without failures.
    package var record: String {
        [scenarioCount, stepCount, blockCount, healedCount].map(String.init).joined(separator: " ")
    }

    /// Reads counts back; nil if the line was cut off.
    package init?(record: some StringProtocol) {
        let numbers = record.split(separator: " ").compactMap { UInt64($0) }
        guard numbers.count == 4 else { return nil }
        scenarioCount = numbers[0]
        stepCount = numbers[1]
        blockCount = numbers[2]
        healedCount = numbers[3]
    }

    package mutating func add(_ other: TwinsResult) {
        scenarioCount += other.scenarioCount
        stepCount += other.stepCount
        blockCount += other.blockCount
        healedCount += other.healedCount
        failures = Array((failures + other.failures).prefix(100))
    }
}

/// Plays every scenario that begins so: all partitions into two sides in each further round.
///
/// Beginnings are shared between scenarios. Every 64th scenario is healed and must go on.
package func exploreTwins(_ options: TwinsOptions, from beginning: TwinsBeginning) -> TwinsResult {
    var explorer = TwinsExplorer(options: options, twin: beginning.twin)
    var world = TwinsWorld(
        memberCount: options.memberCount,
        twins: [beginning.twin],
        brokenRules: options.brokenRules
    )
    for partition in beginning.partitions.prefix(options.roundCount) {
        world.play(explorer.sides(partition))
    }
    explorer.explore(world, Array(beginning.partitions.prefix(options.roundCount)))
    return explorer.result
}

/// Plays one scenario drawn from a seed: twins, and in each round sides, up to three.
package func randomTwins(_ options: TwinsOptions, seed: UInt64) -> TwinsResult {
    var random = SeededRandom(seed: seed)
    let twins = Array((0..<options.memberCount).shuffled(using: &random).prefix(options.twinCount))
    var world = TwinsWorld(
        memberCount: options.memberCount,
        twins: twins,
        brokenRules: options.brokenRules
    )
    for _ in 0..<options.roundCount where world.failure == nil {
        let sideCount = 1 + random.number(below: 3)
        world.play((0..<world.nodeCount).map { _ in Int(random.number(below: sideCount)) })
    }
    var result = TwinsResult()
    result.finish(world, name: "seed \(seed)", isHealed: seed % 8 == 0)
    return result
}

/// Goes through the tree of partitions.
private struct TwinsExplorer {
    let options: TwinsOptions
    let twin: Int
    var result = TwinsResult()

    /// The side of each node: bit i − 1 of the partition's number for node i, side 0 for node 0.
    func sides(_ partition: Int) -> [Int] {
        (0...options.memberCount).map { ($0 == 0 ? 0 : partition >> ($0 - 1)) & 1 }
    }

    mutating func explore(_ world: TwinsWorld, _ path: [Int]) {
        guard path.count < options.roundCount, world.failure == nil else {
            let isHealed = result.scenarioCount % 64 == 0
            return result.finish(world, name: "twin \(twin), sides \(path)", isHealed: isHealed)
        }
        for partition in 0..<options.partitionCount {
            var next = world
            next.play(sides(partition))
            explore(next, path + [partition])
        }
    }
}

extension TwinsResult {
    fileprivate mutating func finish(_ end: TwinsWorld, name: String, isHealed: Bool) {
        var world = end
        scenarioCount += 1
        stepCount += world.stepCount
        blockCount += UInt64(world.height)
        if isHealed {
            if world.recovers(within: 40) {
                healedCount += 1
            } else {
                failures.append("\(name): L1 liveness: nothing new is final after the healing")
            }
        }
        guard let failure = world.failure, failures.count < 100 else { return }
        failures.append("\(name): \(failure)")
    }
}
