internal import Consensus
internal import QuotaCrypto

extension World {
    /// Anything goes until the healing; then a core must do its work without the rest, then all who
    /// can be healed must catch up and fall silent.
    mutating func runPhases() -> EvidenceReport? {
        while phase == .safety, handleNext() {}
        if options.scenario.isFork { return judge() }
        runUntil(within: World.livenessBound, "L1 liveness", "statements are not settled") {
            $0.now > $0.plan.submissionMax && $0.statements.allSatisfy($0.isResolved)
        }
        runUntil(within: World.catchUpBound, "L3 catch-up", "the core is not level") {
            $0.areLevel(without: $0.outcasts)
        }
        if oracle.failure == nil { healWhole() }
        runUntil(within: World.catchUpBound, "L3 catch-up", "a live node does not catch up") {
            $0.areLevel(without: [])
        }
        runUntil(within: World.restBound, "2.9 recovery ends", "a member abstains for ever") {
            $0.areAllVoting
        }
        checkSilence()
        if !areLevel(without: []) { oracle.fail("L3 catch-up", "nodes are not level at rest") }
        checkAtRest()
        return nil
    }

    private static let livenessBound: UInt64 = 600_000
    private static let catchUpBound: UInt64 = 180_000
    private static let restBound: UInt64 = 180_000
    private static let quiet: UInt64 = 25_000
    private static let idleTime: UInt64 = 60_000

    private mutating func runUntil(
        within bound: UInt64,
        _ promise: String,
        _ complaint: String,
        _ condition: (World) -> Bool
    ) {
        let deadline = max(now, plan.healTime) + bound
        while oracle.failure == nil, !condition(self) {
            if now > deadline { return oracle.fail(promise, complaint) }
            for _ in 0..<8 where now <= deadline {
                guard handleNext() else { return }
            }
            checkBounds()
        }
    }

    /// P12: what one peer can make a node hold; L5: views that pass without anything final.
    private mutating func checkBounds() {
        let node = Int(eventCount / 8 % UInt64(nodes.count))
        guard nodes[node].conduct == .correct, nodes[node].isUp else { return }
        let held = nodes[node].replica.footprint
        let (view, final) = (nodes[node].replica.view, nodes[node].replica.finalized.view)
        let distance = view - final
        if UInt64(held.rounds) > 256 + 2 * 128 + distance
            || UInt64(held.candidates) > 16 + 3 * (distance + 8)
            || UInt64(held.questions) > 16 + 3 * (distance + 8)
            || held.evidence > 16 * committee.count
        {
            oracle.fail("P12 bounded", "member \(nodes[node].member) holds \(held)")
        }
        let base = max(final, viewAtHealing)
        if phase != .safety, view > base + plan.fruitlessViewsMax {
            oracle.fail("L5 no livelock", "\(distance) views without anything final")
        }
    }

    /// All correct live nodes stand on the same final block.
    private func areLevel(without excluded: Set<Int>) -> Bool {
        nodes.indices.allSatisfy { node in
            nodes[node].conduct != .correct || excluded.contains(node)
                || (nodes[node].isUp && nodes[node].disk.applied.block == oracle.state.block)
        }
    }

    /// An idle cluster comes to rest and stays there.
    ///
    /// A liar that leads may propose as late as it likes, and what it says may reach the others later still; each such
    /// view must end in rest again.
    private mutating func checkSilence() {
        for _ in 0...2 * oracle.byzantine.count {
            runUntil(within: World.restBound, "L2 idle", "the cluster does not come to rest") {
                $0.now > $0.lastActivity + World.quiet
            }
            let rest = now
            runUntil(within: World.idleTime + 1, "L2 idle", "time stands still") {
                $0.now >= rest + World.idleTime || $0.lastActivity > rest
            }
            guard lastActivity > rest else { return }
        }
        oracle.fail("L2 idle", "something moves without work")
    }

    /// No correct member abstains any more.
    private var areAllVoting: Bool {
        nodes.indices.allSatisfy { nodes[$0].conduct != .correct || !nodes[$0].isWeak }
    }

    /// A quorum of members heals; up to f that could heal do not yet, so that nobody waits for them.
    mutating func healCore() {
        note("the core heals")
        phase = .core
        viewAtHealing = highestView
        if plan.includes(.outcast) {
            let room = committee.faultyMax - min(committee.faultyMax, weakCount())
            let strong = nodes.indices.filter { !nodes[$0].isWeak }
            outcasts = Set(strong.shuffled(using: &random).prefix(room))
            for node in outcasts.sorted() { events.add(.strike(.torment(node)), at: now) }
        }
        heal(nodes.indices.filter { !outcasts.contains($0) })
    }

    /// From here on only what is wrong for ever is wrong.
    private mutating func healWhole() {
        note("everything heals")
        phase = .whole
        let healed = outcasts.sorted()
        outcasts = []
        heal(healed)
    }

    private mutating func heal(_ healed: [Int]) {
        links.mend()
        if !options.scenario.isFork { deafness = [] }
        for node in healed {
            nodes[node].resumeTime = 0
            nodes[node].isSlow = false
            nodes[node].fullUntil = 0
            nodes[node].failsNextSync = false
            nodes[node].stallsNextWrite = false
            nodes[node].diesAfterWrite = false
            nodes[node].diesInCommit = false
            nodes[node].clock.repair(at: now)
            // A write that only seemed durable is durable by now.
            nodes[node].shadow = nil
            finishUpgrade(of: node)
            restart(node)
            pump(node)
        }
    }

    /// P9: what a client was told is final is final on every node.
    private mutating func checkAtRest() {
        for node in nodes.indices where nodes[node].conduct == .correct {
            guard oracle.acknowledged.isSubset(of: nodes[node].disk.applied.admitted) else {
                return oracle.fail("P9 receipts stay valid", "node \(node) lacks a receipt")
            }
        }
        checkPace()
    }

    /// 2.14 lesson 1: without faults a block needs hardly more than one view.
    private mutating func checkPace() {
        guard options.scenario == .calm else { return }
        let views = highestView
        if views > 3 * UInt64(oracle.chain.count) + 8 {
            oracle.fail("L4 views per block", "\(views) views for \(oracle.chain.count) blocks")
        }
    }
}
