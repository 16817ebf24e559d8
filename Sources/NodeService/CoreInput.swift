import Consensus
import Ledger
import StateSync
import Transparency

/// What reaches the core thread from the rest of the node.
enum CoreInput: Sendable {
    /// A peer's link is up.
    case connected(Int)
    /// A peer's link is down.
    case disconnected(Int)
    /// Bytes of a consensus message.
    case consensus(from: Int, bytes: [UInt8])
    /// Statements from a peer; their signatures are checked.
    case gossip([Statement])
    /// Statements from a client; their signatures are checked. Positions are those in the ticket.
    case submission([Submitted], SubmissionTicket)
    /// A checkpoint note from a peer.
    case checkpoint(from: Int, note: [UInt8])
    /// A checkpoint with its quorum and the line of an outside witness.
    case cosigned(CheckpointBook.Page)
    /// A peer's answer about a snapshot or the log below one.
    case snapshotAnswer(from: Int, id: UInt64, SnapshotAnswer)
    /// Finish the turn and end.
    case stop

    /// The bytes that it carries.
    var bytes: Int {
        switch self {
        case .consensus(_, let bytes): bytes.count
        case .gossip(let statements): statements.reduce(0) { $0 + $1.bytes.count }
        case .submission(let statements, _): statements.reduce(0) { $0 + $1.statement.bytes.count }
        case .checkpoint(_, let note): note.count
        case .cosigned(let page): page.note.bytes.count
        case .snapshotAnswer(_, _, .part(let bytes)): bytes.count
        case .snapshotAnswer: 64
        case .connected, .disconnected, .stop: 0
        }
    }
}

/// A statement of a submission.
struct Submitted: Sendable {
    /// Its place in the submission.
    let position: Int
    /// The statement; its signature is checked.
    let statement: Statement
}

/// The timers of the core thread.
enum CoreTimer: Hashable {
    /// A timer of the replica.
    case replica(Consensus.Timer)
    /// Pushes statements again that are not final yet.
    case push
    /// Stores merged checkpoint notes.
    case notes
    /// Signs the newest head again with the time of now.
    case renewal
    /// Looks after what is fetched from others beside blocks.
    case snapshot
}
