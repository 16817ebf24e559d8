import Consensus
import Dispatch
import Foundation
import Ledger
import LedgerStore
import Logging
import PeerNetwork
import QuotaCrypto
import StateSync
import Votes

/// The one thread that decides: it owns the replica, the states of unfinished blocks and the pool.
///
/// It works in turns. A turn takes all inputs that wait, collects what must be stored and what must be
/// sent, stores all of it in one durable transaction, and only then sends (consensus.md 2.6: no byte of
/// a vote leaves before its record is on disk; one sync covers all votes of a turn). If storing fails,
/// the process ends: memory and disk may no longer agree, and a restart is the way that always works.
final class NodeCore {
    /// What a turn leaves to do once it is durable.
    struct Turn {
        var batch = StoreBatch()
        var sends: [(peer: Int?, frame: Frame)] = []
        var answers: [() -> Void] = []
        var committed = false
        /// The end of an epoch that this turn made final.
        var seal: SealPage?
    }

    let shared: NodeShared
    let inbox: Inbox<CoreInput>
    let gauges: NodeGauges
    let logger: Logger
    var replica: Replica
    var roster: Roster
    var slots: SlotTable
    /// The transport keys of those who are to join, as far as this node is linked to them.
    var linkedNewcomers: [Ed25519.PublicKey] = []
    /// The card for which this node said that it is ready.
    var declared: Digest?
    /// What this node holds against validators and the ledger does not have yet.
    var accusations: [EvidencePair]
    /// The statements that this node made of them, by subject.
    var reports: [String: Digest] = [:]
    var deadlines = Deadlines<CoreTimer>()
    var pool: StatementPool
    /// The final state, and the digest of its block.
    var final: LedgerState
    var finalDigest: Digest
    /// Executed blocks above the final one, by digest.
    var executed: [Digest: ExecutedBlock] = [:]
    var waiters: [Digest: [(ticket: SubmissionTicket, position: Int)]] = [:]
    var book: CheckpointBook
    /// How often the head was signed again while the ledger rested.
    var renewals: UInt64 = 0
    var turn = Turn()
    var replicaInputs: [Consensus.Input] = []
    let snapshots: SnapshotDesk
    /// While the state comes from others; the replica rests.
    var fetch: SnapshotFetch<VerifiedSnapshot>?
    /// While the log below a snapshot is fetched.
    var history: HistoryFill?
    private var hasToldWork = false
    /// How far this node has voted; nil if it never did, as far as its home tells.
    var mark: VoteMark?
    /// While a founder with an empty home waits for what the others say.
    var probation: Probation?
    /// Whether it abstained, and had not heard where the others stand, in the last turn.
    var isAbstaining = false
    var wasRecovering = false

    init(
        shared: NodeShared,
        inbox: Inbox<CoreInput>,
        gauges: NodeGauges,
        snapshots: SnapshotDesk,
        replica: Replica,
        slots: SlotTable,
        final: LedgerState,
        book: CheckpointBook,
        mark: VoteMark?,
        accusations: [EvidencePair]
    ) {
        self.accusations = accusations
        self.mark = mark
        self.shared = shared
        self.gauges = gauges
        self.snapshots = snapshots
        self.inbox = inbox
        self.replica = replica
        roster = shared.roster
        self.slots = slots
        linkedNewcomers = final.epoch.newcomers.map(\.node.transport)
        self.final = final
        finalDigest = replica.finalized.block.digest
        self.book = book
        logger = shared.logger
        pool = StatementPool(
            maxStatements: shared.configuration.poolStatements,
            maxBytes: shared.configuration.poolBytes,
            members: final.memberCount
        )
        if replica.isHalted { gauges.raise("this node votes no more: an alarm was raised earlier") }
    }

    /// Monotonic milliseconds.
    static func now() -> UInt64 { DispatchTime.now().uptimeNanoseconds / 1_000_000 }

    /// Runs until a `.stop` input.
    func run() {
        feed(.start)
        beginProbation()
        // The head of the last run, or the genesis, is signed anew: a fresh time, the same tree.
        turn.committed = true
        finishTurn()
        deadlines.set(.push, at: Self.now() + Self.pushPeriod)
        scheduleRenewal()
        beginFetching()
        while true {
            let inputs = inbox.drain(until: wakeTime())
            for input in inputs {
                guard take(input) else {
                    finishTurn()
                    return
                }
            }
            for timer in deadlines.takeDue(at: Self.now()) { fire(timer) }
            tellWork()
            finishTurn()
        }
    }

    private func wakeTime() -> DispatchTime {
        guard let next = deadlines.next else { return .now() + .seconds(60) }
        return DispatchTime(uptimeNanoseconds: (next + 1) * 1_000_000)
    }

    /// Handles one input; false for the last one.
    private func take(_ input: CoreInput) -> Bool {
        switch input {
        case .connected(let peer):
            guard let link = roster.link(slot: peer) else { break }
            guard !isFetching(connected: peer) else { break }
            feed(.connected(link.position))
            if let seal = book.seal { send(seal, to: peer) }
            if let note = book.ownNote() {
                turn.sends.append((peer, PeerMessage.checkpoint(note: note).frame))
            }
        case .disconnected(let peer):
            noteLost(peer)
        case .consensus(let peer, let bytes):
            guard fetch == nil, let link = roster.link(slot: peer) else { break }
            guard passes(bytes, from: link.position) else { break }
            feed(.received(from: link.position, bytes: bytes))
        case .gossip(let statements):
            if fetch == nil { takeGossip(statements) }
        case .submission(let statements, let ticket):
            takeSubmission(statements, ticket)
        case .checkpoint(let peer, let note):
            takeCheckpoint(note, from: peer)
        case .cosigned(let page):
            if book.add(cosigned: page) { showPublished() }
        case .snapshotAnswer(let peer, let id, let answer):
            takeSnapshot(answer, id: id, from: peer)
        case .stop:
            storeNotes()
            return false
        }
        return true
    }

    private func fire(_ timer: CoreTimer) {
        switch timer {
        case .replica(let timer):
            feed(.timer(timer))
        case .push:
            pushAgain()
            declareReadiness()
            reportEvidence()
            deadlines.set(.push, at: Self.now() + Self.pushPeriod)
        case .notes:
            storeNotes()
        case .renewal:
            renewHead()
            scheduleRenewal()
        case .snapshot:
            lookAfterFetching()
        }
    }

    // MARK: The replica

    /// Hands an input to the replica and performs what it asks, and what follows from that.
    func feed(_ input: Consensus.Input) {
        replicaInputs.append(input)
        guard replicaInputs.count == 1 else { return }
        while let next = replicaInputs.first {
            for effect in replica.step(next, now: Self.now()) { perform(effect) }
            replicaInputs.removeFirst()
            if final.epoch.number > replica.configuration.epoch { changeEpoch() }
        }
    }

    /// Tells the replica whether statements wait, when that has changed or new ones have come.
    private func tellWork() {
        guard probation == nil, pool.hasNews || pool.isEmpty == hasToldWork else { return }
        hasToldWork = !pool.isEmpty
        pool.hasNews = false
        feed(.workAvailable(hasToldWork))
    }

    // MARK: The end of a turn

    /// Stores the turn, then sends and answers.
    func finishTurn() {
        noteAbstention()
        if turn.committed { promiseHead() }
        countVotes()
        let turn = self.turn
        self.turn = Turn()
        if !turn.batch.isEmpty {
            do {
                try shared.store.writeDurably(turn.batch)
            } catch {
                logger.critical(
                    "stopping: the store cannot be written",
                    metadata: [
                        "error": "\(error)",
                        "cure": "free space or repair the disk, then start again",
                    ]
                )
                exit(74)
            }
        }
        if let votes = turn.batch.votes { markVotes(votes) }
        if let seal = turn.seal { publishSeal(seal) }
        if turn.committed {
            publishHead()
            snapshots.note(final, block: finalDigest, tip: replica.finalized)
        }
        for (peer, frame) in turn.sends {
            if let peer {
                shared.mesh.send(frame, to: peer)
            } else {
                for peer in roster.slots { shared.mesh.send(frame, to: peer) }
            }
        }
        for answer in turn.answers { answer() }
        gauges.show(view: replica.view, poolStatements: pool.count, poolBytes: pool.bytes)
    }
}
