internal import Consensus

/// A kind of fault that a run may draw.
package enum Fault: String, CaseIterable, Sendable {
    case loss
    case delay
    case duplicate
    case partition
    case oneWayPartition = "one-way partition"
    case leaderCut = "leader cut off"
    case crash
    case crashOfAll = "crash of all"
    case crashBetweenEffects = "crash between effects"
    case lostWrite = "write lost in crash"
    case pause
    case slowDisk = "slow disk"
    case slowExecution = "slow execution"
    case deadForever = "dead for ever"
    case equivocation
    case doubleSubmission = "double submission"
}

/// What a run of one seed may do to the cluster.
struct FaultPlan: Sendable {
    /// The kinds that exist in this run at all.
    private(set) var kinds: [Fault]
    /// Messages lost, of a thousand.
    let lossPerMille: UInt64
    /// Messages sent twice, of a thousand.
    let duplicatePerMille: UInt64
    /// The longest time on the way, in milliseconds.
    let delayMax: UInt64
    /// The longest time of a durable write.
    let writeMax: UInt64
    /// The longest time to build or execute a block.
    let executionMax: UInt64
    /// Effects before which the node dies, of a hundred thousand.
    let crashPerEffect: UInt64
    /// When faults stop and everything that may heal does.
    let healTime: UInt64
    /// Statements that clients submit.
    let statementCount: Int

    func includes(_ fault: Fault) -> Bool { kinds.contains(fault) }

    /// Swarm testing: each run draws which kinds of fault exist, so that rare pairs meet often.
    init(random: inout SeededRandom) {
        var kinds: [Fault] = []
        for kind in Fault.allCases where random.number(below: 2) == 0 { kinds.append(kind) }
        if random.number(below: 4) != 0 { kinds.removeAll { $0 == .deadForever } }
        self.kinds = kinds
        func draw(_ kind: Fault, _ range: ClosedRange<UInt64>, else usual: UInt64) -> UInt64 {
            let value = UInt64.random(in: range, using: &random)
            return kinds.contains(kind) ? value : usual
        }
        lossPerMille = draw(.loss, 1...300, else: 0)
        duplicatePerMille = draw(.duplicate, 1...200, else: 0)
        delayMax = draw(.delay, 100...1_500, else: 40)
        writeMax = draw(.slowDisk, 5...300, else: 2)
        executionMax = draw(.slowExecution, 20...600, else: 3)
        crashPerEffect = draw(.crashBetweenEffects, 20...400, else: 0)
        healTime = UInt64.random(in: 8_000...30_000, using: &random)
        statementCount = Int.random(in: 8...40, using: &random)
    }
}
