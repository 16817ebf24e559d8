internal import Consensus
internal import QuotaCrypto

extension World {
    /// Starts a replica that was just made.
    mutating func boot(_ node: Int) {
        nodes[node].inbox.append(.start)
        for other in nodes.indices where other != node && nodes[other].isUp {
            nodes[node].inbox.append(.connected(other))
        }
        events.add(.push(node: node, life: nodes[node].life), at: now + 2_000)
        pump(node)
        for other in nodes.indices where other != node { give(.connected(node), to: other) }
    }

    /// Performs effects, each after the one before, and takes the next input when none is left.
    mutating func pump(_ node: Int) {
        while nodes[node].isUp, nodes[node].write == nil, now >= nodes[node].resumeTime,
            oracle.failure == nil
        {
            if let effect = nodes[node].takeEffect() {
                if !isHealed, plan.crashPerEffect > 0,
                    random.number(below: 100_000) < plan.crashPerEffect
                {
                    count(.crashBetweenEffects)
                    crash(node, restartAfter: 100 + random.number(below: 4_000))
                    return
                }
                perform(effect, of: node)
            } else if let input = nodes[node].takeInput() {
                nodes[node].effects = nodes[node].replica.step(input, now: now)
                nodes[node].replica.checkInvariants { oracle.fail("member \(node): \($0)") }
            } else {
                return
            }
        }
    }

    private mutating func perform(_ effect: Effect, of node: Int) {
        fingerprint.add(now)
        fingerprint.add(UInt64(node))
        switch effect {
        case .persist(let records):
            write(.records(records), of: node)
        case .commit(let commit):
            note("node \(node) commits \(commit.tip.block.height) in view \(commit.tip.view)")
            write(.commit(commit), of: node)
        case .broadcast(let message):
            send(message, from: node, to: nodes.indices.filter { $0 != node })
        case .send(let receiver, let message):
            send(message, from: node, to: [receiver])
        case .setTimer(let timer, let delay):
            if timer != .status { lastActivity = now }
            set(timer, of: node, after: delay)
        case .cancelTimer(let timer):
            nodes[node].timers[timer] = nil
        case .build(let request):
            lastActivity = now
            answer(.built(request, nodes[node].build(request)), to: node)
        case .execute(let request):
            lastActivity = now
            execute(request, by: node)
        case .load(let request):
            answer(.loaded(request, nodes[node].disk.load(request)), to: node)
        case .evidence(let pair):
            if !nodes[pair.member].isByzantine {
                oracle.fail("member \(node) accuses \(pair.member): \(pair.offence)")
            }
        case .alarm(let alarm):
            oracle.fail("member \(node) raises an alarm: \(alarm)")
        case .disconnect(let member, let reason):
            oracle.fail("member \(node) disconnects \(member): \(reason)")
        }
    }

    private mutating func execute(_ request: ExecuteRequest, by node: Int) {
        guard nodes[node].state(after: request.parent) != nil else {
            return oracle.fail("member \(node) is to execute on a state that it does not have")
        }
        let outcome = nodes[node].execute(request)
        if outcome != .valid {
            oracle.fail("member \(node) refuses a block of a correct member: \(outcome)")
        }
        answer(.executed(request.id, outcome), to: node)
    }

    private mutating func answer(_ input: Input, to node: Int) {
        let delay = random.number(below: plan.executionMax + 1)
        if delay > 10 { count(.slowExecution) }
        events.add(.answer(node: node, life: nodes[node].life, input), at: now + delay)
    }

    private mutating func set(_ timer: Timer, of node: Int, after delay: UInt64) {
        nodes[node].timerCount += 1
        let number = nodes[node].timerCount
        nodes[node].timers[timer] = number
        events.add(
            .timer(node: node, life: nodes[node].life, timer, number: number),
            at: now + delay
        )
    }

    private mutating func write(_ write: SimulatedNode.Write, of node: Int) {
        lastActivity = now
        nodes[node].write = write
        let delay = random.number(below: (isHealed ? 2 : plan.writeMax) + 1)
        if delay > 4 { count(.slowDisk) }
        events.add(.written(node: node, life: nodes[node].life), at: now + delay)
    }

    mutating func finishWrite(of node: Int) {
        guard let write = nodes[node].write else { return }
        nodes[node].write = nil
        apply(write, of: node)
        pump(node)
    }

    /// What the disk holds once a write has come through, or has by luck before a crash.
    mutating func apply(_ write: SimulatedNode.Write, of node: Int) {
        switch write {
        case .records(let records):
            nodes[node].disk.write(records)
        case .commit(let commit):
            guard let state = nodes[node].state(after: commit.tip.block) else {
                return oracle.fail("member \(node) commits a state that it does not have")
            }
            if !nodes[node].isByzantine {
                oracle.sees(commit, by: node, parent: nodes[node].disk.applied.block)
            }
            nodes[node].disk.write(commit, state: state)
            nodes[node].settle(commit)
        }
    }
}
