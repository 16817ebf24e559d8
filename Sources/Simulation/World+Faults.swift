internal import Consensus

extension World {
    /// Who stays bad for ever: at most f, or f + 1 where guilt is to be proven.
    ///
    /// Of all who are ever members: an epoch that is over must bear those who went bad since.
    mutating func drawConducts() -> [SimulatedNode.Conduct] {
        var conducts = [SimulatedNode.Conduct](
            repeating: .correct,
            count: World.identityCount(options)
        )
        let isFork = options.scenario.isFork
        let faulty = conducts.indices.shuffled(using: &random)
            .prefix(committee.faultyMax + (isFork ? 1 : 0))
        let mayDie = plan.includes(.deadForever)
        let mayLie =
            !plan.lies.isEmpty || plan.includes(.wrongGenesis)
            || plan.includes(.wrongKey)
        for (rank, member) in faulty.enumerated() {
            if plan.includes(.twins) && (isFork || !mayLie || random.number(below: 3) == 0) {
                conducts[member] = .twin
            } else if mayLie && (!mayDie || rank.isMultiple(of: 2)) {
                conducts[member] = .liar
            } else if mayDie {
                conducts[member] = .dead
            }
        }
        return conducts
    }

    /// A liar has up to three ways of lying.
    mutating func drawLies() -> [Fault] {
        var lies = Array(plan.lies.shuffled(using: &random).prefix(plan.isFull ? 8 : 3))
        if let other = [Fault.wrongGenesis, .wrongKey].first(where: plan.includes) {
            lies.append(other)
            count(other)
        }
        lies += [.badPart, .forkedSnapshot].filter(plan.includes)
        return lies
    }

    /// Draws the faults of the run.
    mutating func scheduleFaults() {
        for node in nodes.indices where nodes[node].conduct == .dead {
            let time = plan.isFull ? 0 : random.number(below: plan.healTime)
            events.add(.strike(.crash(node, restartAfter: .max)), at: time)
        }
        if nodes.contains(where: { $0.conduct == .twin }) {
            // The halves must have most of an epoch in common, where they are to differ in its end.
            let start = options.scenario == .traitorsAtSeal ? random.number(below: 4_000) : 0
            events.add(.strike(.splitTwins), at: start)
        }
        if options.scenario == .laggards { return scheduleLags() }
        scheduleNetworkFaults()
        scheduleProcessFaults()
        scheduleDiskFaults()
    }

    /// Again and again: the slow member is cut off, comes back, joins in giving up a view before it
    /// has what is final, and crashes, while another one has lost its votes.
    private mutating func scheduleLags() {
        guard let slow = slowMember else { return }
        for start in stride(from: 2_000, to: plan.healTime - 8_000, by: 6_000) {
            let begin = UInt64(start) + random.number(below: 1_000)
            let end = begin + 1_500 + random.number(below: 2_000)
            let loser =
                (slow + 1 + Int(random.number(below: UInt64(nodes.count - 1)))) % nodes.count
            let strikes: [(UInt64, Strike)] = [
                (begin, .isolate(slow)), (end, .mend),
                (end + random.number(below: 400), .cutOffLeader),
                (end - random.number(below: 1_500), .disk(loser, .lostDisk)),
                (
                    end + 500 + random.number(below: 3_000),
                    .crash(slow, restartAfter: 50 + random.number(below: 300))
                ),
            ]
            for (time, strike) in strikes { events.add(.strike(strike), at: time) }
        }
    }

    private mutating func scheduleNetworkFaults() {
        schedule(.partition, upTo: 3) { _ in .part(groups: 2, oneWay: false) }
        schedule(.oneWayPartition, upTo: 3) { _ in .part(groups: 2, oneWay: true) }
        schedule(.threeWayPartition, upTo: 2) { _ in .part(groups: 3, oneWay: false) }
        schedule(.leaderCut, upTo: 4) { _ in .cutOffLeader }
        schedule(.flappingLink, upTo: 4) { world in
            let (one, other) = world.twoNodes()
            return .flap(one, other, rounds: 12)
        }
        schedule(.slowLink, upTo: 3) { world in .slowLinks(of: world.anyNode()) }
        schedule(.clog, upTo: 3) { world in
            let end = world.random.number(below: world.plan.healTime)
            return .clog(of: world.anyNode(), until: end)
        }
        schedule(.halfOpen, upTo: 4) { world in
            let (one, other) = world.twoNodes()
            return .halfOpen(one, other)
        }
        schedule(.slowReader, upTo: 3) { world in .slowReader(world.anyNode()) }
        schedule(.swizzleClog, upTo: 2) { _ in .swizzle }
        schedule(.replay, upTo: 3) { _ in .replay }
    }

    private mutating func scheduleProcessFaults() {
        schedule(.crash, upTo: 6) { world in
            .crash(world.anyNode(), restartAfter: 50 + world.random.number(below: 8_000))
        }
        let isAmnesia = options.scenario == .amnesia
        let often: UInt64 = plan.isFull ? 8 : 2
        schedule(.crashOfAll, upTo: isAmnesia ? 3 : often) { world in
            .crashOfAll(losing: isAmnesia ? world.anyNode() : nil)
        }
        schedule(.pause, upTo: 4) { world in
            .pause(world.anyNode(), for: 500 + world.random.number(below: 5_000))
        }
        schedule(.slowProcessor, upTo: 2) { world in
            .slowDown(world.anyNode(), for: 2_000 + world.random.number(below: 8_000))
        }
        for fault in [Fault.drift, .jump, .stuck, .skew, .leap] {
            schedule(fault, upTo: 3) { world in .clock(world.anyNode(), fault) }
        }
    }

    private mutating func scheduleDiskFaults() {
        let perNode: [Fault] = [
            .crashAfterPersist, .crashInCommit, .syncError, .fullDisk, .stalledDisk, .lostDisk,
            .rollback, .rollback, .unsyncedWrites, .bitRot, .misdirectedWrite, .misdirectedRead,
            .unreadableSector,
        ]
        for fault in perNode {
            schedule(fault, upTo: plan.isLossRepeated ? 12 : 3) { world in
                .disk(world.anyNode(), fault)
            }
        }
    }

    private mutating func schedule(
        _ fault: Fault,
        upTo countMax: UInt64,
        _ strike: (inout World) -> Strike
    ) {
        guard plan.includes(fault) else { return }
        for _ in 0...random.number(below: countMax) {
            let time = random.number(below: plan.healTime)
            events.add(.strike(strike(&self)), at: time)
        }
    }

    private mutating func anyNode() -> Int {
        Int(random.number(below: UInt64(nodes.count)))
    }

    private mutating func twoNodes() -> (Int, Int) {
        let one = anyNode()
        return (one, (one + 1 + anyNode()) % nodes.count)
    }
}
