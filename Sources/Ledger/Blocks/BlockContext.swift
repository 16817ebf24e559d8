/// What the consensus engine says about a block: all that the state machine takes from outside.
public struct BlockContext: Hashable, Sendable {
    /// The consensus view in which the block is proposed.
    public let view: UInt64
    /// The member id of the validator that proposes it.
    public let proposer: String
    /// The block time, POSIX seconds; never before the parent's.
    public let time: UInt64

    /// A context with the given contents.
    public init(view: UInt64, proposer: String, time: UInt64) {
        self.view = view
        self.proposer = proposer
        self.time = time
    }
}
