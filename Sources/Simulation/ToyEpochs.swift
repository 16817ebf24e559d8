internal import Consensus
internal import QuotaCrypto
import Votes

/// A place in the set of an epoch: a member, and how often it has changed its key.
struct ToySeat: Hashable, Sendable {
    let member: Int
    var generation = 0
}

/// A statement that changes the set of the next epoch; the block that holds it seals the present one.
struct ToyChange: Hashable, Sendable {
    enum Kind: UInt64, Sendable {
        case join = 1
        case leave = 2
        case rotate = 3
    }

    let kind: Kind
    let member: Int
    /// How many members founded the cluster; no epoch has fewer.
    let founderCount: Int
    /// Who approves it, a bit for each member: signatures, which nobody forges here.
    var approvals: UInt64 = 0

    /// Whether enough of the present members approve, by the default of the real ledger: two thirds,
    /// without the one that it is about.
    func isApproved(in seats: [ToySeat]) -> Bool {
        let electors = present(seats).map(\.member).filter { $0 != member }
        let approving = electors.count { approvals >> UInt64($0) & 1 == 1 }
        return approving >= max(1, (2 * electors.count + 2) / 3)
    }

    private func present(_ seats: [ToySeat]) -> [ToySeat] {
        seats.isEmpty ? (0..<founderCount).map { ToySeat(member: $0) } : seats
    }

    /// The set after the change, members ascending; nil if it does not apply.
    func applied(to seats: [ToySeat]) -> [ToySeat]? {
        var seats = present(seats)
        let place = seats.firstIndex { $0.member == member }
        switch kind {
        case .join:
            guard place == nil else { return nil }
            seats.append(ToySeat(member: member))
        case .leave:
            guard let place, seats.count > founderCount else { return nil }
            seats.remove(at: place)
        case .rotate:
            guard let place else { return nil }
            seats[place].generation += 1
        }
        return seats.sorted { $0.member < $1.member }
    }
}

extension ToyStatement {
    private static let mark: UInt64 = 1 << 63

    /// A change, told apart by its number.
    init(_ change: ToyChange, number: UInt64) {
        let kind = change.kind.rawValue << 48
        self.init(
            id: ToyStatement.mark | kind | UInt64(change.founderCount) << 32 | number,
            amount: change.approvals << 8 | UInt64(change.member)
        )
    }

    /// The change that it asks for; nil for a claim.
    var change: ToyChange? {
        guard id & ToyStatement.mark != 0, let kind = ToyChange.Kind(rawValue: id >> 48 & 0xFF)
        else { return nil }
        return ToyChange(
            kind: kind,
            member: Int(truncatingIfNeeded: amount & 0xFF),
            founderCount: Int(truncatingIfNeeded: id >> 32 & 0xFF),
            approvals: amount >> 8
        )
    }
}

extension World {
    /// All identities: those that found the cluster, and those that may join it.
    static func identityCount(_ options: SeedOptions) -> Int {
        options.memberCount + (options.scenario.hasJoiners ? 2 : 0)
    }

    /// The members in the order of their positions in the epoch of `state`, then all others.
    func order(in state: ToyState) -> [Int] {
        let all = 0..<World.identityCount(options)
        let seats = seats(in: state)
        let members = seats.map(\.member)
        return members + all.filter { !members.contains($0) }
    }

    func seats(in state: ToyState) -> [ToySeat] {
        state.seats.isEmpty ? (0..<options.memberCount).map { ToySeat(member: $0) } : state.seats
    }

    /// What a process of a member starts the epoch of `state` with.
    func configuration(of member: Int, node: Int, in state: ToyState) -> Configuration {
        let seats = seats(in: state)
        let build = build(of: node)
        var configuration = Configuration(
            chainID: chainID,
            epoch: state.epoch,
            root: state.root,
            committee: state.epoch == 1
                ? committee : Committee(count: seats.count, seal: state.root.digest),
            ownIndex: seats.firstIndex { $0.member == member },
            observerCount: World.identityCount(options) - seats.count,
            timeouts: build.timeouts,
            limits: build.limits,
            jitterSeed: options.seed &* 31 &+ UInt64(node) &+ build.jitter
        )
        configuration.disabledRules = defects.rules
        return configuration
    }

    /// The signer of a member in the epoch of `state`; nil if it has no seat.
    func signer(of member: Int, lies: [Fault], in state: ToyState) -> (any VoteSigner)? {
        guard let seat = seats(in: state).first(where: { $0.member == member }) else { return nil }
        // With the key of an honest member, a liar could sign what convicts that one.
        return keys.signer(
            of: lies.contains(.wrongKey) ? ToySeat(member: member, generation: 1_000) : seat
        )
    }

    /// The member that leads where the cluster is at its farthest.
    var leadingMember: Int {
        func place(_ node: SimulatedNode) -> (epoch: UInt64, view: UInt64) {
            (node.replica.configuration.epoch, node.replica.view)
        }
        let foremost = nodes.indices.max { place(nodes[$0]) < place(nodes[$1]) } ?? 0
        let replica = nodes[foremost].replica
        return nodes[foremost].order[replica.configuration.committee.leader(of: replica.view)]
    }

    /// What arrives, with the position of its sender among the links of the receiver.
    func placed(_ input: Input, at node: Int) -> Input {
        switch input {
        case .message(let member, let message):
            .message(from: position(of: member, at: node), message)
        case .received(let member, let bytes):
            .received(from: position(of: member, at: node), bytes: bytes)
        default: input
        }
    }

    /// The position of a member among the links of a node.
    func position(of member: Int, at node: Int) -> Int {
        nodes[node].order.firstIndex(of: member) ?? nodes[node].order.count
    }

    /// The driver's part at a seal: the replica of the next epoch takes over.
    mutating func succeed(_ node: Int) {
        let state = nodes[node].disk.applied
        let epoch = nodes[node].replica.configuration.epoch
        guard state.epoch > epoch, oracle.failure == nil else { return }
        guard state.epoch == epoch + 1, state.root == nodes[node].replica.finalized.block else {
            return oracle.fail("2.10 a seal ends its epoch", "node \(node) goes on above a seal")
        }
        let member = nodes[node].member
        let (replica, _) = nodes[node].replica.succeeded(
            by: configuration(of: member, node: node, in: state),
            signer: signer(of: member, lies: nodes[node].lies, in: state),
            verifier: keys.verifier(of: seats(in: state))
        )
        if !nodes[node].isByzantine, !replica.isRecovering {
            oracle.seesSuccession(
                of: member,
                abstainingUpTo: replica.abstainUpTo,
                in: replica.configuration.epoch
            )
        }
        let members = seats(in: state).map(\.member)
        note("node \(node) enters epoch \(state.epoch) of \(members)")
        if options.scenario == .sealAmnesia { silence(before: node) }
        let order = order(in: state)
        nodes[node].begin(replica, order: order)
        if plan.includes(.sealCrash), phase == .safety, random.number(below: 4) == 0 {
            count(.sealCrash)
            return crash(node, restartAfter: 50 + random.number(below: 3_000))
        }
        boot(node)
    }

    /// The first node of an epoch is alone there until it has voted; then it forgets that, and asks the
    /// others before they have come there.
    private mutating func silence(before node: Int) {
        let epoch = nodes[node].disk.applied.epoch
        guard phase == .safety, !nodes[node].isByzantine,
            nodes.indices.allSatisfy({ $0 == node || nodes[$0].disk.applied.epoch < epoch })
        else { return }
        let pause = 1_200 + random.number(below: 2_000)
        events.add(.strike(.undoSeal(node)), at: now + pause)
        for other in nodes.indices where other != node {
            count(.sealCrash)
            crash(other, restartAfter: pause + World.restartTime)
        }
    }

    private static let restartTime: UInt64 = 50

    /// A node finds the disk of before the last commit.
    mutating func undoSeal(of node: Int) {
        guard mayLoseVotes(node), let backup = nodes[node].backup else { return }
        count(.rollback)
        crash(node, restartAfter: World.restartTime)
        nodes[node].disk = backup
        nodes[node].hasLostVotes = true
    }

    /// Draws who joins, leaves and changes keys, and when.
    mutating func scheduleChanges() {
        guard options.scenario.hasEpochs else { return }
        let founders = options.memberCount
        let first = Int(random.number(below: UInt64(founders)))
        // Whoever leaves could no longer change its key: others do.
        let changes: [(ToyChange.Kind, Int)] =
            switch options.scenario {
            case .traitorsAtSeal: [(.rotate, first)]
            case .sealAmnesia: (0..<6).map { (.rotate, (first + $0) % founders) }
            default:
                [
                    (.join, founders), (.rotate, first), (.leave, (first + 1) % founders),
                    (.join, founders + 1), (.rotate, founders), (.leave, (first + 2) % founders),
                ]
            }
        let chosen = changes.prefix(3 + Int(random.number(below: 4)))
        for (number, (kind, member)) in chosen.enumerated() {
            let change = ToyChange(
                kind: kind,
                member: member,
                founderCount: founders,
                approvals: honestApprovals
            )
            events.add(
                .submission(statements.count),
                at: random.number(below: plan.submissionMax)
            )
            let statement = ToyStatement(change, number: UInt64(number))
            statements.append(statement)
            oracle.approved.insert(statement)
        }
    }

    /// Counts a change that became final, once.
    mutating func countChanges(of commit: Commit) {
        for final in commit.proposals {
            let block = final.entry.payload.flatMap { ToyBlock($0) }
            for case let change? in block?.statements.map(\.change) ?? [] {
                switch change.kind {
                case .join: count(.join)
                case .leave: count(.leave)
                case .rotate: count(.rotation)
                }
            }
        }
    }
}

extension SimulatedNode {
    /// Goes on with the replica of the next epoch: what was under way belongs to the old one.
    mutating func begin(_ replica: Replica, order: [Int]) {
        self.replica = replica
        self.order = order
        fetch = nil
        life += 1
        effects = []
        nextEffect = 0
        inbox = pool.isEmpty ? [] : [.workAvailable(true)]
        nextInput = 0
        timers = [:]
    }
}
