/// A historical bug, kept to prove that the simulator would find it again (section 3.4).
package struct Mutant: Sendable {
    /// The rule that it breaks.
    package let rule: String
    /// Where it was found first: M1 to M20 of section 3.4, or a rule of the protocol.
    package let origin: String
    /// The kind of world in which it shows.
    package let scenario: Scenario
    /// How many members.
    package let memberCount: Int

    private init(_ rule: String, _ origin: String, _ scenario: Scenario, _ memberCount: Int) {
        self.rule = rule
        self.origin = origin
        self.scenario = scenario
        self.memberCount = memberCount
    }

    /// The options of a run of it.
    package func options(seed: UInt64) -> SeedOptions {
        SeedOptions(
            seed: seed,
            memberCount: memberCount,
            scenario: scenario,
            brokenRules: [rule]
        )
    }

    /// Seeds within which each must be noticed.
    package static let budget: UInt64 = 20_000

    /// Those that must be noticed, in the order of their origin.
    package static let all: [Mutant] = [
        Mutant("no-finalize-after-nullify", "M1", .swarm, 4),
        Mutant("own-votes-count-again", "M2", .powerCuts, 4),
        Mutant("all-votes-restored", "M3", .powerCuts, 4),
        Mutant("crash-on-equivocation", "M4", .equivocators, 4),
        Mutant("certificates-heal-splits", "M5", .splitViews, 4),
        Mutant("network-before-records", "M6", .powerCuts, 4),
        Mutant("silent-execution", "M7", .swarm, 4),
        Mutant("rename-without-sync", "M8", .powerCuts, 4),
        Mutant("torn-tail-stops-start", "M9", .powerCuts, 4),
        Mutant("damage-skipped", "M9", .amnesia, 7),
        Mutant("votes-restored-from-first-open-view", "M10", .powerCuts, 4),
        Mutant("open-votes-survive-commit", "M11", .swarm, 4),
        Mutant("leader-must-propose", "M12", .frozenLeader, 4),
        Mutant("silent-reformat", "M13", .amnesia, 4),
        Mutant("state-ahead-of-records", "M14", .powerCuts, 4),
        Mutant("records-ahead-of-state", "M15", .powerCuts, 4),
        Mutant("timeouts-measure-finality", "M16", .slowNetwork, 4),
        Mutant("votes-count-per-proposal", "M17", .equivocators, 4),
        Mutant("fetch-asks-around", "M18", .liars, 4),
        Mutant("stale-records-ignored", "M19", .powerCuts, 4),
        Mutant("echo-waits", "M20.1", .calm, 4),
        Mutant("echoes-slow-down", "2.5", .slowNetwork, 4),
        Mutant("timers-ask-for-work", "M20.2", .swarm, 4),
        Mutant("bundles-are-paced", "M20.3", .swarm, 4),
        Mutant("finality-is-final", "M20.4", .traitors, 4),
        Mutant("late-notarize", "M20.5", .slowMember, 4),
        Mutant("proposal-durable-first", "M20.6", .powerCuts, 4),
        Mutant("recovering-is-mute", "M20.7", .amnesia, 4),
        Mutant("fetch-when-idle", "M20.8", .swarm, 4),
        Mutant("recovery-is-work", "M20.9", .idleAmnesia, 4),
        Mutant("answers-reach-own-votes", "M20.10", .laggards, 4),
        Mutant("one-notarize-per-view", "I1", .equivocators, 4),
        Mutant("skip-proofs", "I5", .swarm, 4),
        Mutant("dead-ends-are-judged", "I6", .traitors, 7),
        Mutant("alarm-is-told", "I6", .traitors, 4),
        Mutant("ends-are-shown", "I6", .traitorsAtSeal, 4),
        Mutant("notarization-durable-with-finalize", "2.5", .amnesia, 7),
        Mutant("nullifications-durable-with-vote", "2.5", .amnesia, 7),
        Mutant("help-ends", "2.13", .swarm, 4),
        Mutant("idle-questions-end", "2.13", .amnesia, 7),
        Mutant("serves-checked-bytes", "2.5", .falseBytes, 7),
        Mutant("sync-error-ignored", "2.6", .amnesia, 4),
        Mutant("rollback-unnoticed", "2.9", .amnesia, 4),
        Mutant("recovery-asks-quorum", "2.9", .amnesia, 4),
        Mutant("recovery-answers-are-fresh", "2.9", .repeatedAmnesia, 4),
        Mutant("abstainers-do-not-answer", "2.9", .amnesia, 7),
        Mutant("recovery-skips-view", "2.9", .amnesia, 4),
        Mutant("recovery-keeps-way-out", "2.9", .amnesia, 7),
        Mutant("votes-of-one-epoch", "2.10", .epochs, 4),
        Mutant("certificates-of-one-epoch", "2.10", .epochs, 4),
        Mutant("standings-of-one-epoch", "2.10", .epochs, 4),
        Mutant("old-proposals-blame-nobody", "2.10", .epochs, 4),
        Mutant("old-records-end", "2.10", .sealAmnesia, 4),
        Mutant("seal-is-handed-over", "2.10", .epochs, 4),
        Mutant("seal-takes-blocks", "2.10", .epochs, 4),
        Mutant("minority-changes-set", "2.10", .epochs, 4),
        Mutant("recovery-outlives-seal", "2.10", .epochs, 4),
        Mutant("abstention-outlives-seal", "2.10", .sealAmnesia, 4),
        Mutant("carried-abstention-yields", "2.10", .sealAmnesia, 4),
        Mutant("expired-statements-pass", "2.12", .epochs, 4),
        Mutant("snapshot-head-unproven", "2.7", .snapshots, 4),
        Mutant("snapshot-part-unproven", "2.7", .snapshots, 4),
        Mutant("gap-served", "2.7", .snapshots, 4),
        Mutant("question-numbers-repeat", "2.7", .snapshots, 4),
        Mutant("snapshot-ends-recovery", "2.9", .snapshots, 4),
        Mutant("own-chain-judges", "I6", .snapshots, 4),
    ]
}
