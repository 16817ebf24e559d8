internal import Consensus

/// What identifies a run: the same options give the same run on every machine.
package struct SeedOptions: Hashable, Sendable {
    /// Draws everything that is left to chance.
    package var seed: UInt64
    /// How many members the cluster has.
    package var memberCount: Int
    /// The kind of world.
    package var scenario: Scenario
    /// Whether to record what happens as text.
    package var isTraced: Bool
    /// Names of rules to break, to see whether it is noticed.
    package var brokenRules: Set<String>
    /// Kinds of fault that do not exist in this run although the seed draws them.
    package var excluded: Set<Fault>

    package init(
        seed: UInt64,
        memberCount: Int,
        scenario: Scenario = .swarm,
        isTraced: Bool = false,
        brokenRules: Set<String> = [],
        excluded: Set<Fault> = []
    ) {
        self.seed = seed
        self.memberCount = memberCount
        self.scenario = scenario
        self.isTraced = isTraced
        self.brokenRules = brokenRules
        self.excluded = excluded
    }

    /// The rules that can be broken: those of the protocol, then those of its driver.
    package static var ruleNames: [String] {
        Rule.allCases.map(\.rawValue) + Defect.allCases.map(\.rawValue)
    }
}

/// What came of a run.
package struct SeedResult: Sendable {
    package let options: SeedOptions
    /// The broken promise; nil if all were kept.
    package let failure: String?
    /// Simulated events.
    package let eventCount: UInt64
    /// Blocks that became final.
    package let blockCount: Int
    /// The highest view that any node reached.
    package let viewCount: UInt64
    /// Members that lost votes and were led back.
    package let recoveryCount: UInt64
    /// Simulated milliseconds.
    package let milliseconds: UInt64
    /// How often each kind of fault struck.
    package let faultCounts: FaultCounts
    /// The hash of all effects of all nodes.
    package let fingerprint: UInt64
    /// What happened, if it was asked for.
    package let trace: [String]
    /// The proof against the traitors, where more than f made the chain fork.
    package let evidence: EvidenceReport?
}

/// Who was convicted of a fork, as a file that convinces others.
package struct EvidenceReport: Sendable {
    /// The members that the two chains name, ascending.
    package let convicted: [Int]
    /// The members that did it.
    package let traitors: [Int]
    /// The encoded evidence file.
    package let file: [UInt8]
    /// The members' Ed25519 vote keys, if the run used real ones.
    package let voteKeys: [[UInt8]]
}
