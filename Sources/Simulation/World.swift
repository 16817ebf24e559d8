internal import Consensus
internal import QuotaCrypto

/// A whole cluster in one thread, with a clock that jumps from event to event.
struct World: Sendable {
    /// What is going to happen.
    enum Event: Sendable {
        case delivery(to: Int, from: Int, bytes: [UInt8])
        case statement(to: Int, ToyStatement)
        case timer(node: Int, life: Int, Timer, number: UInt64)
        case answer(node: Int, life: Int, Input)
        case written(node: Int, life: Int)
        case resume(node: Int)
        case push(node: Int, life: Int)
        case submission(Int)
        case strike(Strike)
        case heal
    }

    let options: SeedOptions
    let plan: FaultPlan
    let committee: Committee
    let chainID: Digest
    let keys: SimulatedKeys
    var random: SeededRandom
    var now: UInt64 = 0
    var events = EventQueue<Event>()
    var nodes: [SimulatedNode] = []
    /// Whether messages from one node to another are cut: row-major.
    var cut: [Bool]
    var isHealed = false
    var statements: [ToyStatement] = []
    var oracle: Oracle
    var eventCount: UInt64 = 0
    var faultCounts = [UInt64](repeating: 0, count: Fault.allCases.count)
    var fingerprint: Fingerprint
    /// When last something other than status messages happened.
    var lastActivity: UInt64 = 0
    var trace: [String] = []

    /// Sets up a cluster whose every chance is drawn from the seed.
    init(options: SeedOptions) {
        self.options = options
        var random = SeededRandom(seed: options.seed)
        plan = FaultPlan(random: &random)
        chainID = SHA256.hash(Array("toy chain".utf8))
        committee = Committee(
            count: options.memberCount,
            seal: SHA256.hash(Array("seal \(options.seed)".utf8))
        )
        keys = SimulatedKeys(memberCount: options.memberCount, isReal: options.seed % 100 == 0)
        cut = Array(repeating: false, count: options.memberCount * options.memberCount)
        oracle = Oracle(memberCount: options.memberCount)
        fingerprint = Fingerprint(seed: options.seed)
        self.random = random
    }

    /// Runs to the end.
    mutating func run() -> SeedResult {
        for member in 0..<options.memberCount {
            guard let replica = makeReplica(of: member, restoring: []) else { break }
            nodes.append(SimulatedNode(replica: replica))
        }
        scheduleClients()
        scheduleFaults()
        events.add(.heal, at: plan.healTime)
        for node in nodes.indices { boot(node) }
        safetyAndLiveness()
        return SeedResult(
            options: options,
            failure: oracle.failure,
            eventCount: eventCount,
            blockCount: oracle.chain.count - 1,
            viewCount: nodes.map(\.replica.view).max() ?? 0,
            milliseconds: now,
            faultCounts: faultCounts,
            fingerprint: fingerprint.value,
            trace: trace
        )
    }

    /// A replica as it starts from a disk.
    mutating func makeReplica(of member: Int, restoring: [DurableRecord]) -> Replica? {
        var configuration = Configuration(
            chainID: chainID,
            epoch: 1,
            root: ToyState.genesis.block,
            committee: committee,
            ownIndex: member,
            timeouts: Timeouts(viewBase: 1_000),
            jitterSeed: options.seed &* 31 &+ UInt64(member)
        )
        configuration.disabledRules = options.disabledRules
        do {
            return try Replica(
                configuration: configuration,
                signer: keys.signer(of: member),
                verifier: keys.verifier,
                restoring: restoring
            )
        } catch {
            oracle.fail("member \(member) cannot start: \(error)")
            return nil
        }
    }

    /// Handles the next event.
    ///
    /// - Returns: Whether there was one, and no promise is broken.
    mutating func handleNext() -> Bool {
        guard oracle.failure == nil, let (time, event) = events.removeNext() else { return false }
        now = time
        eventCount += 1
        switch event {
        case .delivery(let node, let sender, let bytes):
            give(.received(from: sender, bytes: bytes), to: node)
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
        case .resume(let node): pump(node)
        case .push(let node, let life): pushAgain(from: node, life: life)
        case .submission(let number): submit(number)
        case .strike(let strike): perform(strike)
        case .heal: heal()
        }
        return oracle.failure == nil
    }

    /// Hands an input to a node; a dead one never hears of it.
    mutating func give(_ input: Input, to node: Int) {
        guard nodes[node].isUp else { return }
        nodes[node].inbox.append(input)
        pump(node)
    }

    mutating func note(_ text: @autoclosure () -> String) {
        if options.isTraced { trace.append("\(now) ms: \(text())") }
    }

    mutating func count(_ fault: Fault) {
        guard let index = Fault.allCases.firstIndex(of: fault) else { return }
        faultCounts[index] += 1
    }
}

/// The vote keys of a simulated cluster: mock signatures, or real ones where a run is to prove that
/// both behave the same.
struct SimulatedKeys: Sendable {
    private let privateKeys: [Ed25519.PrivateKey]
    let verifier: any VoteVerifier

    init(memberCount: Int, isReal: Bool) {
        privateKeys =
            isReal
            ? (0..<memberCount).compactMap { member in
                try? Ed25519.PrivateKey(
                    seed: SHA256.hash(Array("vote key \(member)".utf8)).bytes
                )
            } : []
        verifier =
            isReal
            ? Ed25519VoteVerifier(keys: privateKeys.map(\.publicKey)) : MockVerifier()
    }

    func signer(of member: Int) -> any VoteSigner {
        privateKeys.indices.contains(member)
            ? Ed25519VoteSigner(key: privateKeys[member]) : MockSigner(member: member)
    }
}
