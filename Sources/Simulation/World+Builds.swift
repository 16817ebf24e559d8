internal import CBOR
internal import Consensus

/// A build of the program that a node runs.
///
/// The rules of the protocol are the same in all; how long a node waits and how much it keeps is a
/// matter of each.
struct ToyBuild: Sendable {
    /// What it says of other kinds of message.
    enum Wire: Sendable {
        /// It knows the same ones.
        case same
        /// Its hello names another version: who names an older one hangs up, and it does too.
        case otherVersion
        /// It sends a kind that older ones do not know, under the same version.
        case unknownKind
    }

    var timeouts = Timeouts(viewBase: 1_000)
    var limits = Limits()
    var jitter: UInt64 = 0
    var wire = Wire.same

    /// The build that all begin with.
    init(_ plan: FaultPlan) {
        timeouts.recoveryWalkPause = plan.walkPause
        timeouts.viewMax = plan.patienceMax
    }

    /// The next one: patience half or twice as long, and bounds of its own.
    init(after old: ToyBuild, mayDiffer: Bool, random: inout SeededRandom) {
        func draw(_ range: ClosedRange<UInt64>) -> UInt64 {
            UInt64.random(in: range, using: &random)
        }
        timeouts = Timeouts(viewBase: draw(500...2_000))
        timeouts.recoveryWalkPause = old.timeouts.recoveryWalkPause
        timeouts.viewMax = draw(old.timeouts.viewMax / 2...old.timeouts.viewMax)
        timeouts.statusBusy = draw(500...2_000)
        timeouts.statusIdle = draw(5_000...20_000)
        timeouts.fetchRetry = draw(250...1_000)
        timeouts.fetchRetryMax = draw(10_000...60_000)
        timeouts.leaderInactive = draw(15_000...60_000)
        timeouts.bundlePause = draw(1_000...2_000)
        timeouts.recoveryPause = draw(250...1_000)
        timeouts.help = draw(60_000...120_000)
        limits.viewWindow = draw(32...128)
        limits.evidenceViews = draw(64...256)
        limits.evidencePerMemberMax = Int(draw(4...16))
        limits.bundleBytesMax = Int(draw(4 << 10...128 << 10))
        limits.catchUpBytesMax = Int(draw(4 << 10...32 << 20))
        jitter = draw(1...1 << 30)
        let wires: [Wire] = [.same, .same, .otherVersion, .unknownKind]
        wire = mayDiffer ? wires[Int(draw(0...3))] : .same
    }

    /// Whether the hellos of two builds name one version.
    func speaks(with other: ToyBuild) -> Bool {
        (wire == .otherVersion) == (other.wire == .otherVersion)
    }
}

extension World {
    /// The build that a node runs, or is about to start with.
    func build(of node: Int) -> ToyBuild {
        builds[nodes.indices.contains(node) ? nodes[node].buildNumber : 0]
    }

    /// One node after the other is to run another build; then some go back to the old one.
    mutating func scheduleUpgrades() {
        guard plan.includes(.upgrade) else { return }
        builds.append(
            ToyBuild(after: builds[0], mayDiffer: plan.includes(.otherWire), random: &random)
        )
        let order = nodes.indices.shuffled(using: &random)
        let pace = plan.healTime / UInt64(nodes.count)
        var time = random.number(below: plan.healTime / 4)
        for node in order {
            events.add(.strike(.replace(node, build: 1)), at: time)
            time += random.number(below: pace)
        }
        guard plan.includes(.buildRollback) else { return }
        for node in order.prefix(1 + Int(random.number(below: UInt64(order.count)))) {
            time += random.number(below: pace)
            events.add(.strike(.replace(node, build: 0)), at: time % plan.healTime)
        }
    }

    /// A node is to be killed before one of its next effects, and to start as another build.
    mutating func replace(_ node: Int, by build: Int) {
        nodes[node].replacement = (build, Int(random.number(below: 12)))
    }

    /// Whether this effect is the one before which a node is killed for another build.
    mutating func isKilledForBuild(_ node: Int) -> Bool {
        guard let (build, count) = nodes[node].replacement, phase == .safety else { return false }
        nodes[node].replacement = (build, count - 1)
        guard count <= 0 else { return false }
        crash(node, restartAfter: 50 + random.number(below: 2_000))
        return true
    }

    /// A node starts as the build that was installed meanwhile.
    mutating func install(on node: Int) {
        guard let (build, _) = nodes[node].replacement else { return }
        nodes[node].replacement = nil
        guard build != nodes[node].buildNumber else { return }
        count(build > nodes[node].buildNumber ? .upgrade : .buildRollback)
        nodes[node].buildNumber = build
        note("node \(node) starts as build \(build)")
        for other in nodes.indices where nodes[other].member != nodes[node].member {
            let isClosed = !self.build(of: node).speaks(with: self.build(of: other))
            if isClosed { count(.otherWire) }
            links.close(node, other, isClosed)
        }
    }

    /// Where builds cannot speak with each other, an upgrade ends when the faults do.
    mutating func finishUpgrade(of node: Int) {
        guard let last = builds.indices.last, last > 0 else { return }
        if builds[last].wire == .otherVersion { nodes[node].replacement = (last, 0) }
        guard let (build, _) = nodes[node].replacement, build != nodes[node].buildNumber else {
            return
        }
        crash(node, restartAfter: 1)
    }

    // MARK: - Messages of a later build

    /// A message of a kind that does not exist yet.
    private static let unknownMessage = CBORValue.array([.unsigned(99), .unsigned(0)]).encoded()

    /// A later build tells older ones something that they cannot read.
    mutating func speakAhead(_ node: Int, to receivers: [Int]) {
        guard phase == .safety, build(of: node).wire == .unknownKind,
            random.number(below: 8) == 0
        else { return }
        let older = receivers.filter { nodes[$0].buildNumber != nodes[node].buildNumber }
        guard !older.isEmpty else { return }
        count(.otherWire)
        post(Letter(receivers: older, bytes: World.unknownMessage), from: node)
    }

    /// Whether a member is refused for what only a later build says: the wire has no room for such a
    /// thing, and whoever sends it is hung up on, honest or not.
    func isForeign(_ reason: Rejection, from member: Int) -> Bool {
        guard case .malformed(let error) = reason,
            builds.contains(where: { $0.wire == .unknownKind }),
            nodes.contains(where: { $0.member == member && !$0.isByzantine })
        else { return false }
        do {
            _ = try Message.decode(World.unknownMessage)
            return false
        } catch let expected { return error == expected }
    }

    /// The connection ends, and one side dials again.
    mutating func hangUp(_ node: Int, _ member: Int) {
        for other in nodes.indices where nodes[other].member == member {
            links.close(node, other)
            let pause = 100 + random.number(below: 4_900)
            events.add(.strike(.redial(node, other)), at: now + pause)
        }
    }

    /// Two nodes that hung up speak again, unless their builds cannot.
    mutating func redial(_ one: Int, _ other: Int) {
        guard build(of: one).speaks(with: build(of: other)) else { return }
        links.close(one, other, false)
        guard nodes[one].isUp, nodes[other].isUp else { return }
        give(.connected(position(of: nodes[other].member, at: one)), to: one)
        give(.connected(position(of: nodes[one].member, at: other)), to: other)
    }
}
