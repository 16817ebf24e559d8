internal import Consensus
internal import QuotaCrypto

/// A whole cluster in one thread, with a clock that jumps from event to event.
struct World: Sendable {
    /// What is going to happen.
    indirect enum Event: Sendable {
        case delivery(to: Int, Input)
        case statement(to: Int, ToyStatement)
        case timer(node: Int, life: Int, Timer, number: UInt64)
        case answer(node: Int, life: Int, Input)
        case written(node: Int, life: Int)
        case begin(node: Int, life: Int)
        case resume(node: Int)
        case push(node: Int, life: Int)
        case question(of: Int, to: Int, [UInt8])
        case part(of: Int, to: Int, [UInt8])
        case fetchTick(node: Int, life: Int)
        case submission(Int)
        case strike(Strike)
        case heal
    }

    /// How far the healing has come.
    enum Phase: Sendable {
        /// Anything goes.
        case safety
        /// A quorum is well; who is not of it is not.
        case core
        /// Only what is wrong for ever is wrong.
        case whole
    }

    let options: SeedOptions
    let plan: FaultPlan
    let defects: Defects
    let committee: Committee
    let chainID: Digest
    let keys: SimulatedKeys
    var random: SeededRandom
    var now: UInt64 = 0
    var phase = Phase.safety
    var events = EventQueue<Event>()
    var nodes: [SimulatedNode] = []
    var links: Links
    /// The builds that nodes run; all begin with the first.
    var builds: [ToyBuild]
    /// Nodes that stay bad until the others are proven live without them.
    var outcasts: Set<Int> = []
    /// Nodes that do not hear a process of a member that has two: by process and node.
    var deafness: Set<[Int]> = []
    var statements: [ToyStatement] = []
    /// Messages sent a while ago, to be sent again.
    var archive: [(from: Int, bytes: [UInt8])] = []
    /// Answers to members that had lost their votes, by receiver.
    var oldAnswers: [(receiver: Int, answer: Input)] = []
    /// Notarizations that were sent, by proposal, for members that conceal what is final.
    var notarizations: [Digest: Certificate] = [:]
    var oracle: Oracle
    var eventCount: UInt64 = 0
    var recoveryCount: UInt64 = 0
    /// The highest view when the healing began.
    var viewAtHealing: UInt64 = 0
    var faultCounts = FaultCounts()
    var fingerprint: Fingerprint
    /// When last something happened that needs a reason.
    var lastActivity: UInt64 = 0
    var trace: [String] = []

    /// Sets up a cluster whose every chance is drawn from the seed.
    init(options: SeedOptions) {
        self.options = options
        var random = SeededRandom(seed: options.seed)
        plan = FaultPlan(options: options, random: &random)
        defects = Defects(names: options.brokenRules)
        chainID = SHA256.hash(Array("toy chain".utf8))
        committee = Committee(
            count: options.memberCount,
            seal: SHA256.hash(Array("seal \(options.seed)".utf8))
        )
        keys = SimulatedKeys(memberCount: options.memberCount, isReal: options.seed % 100 == 0)
        links = Links(nodeCount: 2 * World.identityCount(options))
        oracle = Oracle(
            committee: committee,
            chainID: chainID,
            keys: keys,
            identityCount: World.identityCount(options),
            rules: ToyRules(
                asksForApprovals: options.scenario.asksForApprovals,
                asksForDeadlines: options.scenario.asksForApprovals
            )
        )
        builds = [ToyBuild(plan)]
        oracle.isForkExpected = options.scenario.isFork
        oracle.keepsStates = options.scenario.hasSnapshots
        if options.scenario == .censors { oracle.delayMax = UInt64(committee.faultyMax) + 3 }
        fingerprint = Fingerprint(seed: options.seed)
        self.random = random
    }

    /// Runs to the end.
    mutating func run() -> SeedResult {
        found()
        scheduleClients()
        scheduleChanges()
        scheduleDeadlines()
        scheduleFaults()
        scheduleUpgrades()
        events.add(.heal, at: plan.healTime)
        for node in nodes.indices where !arrivesLate(node) { boot(node) }
        let evidence = runPhases()
        return SeedResult(
            options: options,
            failure: oracle.failure,
            eventCount: eventCount,
            blockCount: oracle.chain.count - 1,
            viewCount: highestView,
            recoveryCount: recoveryCount,
            milliseconds: now,
            faultCounts: faultCounts,
            fingerprint: fingerprint.value,
            trace: trace,
            evidence: evidence
        )
    }

    /// The first process of every member, and a second one of those that lead a double life.
    private mutating func found() {
        let conducts = drawConducts()
        for member in conducts.indices { add(member, conducts[member]) }
        for member in conducts.indices where conducts[member] == .twin {
            add(member, .twin)
            count(.twins)
        }
        oracle.byzantine = Set(nodes.filter(\.isByzantine).map(\.member))
    }

    private mutating func add(_ member: Int, _ conduct: SimulatedNode.Conduct) {
        let lies = conduct == .liar ? drawLies() : []
        guard
            let replica = makeReplica(
                of: member,
                node: nodes.count,
                lies: lies,
                state: .genesis,
                restoring: []
            )
        else { return }
        let clock = SimulatedClock(origin: random.number(below: 1 << 40))
        var node = SimulatedNode(member: member, replica: replica, clock: clock)
        node.order = order(in: .genesis)
        node.conduct = conduct
        node.lies = lies
        node.ignoresSeals = defects.includes(.sealTakesBlocks)
        node.servesGaps = defects.includes(.gapServed)
        node.mapsStates = options.scenario.hasSnapshots
        node.rules = rules(lies: lies)
        nodes.append(node)
        if arrivesLate(nodes.count - 1) { scheduleArrival(of: nodes.count - 1) }
    }

    /// A replica as it starts from a disk.
    mutating func makeReplica(
        of member: Int,
        node: Int,
        lies: [Fault],
        state: ToyState,
        restoring: [DurableRecord]
    ) -> Replica? {
        do {
            return try replica(
                of: member,
                node: node,
                lies: lies,
                state: state,
                restoring: restoring
            )
        } catch {
            oracle.fail("start", "member \(member) cannot start: \(error)")
            return nil
        }
    }

    /// A replica that continues from these records, if it can.
    func replica(
        of member: Int,
        node: Int,
        lies: [Fault],
        state: ToyState,
        restoring: [DurableRecord]
    ) throws(RestoreError) -> Replica {
        var configuration = configuration(of: member, node: node, in: state)
        if lies.contains(.wrongGenesis) {
            configuration = Configuration(
                chainID: SHA256.hash(Array("other chain".utf8)),
                epoch: configuration.epoch,
                root: configuration.root,
                committee: configuration.committee,
                ownIndex: configuration.ownIndex,
                observerCount: configuration.observerCount,
                timeouts: configuration.timeouts,
                jitterSeed: configuration.jitterSeed
            )
            configuration.disabledRules = defects.rules
        }
        return try Replica(
            configuration: configuration,
            signer: signer(of: member, lies: lies, in: state),
            verifier: keys.verifier(of: seats(in: state)),
            restoring: restoring
        )
    }

    /// Handles the next event.
    ///
    /// - Returns: Whether there was one, and no promise is broken.
    mutating func handleNext() -> Bool {
        guard oracle.failure == nil, let (time, event) = events.removeNext() else { return false }
        now = time
        eventCount += 1
        handle(event)
        if eventCount >= World.eventCountMax {
            oracle.fail("L5 no livelock", "more than \(World.eventCountMax) events")
        }
        return oracle.failure == nil
    }

    private mutating func handle(_ event: Event) {
        switch event {
        case .delivery(let node, let input):
            give(placed(input, at: node), to: node)
        case .statement(let node, let statement):
            offer(statement, to: node, isOwner: false)
        case .timer(let node, let life, let timer, let number):
            guard nodes[node].life == life, nodes[node].timers[timer] == number else { break }
            nodes[node].timers[timer] = nil
            give(.timer(timer), to: node)
        case .answer(let node, let life, let input):
            if nodes[node].life == life { give(input, to: node) }
        case .written(let node, let life):
            if nodes[node].life == life { finishWrite(of: node) }
        case .begin(let node, let life):
            if nodes[node].life == life { give(.start, to: node) }
        case .resume(let node): pump(node)
        case .push(let node, let life): pushAgain(from: node, life: life)
        case .question(let sender, let node, let bytes): takeQuestion(bytes, of: sender, by: node)
        case .part(let sender, let node, let bytes): takePart(bytes, of: sender, by: node)
        case .fetchTick(let node, let life):
            if nodes[node].life == life { lookAfterFetching(node) }
        case .submission(let number): submit(number)
        case .strike(let strike): perform(strike)
        case .heal: healCore()
        }
    }

    /// No run of a correct cluster of this size needs more; one that does hangs.
    private static let eventCountMax: UInt64 = 400_000

    /// Gives an input to a node; a dead one never hears of it.
    mutating func give(_ input: Input, to node: Int) {
        guard nodes[node].isUp, !isWithheld(input, from: node) else { return }
        if oracle.failure == nil, let outcome = nodes[node].take(input, at: now) {
            judge(outcome, of: node)
        }
        pump(node)
    }

    mutating func note(_ text: @autoclosure () -> String) {
        if options.isTraced { trace.append("\(now) ms: \(text())") }
    }

    mutating func count(_ fault: Fault) { faultCounts.count(fault) }

    /// The highest view that any node is in.
    var highestView: UInt64 { nodes.indices.reduce(0) { max($0, nodes[$1].replica.view) } }

    /// The nodes of other members.
    func others(than member: Int) -> [Int] {
        nodes.indices.filter { nodes[$0].member != member }
    }
}

/// Runs one seed.
package func simulate(_ options: SeedOptions) -> SeedResult {
    var world = World(options: options)
    return world.run()
}
