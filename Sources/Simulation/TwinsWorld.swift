internal import Consensus
internal import QuotaCrypto
import Votes

/// A cluster without clocks, disks and encodings in which some members run twice with one key.
///
/// It moves in rounds. In each, the nodes stand on two or more sides that do not hear each other; what
/// is said arrives at once and in order on the own side, and is lost on the others. At the end of a
/// round all timers fire. A value: exploring goes on from copies of a shared beginning.
struct TwinsWorld: Sendable {
    private struct Parcel: Sendable {
        let from: Int
        let to: Int
        let message: Message
    }

    private struct Node: Sendable {
        let member: Int
        let isTwin: Bool
        var replica: Replica
        var timers: Set<Timer> = []
        /// A node makes one block a round.
        var mayBuild = false
        var height: UInt64 = 0
        var finals: [Commit.Final] = []
    }

    private var nodes: [Node] = []
    private var queue: [Parcel] = []
    private var isOnSide: [Int]
    private var now: UInt64 = 1_000
    private var round: UInt64 = 0
    /// The block of each height, as the first correct node made it final.
    private var chain: [Digest] = []
    /// The first broken promise.
    private(set) var failure: String?
    /// Inputs that replicas took.
    private(set) var stepCount: UInt64 = 0

    /// How many blocks are final.
    var height: Int { chain.count }
    /// How many nodes there are: members and second processes.
    var nodeCount: Int { nodes.count }

    private static let chainID = SHA256.hash(Array("twins".utf8))
    private static let root = BlockID(height: 0, digest: SHA256.hash(Array("twins root".utf8)))

    init(memberCount: Int, twins: [Int], brokenRules: Set<String>) {
        isOnSide = Array(repeating: 0, count: memberCount + twins.count)
        let rules = Defects(names: brokenRules).rules
        for member in Array(0..<memberCount) + twins {
            var configuration = Configuration(
                chainID: TwinsWorld.chainID,
                epoch: 1,
                root: TwinsWorld.root,
                committee: Committee(count: memberCount, leaderOrder: Array(0..<memberCount)),
                ownIndex: member,
                jitterSeed: UInt64(nodes.count)
            )
            configuration.disabledRules = rules
            let replica = try? Replica(
                configuration: configuration,
                signer: MockSigner(member: member),
                verifier: MockVerifier(),
                restoring: []
            )
            guard let replica else { continue }
            let isTwin = twins.contains(member)
            nodes.append(Node(member: member, isTwin: isTwin, replica: replica))
        }
        for node in nodes.indices { step(node, .start) }
        deliver()
    }

    /// Plays a round in which node i stands on side `sides[i]`.
    mutating func play(_ sides: [Int]) {
        isOnSide = sides
        round += 1
        now += 3_000
        for node in nodes.indices {
            nodes[node].mayBuild = true
            step(node, .workAvailable(true))
        }
        deliver()
        fireAll(where: TwinsWorld.isFetch)
        fireAll(where: TwinsWorld.isView)
        fireAll(where: TwinsWorld.isStandstill)
        fireAll(where: TwinsWorld.isFetch)
    }

    /// Whether all correct nodes make something new final once they hear each other.
    mutating func recovers(within rounds: Int) -> Bool {
        let before = nodes.map(\.height)
        for _ in 0..<rounds where failure == nil {
            play(Array(repeating: 0, count: nodes.count))
            let isMoved = nodes.indices.allSatisfy {
                nodes[$0].isTwin || nodes[$0].height > before[$0]
            }
            if isMoved { return true }
        }
        return failure != nil
    }

    private static func isFetch(_ timer: Timer) -> Bool { timer == .fetch }
    private static func isStandstill(_ timer: Timer) -> Bool { timer == .standstill }
    private static func isView(_ timer: Timer) -> Bool {
        if case .view = timer { true } else { false }
    }

    private mutating func fireAll(where isMeant: (Timer) -> Bool) {
        now += 1_500
        for node in nodes.indices {
            guard let timer = nodes[node].timers.first(where: isMeant) else { continue }
            nodes[node].timers.remove(timer)
            step(node, .timer(timer))
        }
        deliver()
    }

    private mutating func deliver() {
        var next = 0
        while next < queue.count, failure == nil {
            let parcel = queue[next]
            next += 1
            step(parcel.to, .message(from: parcel.from, parcel.message))
        }
        queue.removeAll(keepingCapacity: true)
    }

    private mutating func step(_ node: Int, _ first: Input) {
        var inputs = [first]
        while let input = inputs.popLast(), failure == nil {
            stepCount += 1
            for effect in nodes[node].replica.step(input, now: now) {
                perform(effect, of: node, answers: &inputs)
            }
        }
    }

    private mutating func perform(_ effect: Effect, of node: Int, answers: inout [Input]) {
        switch effect {
        case .broadcast(let message):
            for other in nodes.indices { post(message, from: node, to: other) }
        case .send(let member, let message):
            for other in nodes.indices where nodes[other].member == member {
                post(message, from: node, to: other)
            }
        case .setTimer(let timer, _): nodes[node].timers.insert(timer)
        case .cancelTimer(let timer): nodes[node].timers.remove(timer)
        case .build(let request): answers.append(.built(request, body(for: request, by: node)))
        case .execute(let request): answers.append(.executed(request.id, .valid))
        case .load(let request): answers.append(.loaded(request, load(request, by: node)))
        case .commit(let commit): take(commit, of: node)
        case .evidence(let pair):
            guard !isTwin(pair.member), !nodes[node].isTwin else { break }
            fail("P10 evidence: node \(node) accuses member \(pair.member)")
        case .alarm(let alarm):
            if !nodes[node].isTwin { fail("no false alarm: node \(node): \(alarm)") }
        case .disconnect(let member, let reason):
            guard !isTwin(member), !nodes[node].isTwin else { break }
            fail("no false blame: node \(node) disconnects \(member): \(reason)")
        case .persist: break
        }
    }

    private func isTwin(_ member: Int) -> Bool { nodes[member].isTwin }

    private mutating func fail(_ reason: String) {
        if failure == nil { failure = "\(reason) (round \(round))" }
    }

    private mutating func post(_ message: Message, from node: Int, to other: Int) {
        guard isOnSide[node] == isOnSide[other], nodes[other].member != nodes[node].member
        else { return }
        if case .status = message { return }
        queue.append(Parcel(from: nodes[node].member, to: other, message: message))
    }

    /// A block that names its maker, so that two processes of one member make different ones.
    private mutating func body(for request: BuildRequest, by node: Int) -> BlockBody? {
        guard nodes[node].mayBuild else { return nil }
        nodes[node].mayBuild = false
        var payload = [UInt8(node)]
        payload.append(bigEndian: round)
        var hash = SHA256()
        hash.update(request.parent.digest)
        hash.update(payload)
        return BlockBody(digest: hash.finalize(), payload: payload)
    }

    private func load(_ request: LoadRequest, by node: Int) -> [ProposalEntry] {
        let entries = nodes[node].finals.map(\.entry)
        return switch request.key {
        case .proposal(let id): entries.filter { $0.proposal.id == id }
        case .finalized(_, let after): entries.filter { $0.proposal.view > after }
        case .seal: []
        }
    }

    /// P1: one block a height among correct nodes.
    private mutating func take(_ commit: Commit, of node: Int) {
        nodes[node].finals += commit.proposals
        nodes[node].height = commit.tip.block.height
        guard !nodes[node].isTwin else { return }
        for final in commit.proposals where !final.isEcho {
            let index = Int(final.block.height) - 1
            if index == chain.count {
                chain.append(final.block.digest)
            } else if !chain.indices.contains(index) || chain[index] != final.block.digest {
                fail("P1 agreement: two blocks at height \(final.block.height)")
            }
        }
    }
}
