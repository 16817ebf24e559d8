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
    }

    @Test(arguments: Scenario.allCases)
    func `every kind of world keeps its promises`(scenario: Scenario) {
        for seed in UInt64(1)...6 {
            let members = seed.isMultiple(of: 2) ? 4 : 7
            let result = simulate(
                SeedOptions(seed: seed, memberCount: members, scenario: scenario)
            )
            #expect(result.failure == nil, "seed \(seed)")
        }
    }

    @Test func `faults of sets, builds and deadlines strike`() {
        var campaign = Campaign()
        for seed: UInt64 in [60, 66, 158] {
            campaign.add(simulate(SeedOptions(seed: seed, memberCount: 4, scenario: .epochs)))
        }
        #expect(campaign.failures.isEmpty)
        let struck = campaign.faultCounts.kinds
        for fault in [
            Fault.colludingRemoval, .upgrade, .buildRollback, .otherWire, .expired,
            .expiredInBlock, .slowReader,
        ] {
            #expect(struck.contains(fault), "\(fault)")
        }
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

    /// A simulator that cannot fail proves nothing: `quota-sim mutants` hunts all of them.
    @Test(arguments: [
        "no-finalize-after-nullify", "network-before-records", "silent-execution", "echo-waits",
        "one-notarize-per-view", "recovery-is-work", "crash-on-equivocation",
        "votes-count-per-proposal", "certificates-heal-splits", "fetch-asks-around",
        "leader-must-propose", "open-votes-survive-commit", "stale-records-ignored",
        "minority-changes-set", "expired-statements-pass",
    ])
    func `a mutant is noticed within 40 seeds`(rule: String) throws {
        let mutant = try #require(Mutant.all.first { $0.rule == rule })
        #expect((UInt64(1)...40).contains { simulate(mutant.options(seed: $0)).failure != nil })
    }

    @Test func `there is a mutant for every rule, and a rule for every mutant`() {
        let rules = Mutant.all.map(\.rule)
        #expect(rules.sorted() == SeedOptions.ruleNames.sorted())
    }

    @Test func `a failing run is made plainer and still fails`() throws {
        let mutant = try #require(Mutant.all.first { $0.rule == "no-finalize-after-nullify" })
        let failure = try #require(
            (UInt64(1)...40).lazy.map { simulate(mutant.options(seed: $0)) }
                .first { $0.failure != nil }
        )
        let plain = minimized(failure)
        #expect(plain.failure != nil)
        #expect(!plain.trace.isEmpty)
        #expect(plain.faultCounts.kinds.count <= failure.faultCounts.kinds.count)
    }

    @Test func `sums survive their record`() throws {
        var campaign = Campaign()
        for seed in UInt64(1)...3 {
            campaign.add(simulate(SeedOptions(seed: seed, memberCount: 4)))
        }
        let read = try #require(Campaign(record: campaign.record))
        #expect(read.record == campaign.record)
        #expect(Campaign(record: campaign.record.dropLast(9)) == nil)
    }
}

/// Members that run twice with one key.
struct TwinsTests {
    @Test func `every scenario of three rounds that begins alike keeps all promises`() {
        let options = TwinsOptions(roundCount: 3)
        for beginning in options.beginnings.filter({ $0.partitions[0] == 5 }).prefix(24) {
            let result = exploreTwins(options, from: beginning)
            #expect(result.failures.isEmpty)
            #expect(result.scenarioCount == 16)
        }
    }

    @Test func `random scenarios of two twins among seven do too`() {
        let options = TwinsOptions(memberCount: 7, twinCount: 2, roundCount: 6)
        for seed in UInt64(1)...40 {
            #expect(randomTwins(options, seed: seed).failures.isEmpty, "seed \(seed)")
        }
    }

    @Test func `broken voting rules are noticed`() {
        for rule in ["no-finalize-after-nullify", "one-notarize-per-view"] {
            let options = TwinsOptions(memberCount: 4, roundCount: 6, brokenRules: [rule])
            #expect(
                (UInt64(1)...3_000).contains { !randomTwins(options, seed: $0).failures.isEmpty },
                "\(rule)"
            )
        }
    }
}
