internal import Consensus
internal import QuotaCrypto
import Votes

extension World {
    /// Starts a replica that was just made.
    mutating func boot(_ node: Int) {
        let life = nodes[node].life
        if nodes[node].isByzantine { takePen(node) }
        if defects.includes(.networkBeforeRecords) {
            events.add(.begin(node: node, life: life), at: now + 400)
        } else {
            nodes[node].inbox.append(.start)
        }
        let neighbours = others(than: nodes[node].member)
        offerState(of: node)
        let fetches = beginFetching(node)
        for other in neighbours
        where nodes[other].isUp && !fetches && !links.isClosed(node, other) {
            nodes[node].inbox.append(.connected(position(of: nodes[other].member, at: node)))
        }
        events.add(.push(node: node, life: life), at: now + 2_000)
        pump(node)
        for other in neighbours where !links.isClosed(node, other) {
            give(.connected(position(of: nodes[node].member, at: other)), to: other)
        }
    }

    /// Performs effects, each after the one before, and takes the next input when none is left.
    mutating func pump(_ node: Int) {
        while nodes[node].isUp, nodes[node].write == nil, now >= nodes[node].resumeTime,
            oracle.failure == nil
        {
            if let effect = nodes[node].takeEffect() {
                if phase == .safety, plan.crashPerEffect > 0,
                    random.number(below: 100_000) < plan.crashPerEffect
                {
                    count(.crashBetweenEffects)
                    crash(node, restartAfter: 100 + random.number(below: 4_000))
                    return
                }
                if isKilledForBuild(node) { return }
                perform(effect, of: node)
            } else if let input = nodes[node].takeInput() {
                judge(nodes[node].step(input, at: now), of: node)
            } else {
                return
            }
        }
    }

    /// What a step shows besides its effects.
    mutating func judge(_ outcome: SimulatedNode.StepOutcome, of node: Int) {
        if outcome.isLedBack {
            recoveryCount += 1
            let last = nodes[node].replica.abstainUpTo
            note("node \(node) abstains up to \(last)")
            if !nodes[node].isByzantine {
                oracle.seesRecovery(
                    of: nodes[node].member,
                    abstainingUpTo: last,
                    in: nodes[node].replica.configuration.epoch
                )
            }
        }
        if let broken = outcome.broken {
            oracle.fail(broken.rawValue, "not at member \(nodes[node].member)")
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
            send(message, from: node, to: others(than: nodes[node].member))
        case .send(let receiver, let message):
            let member = nodes[node].order[receiver]
            send(message, from: node, to: nodes.indices.filter { nodes[$0].member == member })
        case .setTimer(let timer, let delay):
            set(timer, of: node, after: delay)
        case .cancelTimer(let timer):
            nodes[node].timers[timer] = nil
        case .build(let request):
            if !nodes[node].isByzantine { lastActivity = now }
            let time = nodes[node].clock.wallTime(at: now)
            let plot = plot(by: node, on: request.parent)
            let body = nodes[node].build(request, time: time, plot: plot)
            if let body { countPlot(plot, in: body, of: node) }
            if body != nil, nodes[node].isSealed(request.parent) { count(.aboveSeal) }
            answer(.built(request, body), to: node)
        case .execute(let request):
            if !nodes[node].isByzantine { lastActivity = now }
            execute(request, by: node)
        case .load(let request):
            if case .seal = request.key { count(.handOff) }
            let entries = nodes[node].disk.load(request, servesGaps: nodes[node].servesGaps)
            answer(.loaded(request, entries), to: node)
        case .evidence(let pair): take(pair, from: node)
        case .alarm(let alarm): take(alarm, from: node)
        case .disconnect(let link, let reason):
            let member = nodes[node].order[link]
            guard !oracle.byzantine.contains(member), !nodes[node].isByzantine,
                !areOfDifferentEnds(node, member)
            else { break }
            if isForeign(reason, from: member) { return hangUp(node, member) }
            oracle.fail("no false blame", "member \(node) disconnects \(member): \(reason)")
        }
    }

    /// Whether an epoch ended in two ways for a node and a member: each follows another order of leaders.
    private func areOfDifferentEnds(_ node: Int, _ member: Int) -> Bool {
        oracle.isForkExpected && nodes[node].disk.applied.root != nodes[member].disk.applied.root
    }

    private mutating func take(_ pair: EvidencePair, from node: Int) {
        guard !nodes[node].isByzantine else { return }
        let accused = nodes[node].order[pair.member]
        note("node \(node) convicts member \(accused): \(pair.offence) in view \(pair.first.view)")
        if !oracle.byzantine.contains(accused) {
            oracle.fail("P10 evidence", "member \(node) accuses \(accused): \(pair.offence)")
        }
        guard defects.includes(.crashOnEquivocation) else { return }
        nodes[node].isStuck = true
        crash(node, restartAfter: 1_000)
    }

    private mutating func take(_ alarm: Alarm, from node: Int) {
        note("node \(node) raises an alarm: \(alarm)")
        oracle.alarmCount += 1
        guard !options.scenario.isFork, !nodes[node].isByzantine else { return }
        oracle.fail("no false alarm", "member \(node) raises an alarm: \(alarm)")
    }

    private mutating func execute(_ request: ExecuteRequest, by node: Int) {
        guard nodes[node].state(after: request.parent) != nil else {
            return oracle.fail(
                "reducer",
                "member \(node) executes on a state that it does not have"
            )
        }
        if defects.includes(.silentExecution), let block = ToyBlock(request.payload),
            !block.statements.contains(where: nodes[node].pool.contains)
        {
            return
        }
        let wallTime = nodes[node].clock.wallTime(at: now)
        let outcome = nodes[node].execute(request, wallTime: wallTime)
        if outcome == .valid, !nodes[node].isByzantine, let block = ToyBlock(request.payload),
            let parent = nodes[node].state(after: request.parent)
        {
            oracle.check(block, on: parent, "at member \(nodes[node].member)")
        }
        let isExcused =
            outcome == .validButUntimely
            || oracle.byzantine.contains(nodes[node].order[request.proposer])
            || (outcome == .mismatched && !oracle.byzantine.isEmpty)
        if outcome != .valid, !isExcused, !nodes[node].isByzantine {
            oracle.fail("no false blame", "member \(node) refuses a correct block: \(outcome)")
        }
        answer(.executed(request.id, outcome), to: node)
    }

    private mutating func answer(_ input: Input, to node: Int) {
        var delay = random.number(below: (phase == .whole ? 3 : plan.executionMax) + 1)
        if plan.slowMemberDelay > 0, node == slowMember { delay = plan.slowMemberDelay }
        if nodes[node].isSlow {
            delay = 20 * (delay + 5)
            count(.slowProcessor)
        }
        if delay > 10 { count(.slowExecution) }
        events.add(.answer(node: node, life: nodes[node].life, input), at: now + delay)
    }

    /// The first correct member, in runs where one is slow.
    var slowMember: Int? { nodes.firstIndex { $0.conduct == .correct } }

    private mutating func set(_ timer: Timer, of node: Int, after delay: UInt64) {
        switch timer {
        case .status: break
        // A liar can have itself asked, again and again.
        case .fetch: if oracle.byzantine.isEmpty { lastActivity = now }
        case .view, .echo, .standstill: if !nodes[node].isByzantine { lastActivity = now }
        }
        nodes[node].timerCount += 1
        let number = nodes[node].timerCount
        nodes[node].timers[timer] = number
        events.add(
            .timer(node: node, life: nodes[node].life, timer, number: number),
            at: now + nodes[node].clock.realDelay(delay)
        )
    }
}
