internal import Consensus

extension World {
    /// A fault at a time.
    enum Strike: Sendable {
        case crash(Int, restartAfter: UInt64)
        case crashOfAll
        case restart(Int)
        case partition(oneWay: Bool)
        case cutOffLeader
        case mend
        case pause(Int, for: UInt64)
    }

    /// Draws the faults of the run.
    mutating func scheduleFaults() {
        drawFaultyMembers()
        schedule(.crash, upTo: 6) { world in
            .crash(world.anyNode(), restartAfter: 50 + world.random.number(below: 8_000))
        }
        schedule(.crashOfAll, upTo: 2) { _ in .crashOfAll }
        schedule(.partition, upTo: 3) { _ in .partition(oneWay: false) }
        schedule(.oneWayPartition, upTo: 3) { _ in .partition(oneWay: true) }
        schedule(.leaderCut, upTo: 4) { _ in .cutOffLeader }
        schedule(.pause, upTo: 4) { world in
            .pause(world.anyNode(), for: 500 + world.random.number(below: 5_000))
        }
    }

    /// At most f members stay bad for ever: dead, or telling different members different things.
    private mutating func drawFaultyMembers() {
        let faulty = nodes.indices.shuffled(using: &random).prefix(committee.faultyMax)
        for (rank, node) in faulty.enumerated() {
            let mayDie = plan.includes(.deadForever)
            let mayLie = plan.includes(.equivocation)
            if mayLie && (!mayDie || rank.isMultiple(of: 2)) {
                nodes[node].isByzantine = true
            } else if mayDie {
                nodes[node].isDeadForever = true
                let time = random.number(below: plan.healTime)
                events.add(.strike(.crash(node, restartAfter: .max)), at: time)
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

    mutating func perform(_ strike: Strike) {
        switch strike {
        case .restart(let node): return restart(node)
        case .mend: return mend()
        default: break
        }
        guard !isHealed else { return }
        note("\(strike)")
        switch strike {
        case .crash(let node, let pause):
            count(nodes[node].isDeadForever ? .deadForever : .crash)
            crash(node, restartAfter: pause)
        case .crashOfAll:
            count(.crashOfAll)
            for node in nodes.indices {
                crash(node, restartAfter: 50 + random.number(below: 3_000))
            }
        case .partition(let isOneWay): partition(isOneWay: isOneWay)
        case .cutOffLeader: cutOffLeader()
        case .pause(let node, let duration):
            count(.pause)
            nodes[node].resumeTime = now + duration
            events.add(.resume(node: node), at: now + duration)
        case .restart, .mend: break
        }
    }

    /// Stops a node at once; what it was writing may or may not have reached the disk.
    mutating func crash(_ node: Int, restartAfter pause: UInt64) {
        guard nodes[node].isUp else { return }
        if let write = nodes[node].write {
            if plan.includes(.lostWrite), random.number(below: 2) == 0 {
                count(.lostWrite)
            } else {
                apply(write, of: node)
            }
        }
        note("node \(node) crashes")
        nodes[node].die()
        guard !nodes[node].isDeadForever else { return }
        events.add(.strike(.restart(node)), at: now + pause)
    }

    private mutating func restart(_ node: Int) {
        guard !nodes[node].isUp, !nodes[node].isDeadForever else { return }
        let disk = nodes[node].disk
        guard let replica = makeReplica(of: node, restoring: disk.restorable) else { return }
        oracle.seesRestart(of: node, height: disk.applied.block.height)
        if replica.finalized.block != disk.applied.block {
            oracle.fail("member \(node): replica and ledger differ in height after a crash")
        }
        nodes[node].replica = replica
        nodes[node].isUp = true
        nodes[node].resumeTime = 0
        note("node \(node) restarts in view \(replica.view)")
        boot(node)
    }

    /// Two groups that do not hear each other, or of which one does not hear the other.
    private mutating func partition(isOneWay: Bool) {
        count(isOneWay ? .oneWayPartition : .partition)
        let isInFirst = nodes.indices.map { _ in random.number(below: 2) == 0 }
        for sender in nodes.indices {
            for receiver in nodes.indices where isInFirst[sender] != isInFirst[receiver] {
                cut[sender * nodes.count + receiver] = isInFirst[sender] || !isOneWay
            }
        }
        scheduleMending()
    }

    private mutating func cutOffLeader() {
        count(.leaderCut)
        let leader = committee.leader(of: nodes.map(\.replica.view).max() ?? 1)
        for other in nodes.indices where other != leader {
            cut[leader * nodes.count + other] = true
            cut[other * nodes.count + leader] = true
        }
        scheduleMending()
    }

    private mutating func scheduleMending() {
        events.add(.strike(.mend), at: now + 500 + random.number(below: 9_000))
    }

    private mutating func mend() {
        cut = cut.map { _ in false }
    }

    /// From here on only the dead stay dead.
    mutating func heal() {
        note("healed")
        isHealed = true
        mend()
        for node in nodes.indices {
            nodes[node].resumeTime = 0
            restart(node)
            pump(node)
        }
    }
}
