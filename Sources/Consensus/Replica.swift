internal import QuotaCrypto

/// One member's part in the agreement: a pure machine from inputs to effects.
public struct Replica: Sendable {
    /// What it was made with.
    public let configuration: Configuration
    /// The last final proposal.
    public private(set) var finalized: FinalizedTip
    /// The view it is in.
    public private(set) var view: UInt64 = 1

    /// A replica that continues from its durable records; with none, one that starts at the root.
    ///
    /// - Parameters:
    ///   - configuration: What is agreed on by whom.
    ///   - signer: Signs this node's votes; nil for a node that only follows.
    ///   - verifier: Checks the members' votes.
    ///   - restoring: The current records of the durable store.
    /// - Throws: `RestoreError` if a record cannot be read or contradicts another.
    public init(
        configuration: Configuration,
        signer: (any VoteSigner)?,
        verifier: any VoteVerifier,
        restoring: [DurableRecord]
    ) throws(RestoreError) {
        self.configuration = configuration
        finalized = FinalizedTip(root: configuration.root)
    }

    /// Takes one input and says what to do, in order.
    ///
    /// - Parameters:
    ///   - input: What happened.
    ///   - now: Monotonic milliseconds; never decreases, its start does not matter.
    public mutating func step(_ input: Input, now: UInt64) -> [Effect] {
        []
    }
}

/// Why a durable store cannot be continued from. Never skip the record: recover instead.
public struct RestoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The record's key.
    public let key: [UInt8]
    /// What is wrong with it.
    public let problem: String

    /// A problem with a record.
    public init(key: [UInt8], problem: String) {
        self.key = key
        self.problem = problem
    }

    /// The key in hexadecimal and the problem.
    public var description: String { "consensus record \(Hex.encode(key)): \(problem)" }
}
