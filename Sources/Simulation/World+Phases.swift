internal import Consensus

extension World {
    /// Anything goes until the healing; then every statement must be settled, every node catch up,
    /// and all fall silent.
    mutating func safetyAndLiveness() {
        while !isHealed, handleNext() {}
        runUntil(within: World.livenessBound, "liveness: statements are not settled") { world in
            world.now > world.plan.healTime + 3_000
                && world.statements.allSatisfy(world.isResolved)
        }
        runUntil(within: World.catchUpBound, "a live node does not catch up") { world in
            world.areLevel
        }
        runUntil(within: World.restBound, "idle: the cluster does not come to rest") { world in
            world.now > world.lastActivity + World.quiet
        }
        let rest = now
        runUntil(within: World.idleTime + 1, "") { world in
            world.now >= rest + World.idleTime || world.lastActivity > rest
        }
        if lastActivity > rest { oracle.fail("idle: something moves without work") }
        if !areLevel { oracle.fail("idle: nodes are not level") }
    }

    private static let livenessBound: UInt64 = 600_000
    private static let catchUpBound: UInt64 = 120_000
    private static let restBound: UInt64 = 120_000
    private static let quiet: UInt64 = 25_000
    private static let idleTime: UInt64 = 60_000
    private static let eventCountMax: UInt64 = 5_000_000

    private mutating func runUntil(
        within bound: UInt64,
        _ complaint: String,
        _ condition: (World) -> Bool
    ) {
        let deadline = max(now, plan.healTime) + bound
        while oracle.failure == nil, !condition(self) {
            if now > deadline || eventCount > World.eventCountMax { return oracle.fail(complaint) }
            guard handleNext() else { return }
        }
    }

    /// All correct live nodes stand on the same final block.
    private var areLevel: Bool {
        nodes.allSatisfy {
            $0.isDeadForever || $0.isByzantine
                || ($0.isUp && $0.disk.applied.block == oracle.state.block)
        }
    }
}

/// Runs one seed.
package func simulate(_ options: SeedOptions) -> SeedResult {
    var world = World(options: options)
    return world.run()
}
