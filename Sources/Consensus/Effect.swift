public import QuotaCrypto
public import Votes

/// What the driver must do, in the order of the array that `Replica.step` returned.
public enum Effect: Sendable {
    /// Make these records durable, all or none, before any later effect of the array is performed.
    /// If that fails, stop the process.
    case persist([DurableRecord])
    /// Send to every other member.
    case broadcast(Message)
    /// Send to one member.
    case send(to: Int, Message)
    /// Start a timer, or start it anew if it runs.
    case setTimer(Timer, afterMilliseconds: UInt64)
    /// Stop a timer; nothing happens if it does not run.
    case cancelTimer(Timer)
    /// Make a block on the parent and answer with `Input.built`. The answer may come late; if it is
    /// no longer wanted it is ignored.
    case build(BuildRequest)
    /// Check a block against the state of its parent and answer with `Input.executed`. The parent was
    /// built, executed as valid or is the last final block.
    case execute(ExecuteRequest)
    /// Read final proposals from the store and answer with `Input.loaded`.
    case load(LoadRequest)
    /// Make these proposals final.
    case commit(Commit)
    /// A member broke a rule, and here is the proof. It is already among the records to persist.
    case evidence(EvidencePair)
    /// Something happened that more than f faulty members, or a defect, must have caused.
    case alarm(Alarm)
    /// A member sent what no correct member sends: close the link and name the member in the log.
    case disconnect(member: Int, reason: Rejection)
}

/// Asks for a block on a parent.
public struct BuildRequest: Hashable, Sendable {
    /// The view the block will be proposed in.
    public let view: UInt64
    /// The member that proposes: this node.
    public let proposer: Int
    /// The block to build on; its state was built or executed, or is the last final one.
    public let parent: BlockID

    /// Gathers the parts.
    public init(view: UInt64, proposer: Int, parent: BlockID) {
        self.view = view
        self.proposer = proposer
        self.parent = parent
    }
}

/// Asks whether a block is valid.
///
/// The driver must also check that the header names this view, proposer and height, and that the
/// bytes give the digest; what does not is `.invalid` or `.mismatched`.
public struct ExecuteRequest: Hashable, Sendable, Identifiable {
    /// The proposal that carries the block.
    public let id: Digest
    /// The view it was proposed in.
    public let view: UInt64
    /// The member that proposed it.
    public let proposer: Int
    /// The block, by the name that votes give it.
    public let block: BlockID
    /// The block it stands on.
    public let parent: BlockID
    /// The bytes of the block.
    public let payload: [UInt8]

    /// Gathers the parts.
    public init(
        id: Digest,
        view: UInt64,
        proposer: Int,
        block: BlockID,
        parent: BlockID,
        payload: [UInt8]
    ) {
        self.id = id
        self.view = view
        self.proposer = proposer
        self.block = block
        self.parent = parent
        self.payload = payload
    }
}

/// Asks for final proposals that the replica no longer holds.
public struct LoadRequest: Hashable, Sendable {
    /// The member to answer; nil if the replica itself wants to know.
    public let peer: Int?
    /// What it asked for.
    ///
    /// For `.finalized`: entries of greater views of that epoch in ascending order, without gaps, with payloads, each with its own finalization if it has one.
    public let key: FetchKey
    /// Stop before the payloads exceed this many bytes, but return at least one entry.
    public let bytesMax: Int

    /// Gathers the parts.
    public init(peer: Int?, key: FetchKey, bytesMax: Int) {
        self.peer = peer
        self.key = key
        self.bytesMax = bytesMax
    }
}

/// Proposals that became final together, by one certificate for the last of them.
///
/// The driver stores the entries, applies the blocks (echoes add none) and writes `records`, all in
/// one transaction: the replica's last final proposal and the ledger's height never differ.
public struct Commit: Sendable {
    /// A proposal that became final.
    public struct Final: Hashable, Sendable {
        /// The proposal, its justification, its block, and its finalization if it has its own.
        public let entry: ProposalEntry
        /// The block it names.
        public let block: BlockID

        /// Whether it repeats its parent's block and adds nothing to the ledger.
        public var isEcho: Bool { entry.payload == nil }

        /// Gathers the parts.
        public init(entry: ProposalEntry, block: BlockID) {
            self.entry = entry
            self.block = block
        }
    }

    /// In order of views; the last one has its finalization.
    public let proposals: [Final]
    /// The last final proposal from now on.
    public let tip: FinalizedTip
    /// Records to write and delete in the same transaction.
    public let records: [DurableRecord]
    /// Executed blocks that can no longer become final: their states may be dropped.
    ///
    /// Their
    /// statements may still be admissible.
    public let dropped: [BlockID]

    /// Gathers the parts.
    public init(
        proposals: [Final],
        tip: FinalizedTip,
        records: [DurableRecord],
        dropped: [BlockID]
    ) {
        self.proposals = proposals
        self.tip = tip
        self.records = records
        self.dropped = dropped
    }
}

/// What only more than f faulty members, or a defect, can cause.
///
/// The replica votes no more.
public enum Alarm: Hashable, Sendable, CustomStringConvertible {
    /// I6: two finalizations that do not extend each other. Both are stored.
    case conflictingFinality(held: Certificate?, found: Certificate)
    /// A quorum made a block final that this node's state machine refuses.
    case divergentExecution(view: UInt64, proposal: Digest, block: BlockID)

    /// The finalizations that do not extend each other; none if it is not about a fork.
    var certificates: [Certificate] {
        switch self {
        case .conflictingFinality(let held, let found): [held, found].compactMap { $0 }
        case .divergentExecution: []
        }
    }

    /// The alarm as a phrase for the log.
    public var description: String {
        switch self {
        case .conflictingFinality(let held, let found):
            "finalization of view \(found.view) does not extend that of view \(held?.view ?? 0)"
        case .divergentExecution(let view, _, let block):
            "final block \(block.height) of view \(view) is invalid here"
        }
    }
}

/// Why a member's message was refused.
public enum Rejection: Hashable, Sendable, CustomStringConvertible {
    /// The bytes are no message.
    case malformed(MessageError)
    /// A signature is not the named member's.
    case badSignature(VoteKind, view: UInt64)
    /// A certificate does not verify.
    case badCertificate(VoteKind, view: UInt64)
    /// A vote or proposal of another member than the sender.
    case notYours(view: UInt64)
    /// A proposal that contradicts its own certificates, leader, chain or size.
    case badProposal(view: UInt64)
    /// The bytes of a block are not what its digest names.
    case badBlock(view: UInt64)
    /// An answer holds something that was not asked for.
    case unrequested
    /// A view without the certificate that leads into it.
    case badStanding(view: UInt64)

    /// The reason as a phrase for the log.
    public var description: String {
        switch self {
        case .malformed(let error): "malformed message: \(error)"
        case .badSignature(let kind, let view): "bad signature on \(kind) vote of view \(view)"
        case .badCertificate(let kind, let view): "bad \(kind) certificate of view \(view)"
        case .notYours(let view): "vote or proposal of another member in view \(view)"
        case .badProposal(let view): "inconsistent proposal in view \(view)"
        case .badBlock(let view): "bytes that are not the block proposed in view \(view)"
        case .badStanding(let view): "no proof of being in view \(view)"
        case .unrequested: "answer to a question that was not asked"
        }
    }
}
