public import QuotaCrypto

/// What happened outside, for `Replica.step`.
public enum Input: Sendable {
    /// The node is ready: links may be used and the state at the last final block is loaded. Once,
    /// before any other input.
    case start
    /// A link to a member is up: both sides say where they stand.
    case connected(Int)
    /// Bytes from a member's authenticated link.
    case received(from: Int, bytes: [UInt8])
    /// A message from a member that the driver has decoded with `Message.decode`.
    case message(from: Int, Message)
    /// A timer fired that was set and not cancelled or set again since.
    case timer(Timer)
    /// Whether the pool holds a statement that could enter a block after the last final one.
    ///
    /// Say true again for each new arrival; say false as soon as none is left, also when `build`
    /// found none on a final parent.
    case workAvailable(Bool)
    /// Answers `Effect.build`: the block, or nil if there is nothing to put into one.
    case built(BuildRequest, BlockBody?)
    /// Answers `Effect.execute`.
    case executed(ExecuteRequest.ID, ExecutionOutcome)
    /// Answers `Effect.load`: what the store holds, or nothing.
    case loaded(LoadRequest, [ProposalEntry])
}

/// A timer of the replica.
///
/// Setting one again replaces it.
public enum Timer: Hashable, Sendable {
    /// The leader of this view has had its time; fires again to repeat the nullify vote.
    case view(UInt64)
    /// The leader of this view waited for work and may now echo the unfinished tip.
    case echo(UInt64)
    /// Nothing moves: send again what others may lack.
    case standstill
    /// Tell others where this node stands.
    case status
    /// Something asked for has not come.
    case fetch
}

/// What the state machine says of a block.
public enum ExecutionOutcome: Hashable, Sendable {
    /// The block is valid on its parent; the driver holds the state after it.
    case valid
    /// As `valid`, but this node should not vote for it now (its time is off by this node's clock).
    case validButUntimely
    /// The bytes are the block that the digest names, and its parent's state refuses it.
    case invalid
    /// The bytes are not the block that the digest names.
    case mismatched
}
