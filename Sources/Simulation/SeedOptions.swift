internal import Consensus

/// What identifies a run: the same options give the same run on every machine.
package struct SeedOptions: Hashable, Sendable {
    /// Draws everything that is left to chance.
    package var seed: UInt64
    /// How many members the cluster has.
    package var memberCount: Int
    /// Whether to record what happens as text.
    package var isTraced: Bool
    /// Names of protocol rules to break, to see whether it is noticed.
    package var brokenRules: Set<String>

    package init(
        seed: UInt64,
        memberCount: Int,
        isTraced: Bool = false,
        brokenRules: Set<String> = []
    ) {
        self.seed = seed
        self.memberCount = memberCount
        self.isTraced = isTraced
        self.brokenRules = brokenRules
    }

    /// The rules that can be broken, in the order of the protocol.
    package static var ruleNames: [String] { Rule.allCases.map(\.rawValue) }

    var disabledRules: Set<Rule> { Set(brokenRules.compactMap { Rule(rawValue: $0) }) }
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
    /// Simulated milliseconds.
    package let milliseconds: UInt64
    /// How often each kind of fault struck, in the order of `Fault.allCases`.
    package let faultCounts: [UInt64]
    /// The hash of all effects of all nodes.
    package let fingerprint: UInt64
    /// What happened, if it was asked for.
    package let trace: [String]
}
