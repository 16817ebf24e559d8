internal import Consensus

/// What a run of one seed may do to the cluster.
struct FaultPlan: Sendable {
    /// The kinds that exist in this run at all.
    private(set) var kinds: Set<Fault>
    /// The same by position.
    private let isKind: [Bool]
    /// Messages lost, of a thousand.
    private(set) var lossPerMille: UInt64
    /// Messages sent twice, of a thousand.
    private(set) var duplicatePerMille: UInt64
    /// The time on the way, in milliseconds.
    private(set) var delay: ClosedRange<UInt64>
    /// The time on the way once everything is healed.
    private(set) var calmDelay: ClosedRange<UInt64> = 1...40
    /// The longest time of a durable write.
    private(set) var writeMax: UInt64
    /// The longest time to build or execute a block.
    private(set) var executionMax: UInt64
    /// How long one member takes for a block, for ever; 0 if there is no such member.
    private(set) var slowMemberDelay: UInt64 = 0
    /// How much longer than votes blocks take to one member, for ever; 0 if there is no such member.
    private(set) var slowBlockDelay: UInt64 = 0
    /// Effects before which the node dies, of a hundred thousand.
    private(set) var crashPerEffect: UInt64
    /// When faults stop and everything that may heal does.
    private(set) var healTime: UInt64
    /// Statements that clients submit.
    private(set) var statementCount: Int
    /// The most that one of them asks for.
    private(set) var amountMax: UInt64 = 90
    /// When the last statement is submitted for the first time.
    private(set) var submissionMax: UInt64
    /// Views without anything final, after the healing, that are too many.
    private(set) var fruitlessViewsMax: UInt64 = 150
    /// The longest time that a leader is given.
    private(set) var patienceMax: UInt64 = 60_000
    /// Whether the same member may lose its votes again once it was led back.
    private(set) var isLossRepeated = false
    /// How long an idle cluster rests before it walks on for the same member again.
    private(set) var walkPause: UInt64 = 3_600_000
    /// Whether all who can be are faulty, rather than a drawn part.
    let isFull: Bool

    func includes(_ fault: Fault) -> Bool { isKind[fault.position] }

    /// The kinds of lies that exist, in the order of `Fault.lies`.
    var lies: [Fault] { Fault.lies.filter(kinds.contains) }

    init(options: SeedOptions, random: inout SeededRandom) {
        var kinds = FaultPlan.kinds(of: options.scenario, random: &random)
        for excluded in options.excluded { kinds.remove(excluded) }
        self.kinds = kinds
        isKind = Fault.allCases.map(kinds.contains)
        func draw(_ kind: Fault, _ range: ClosedRange<UInt64>, else usual: UInt64) -> UInt64 {
            let value = UInt64.random(in: range, using: &random)
            return kinds.contains(kind) ? value : usual
        }
        lossPerMille = draw(.loss, 1...300, else: 0)
        duplicatePerMille = draw(.duplicate, 1...200, else: 0)
        delay = 1...draw(.delay, 100...1_500, else: 40)
        writeMax = draw(.slowDisk, 5...300, else: 2)
        executionMax = draw(.slowExecution, 20...600, else: 3)
        crashPerEffect = draw(.crashBetweenEffects, 20...400, else: 0)
        healTime = UInt64.random(in: 8_000...30_000, using: &random)
        statementCount = Int.random(in: 8...40, using: &random)
        submissionMax = healTime + 3_000
        isFull = options.scenario != .swarm && !options.scenario.hasJoiners
        adapt(to: options.scenario, random: &random)
    }

    /// Swarm testing: each run draws which kinds of fault exist, so that rare pairs meet often.
    private static func kinds(of scenario: Scenario, random: inout SeededRandom) -> Set<Fault> {
        switch scenario {
        case .swarm: return swarm(&random)
        case .calm: return []
        case .powerCuts:
            return [
                .deadForever, .crashOfAll, .lostWrite, .tornWrite, .crashBetweenEffects,
                .crashAfterPersist, .crashInCommit, .staleRecords, .loss,
            ]
        case .slowNetwork: return [.delay]
        case .slowMember: return [.halfVotes, .slowExecution]
        case .amnesia:
            return [
                .lostDisk, .bitRot, .unsyncedWrites, .rollback, .misdirectedWrite, .syncError,
                .crash, .crashOfAll, .loss, .partition, .leaderCut, .replay,
            ]
        case .repeatedAmnesia: return [.lostDisk, .oldAnswers, .crash, .loss]
        case .laggards: return [.lostDisk, .crash, .leaderCut, .loss, .slowExecution]
        case .idleAmnesia: return [.lostDisk]
        case .frozenLeader: return [.frozen]
        case .censors: return [.censorship]
        case .splitViews: return [.loss, .delay, .leaderCut, .partition, .oneWayPartition]
        case .liars: return [.lyingStatus, .lyingAnswers, .crash, .loss]
        case .falseBytes: return [.wrongRoot, .slowExecution, .loss, .leaderCut, .oneWayPartition]
        case .equivocators: return [.equivocation]
        case .traitors: return [.twins]
        case .traitorsAtSeal: return [.twins, .rotation]
        case .epochs, .snapshots:
            let kinds = swarm(&random)
            let isHonest = kinds.isDisjoint(with: Fault.byzantine)
            let more =
                scenario.hasSnapshots
                ? Fault.ofSnapshots
                : Fault.ofSets + Fault.occasional.filter { _ in random.number(below: 2) == 0 }
            return kinds.union(Fault.epochal + more)
                .subtracting(isHonest ? Fault.byzantine : [])
        case .sealAmnesia: return [.rotation, .handOff, .rollback, .crash, .loss]
        }
    }

    private static func swarm(_ random: inout SeededRandom) -> Set<Fault> {
        let rarity = 2 + random.number(below: 5)
        var kinds: Set<Fault> = []
        let special = Set(Fault.epochal + Fault.ofSnapshots + Fault.ofSets + Fault.occasional)
        for kind in Fault.allCases where !special.contains(kind) {
            if random.number(below: rarity) == 0 { kinds.insert(kind) }
        }
        if random.number(below: 2) != 0 { kinds.subtract(Fault.byzantine) }
        if random.number(below: 3) != 0 { kinds.remove(.deadForever) }
        return kinds
    }

    private mutating func adapt(to scenario: Scenario, random: inout SeededRandom) {
        switch scenario {
        case .powerCuts:
            crashPerEffect = 200 + random.number(below: 2_000)
            lossPerMille /= 4
        case .slowNetwork:
            let least = 500 + random.number(below: 700)
            delay = least...least + 200
            calmDelay = delay
            load(count: 100, for: 100_000)
            fruitlessViewsMax = 40
        case .slowMember:
            executionMax = 3
            slowBlockDelay = 2_500 + random.number(below: 1_500)
            load(count: 600, for: 60_000)
            fruitlessViewsMax = 40
            patienceMax = 2_000
        case .amnesia:
            lossPerMille = 100 + random.number(below: 300)
            healTime += 15_000
        case .repeatedAmnesia:
            isLossRepeated = true
            walkPause = 2_000
            lossPerMille /= 3
            healTime += 15_000
            submissionMax += 15_000
        case .laggards:
            load(count: 300, for: 50_000)
            isLossRepeated = true
            walkPause = 2_000
            lossPerMille /= 3
            executionMax = 3
            slowMemberDelay = 200 + random.number(below: 1_500)
            healTime = 45_000
        case .sealAmnesia:
            isLossRepeated = true
            walkPause = 2_000
            lossPerMille /= 3
            healTime += 15_000
            statementCount = 100
            amountMax = 9
            submissionMax = healTime
        case .snapshots:
            statementCount = 100
            amountMax = 9
            healTime += 15_000
            submissionMax = healTime
        case .idleAmnesia:
            statementCount = 4
            submissionMax = 1_000
            healTime = 40_000
        case .splitViews:
            lossPerMille += 150
        case .liars:
            lossPerMille /= 3
        case .traitors:
            healTime = 8_000
        case .traitorsAtSeal:
            // Both halves come to rest before they hear each other, mostly.
            statementCount = 6
            submissionMax = 4_000
            healTime = 20_000
        case .swarm, .calm, .frozenLeader, .censors, .falseBytes, .equivocators, .epochs:
            break
        }
    }

    /// Clients that never pause: what goes on for as long as there is work must not go on for ever.
    private mutating func load(count: Int, for duration: UInt64) {
        healTime = 8_000
        statementCount = count
        submissionMax = duration
        amountMax = 1
    }
}
