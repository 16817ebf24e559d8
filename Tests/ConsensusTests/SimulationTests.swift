import Simulation
import Testing

/// Whole clusters under faults.
///
/// `quota-sim run` does the same for thousands of seeds.
struct SimulationTests {
    @Test(arguments: UInt64(1)...30)
    func `every promise is kept`(seed: UInt64) {
        let members = seed.isMultiple(of: 2) ? 4 : 7
        let result = simulate(SeedOptions(seed: seed, memberCount: members))
        #expect(
            result.failure == nil,
            "repeat with: quota-sim run --seed \(seed) --members \(members) --trace"
        )
        #expect(result.blockCount > 0)
    }

    @Test func `with real signatures too`() {
        // Seeds that are multiples of 100 use Ed25519.
        let result = simulate(SeedOptions(seed: 100, memberCount: 4))
        #expect(result.failure == nil)
    }

    @Test func `the same seed gives the same run`() {
        let options = SeedOptions(seed: 7, memberCount: 7)
        let first = simulate(options)
        let second = simulate(options)
        #expect(first.fingerprint == second.fingerprint)
        #expect(first.eventCount == second.eventCount)
        #expect(simulate(SeedOptions(seed: 8, memberCount: 7)).fingerprint != first.fingerprint)
    }

    @Test func `tracing changes nothing`() {
        let silent = simulate(SeedOptions(seed: 9, memberCount: 4))
        let traced = simulate(SeedOptions(seed: 9, memberCount: 4, isTraced: true))
        #expect(traced.fingerprint == silent.fingerprint)
        #expect(!traced.trace.isEmpty)
    }

    /// A simulator that cannot fail proves nothing: broken rules must be noticed.
    @Test(arguments: [
        "one-notarize-per-view", "no-finalize-after-nullify", "skip-proofs",
        "proposal-durable-first",
    ])
    func `a broken rule is noticed within 40 seeds`(rule: String) {
        #expect(SeedOptions.ruleNames.contains(rule))
        let noticed = (UInt64(1)...40).contains { seed in
            let options = SeedOptions(
                seed: seed,
                memberCount: seed.isMultiple(of: 2) ? 4 : 7,
                brokenRules: [rule]
            )
            return simulate(options).failure != nil
        }
        #expect(noticed)
    }
}
