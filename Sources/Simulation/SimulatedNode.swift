internal import Consensus
internal import QuotaCrypto
internal import StateSync
import Votes

/// One process of a member: a replica with its driver, its pool of statements and its disk.
struct SimulatedNode: Sendable {
    /// A durable write that has not come back yet.
    enum Write: Sendable {
        case records([DurableRecord])
        case commit(Commit)
    }

    /// What stays wrong with it for ever.
    enum Conduct: Hashable, Sendable {
        case correct
        /// It is down, or will be.
        case dead
        /// It follows the protocol, and another process does so with the same key.
        case twin
        /// It says what it likes.
        case liar
    }

    /// What a member votes with in one epoch.
    struct Pen: Sendable {
        let epoch: UInt64
        /// Its position among the members.
        let position: Int
        let signer: any VoteSigner
    }

    let member: Int
    /// The members by the positions of this node's links in its epoch.
    var order: [Int] = []
    var conduct: Conduct = .correct
    var replica: Replica
    var disk = SimulatedDisk()
    /// The count of writes on another device, to notice a disk that is older than it.
    var mark: UInt64 = 0
    /// What the disk falls back to in the next crash: its writes since only seem durable.
    var shadow: SimulatedDisk?
    /// A copy made while everything was well.
    var backup: SimulatedDisk?
    /// Counts restarts: what was scheduled for an earlier life is void.
    var life = 0
    var isUp = true
    /// A defect of the driver keeps it from starting.
    var isStuck = false
    /// A defect of the driver has it take blocks above one that ends the epoch.
    var ignoresSeals = false
    /// What its ledger asks for.
    var rules = ToyRules()
    /// Which of the builds it runs.
    var buildNumber = 0
    /// The build that it starts as next, and the effects until it is killed for that.
    var replacement: (build: Int, effectCount: Int)?
    /// Lost votes at some time; an idle cluster walks on for a member once an hour only.
    var hasLostVotes = false
    var diesAfterWrite = false
    var diesInCommit = false
    var stallsNextWrite = false
    var failsNextSync = false
    var fullUntil: UInt64 = 0
    var resumeTime: UInt64 = 0
    var isSlow = false
    var clock: SimulatedClock

    // A liar's means.

    var lies: [Fault] = []
    /// What it could vote with in each epoch so far; it destroys no key.
    var pens: [Pen] = []
    /// An empty block beside the last one built, for a leader that proposes two.
    var alternative: (view: UInt64, parent: BlockID, body: BlockBody)?

    /// Its blocks name the roots of their states.
    var mapsStates = false
    /// Answers questions about what was before a snapshot (a defect).
    var servesGaps = false

    // Lost in a crash.

    /// The state on its way here; the replica hears nobody until it is whole.
    var fetch: SnapshotFetch<ToyProof>?
    /// The states on offer.
    var shelf = SnapshotShelf<ToySource>(limits: ToySource.limits)

    var states: [Digest: ToyState] = [:]
    var pool: [ToyStatement] = []
    var owned: [ToyStatement] = []
    var effects: [Effect] = []
    var nextEffect = 0
    var inbox: [Input] = []
    var nextInput = 0
    var write: Write?
    var timers: [Timer: UInt64] = [:]
    var timerCount: UInt64 = 0
    /// Inputs that the replica took.
    private var stepCount = 0

    init(member: Int, replica: Replica, clock: SimulatedClock) {
        self.member = member
        self.replica = replica
        self.clock = clock
    }

    /// Whether nothing that it says may be held against the protocol.
    var isByzantine: Bool { conduct == .twin || conduct == .liar }

    /// Whether it counts among the f faulty members now: it may have lost votes, or must not vote.
    var isWeak: Bool {
        conduct != .correct || shadow != nil || disk.sequence < mark || !disk.damaged.isEmpty
            || replica.isRecovering
            || (replica.configuration.ownIndex != nil && replica.abstainUpTo >= replica.view)
    }

    /// Whether a crash may bring it back into the views of its abstention: what led it out of them may
    /// stand in memory alone while anything is still to be written, and may have been lost with the
    /// memory while it is down, unless something later is final.
    var mayRelapse: Bool {
        replica.configuration.ownIndex != nil && replica.abstainUpTo > disk.finalView
            && (!isUp || write != nil || nextEffect < effects.count)
    }

    /// Forgets everything but the disk.
    mutating func die() {
        isUp = false
        life += 1
        fetch = nil
        shelf = SnapshotShelf(limits: ToySource.limits)
        states = [:]
        pool = []
        owned = []
        effects = []
        nextEffect = 0
        inbox = []
        nextInput = 0
        write = nil
        timers = [:]
        diesAfterWrite = false
        diesInCommit = false
    }

    /// What a step shows besides its effects.
    struct StepOutcome {
        /// Whether it ended the recovery.
        let isLedBack: Bool
        /// An invariant of the replica that it breaks.
        let broken: Replica.Invariant?
    }

    /// Has the replica take an input at once if it waits for one, or later.
    mutating func take(_ input: Input, at now: UInt64) -> StepOutcome? {
        guard write == nil, nextEffect == effects.count, nextInput == inbox.count,
            now >= resumeTime
        else {
            inbox.append(input)
            return nil
        }
        return step(input, at: now)
    }

    /// Has the replica take an input.
    mutating func step(_ input: Input, at now: UInt64) -> StepOutcome {
        let wasRecovering = replica.isRecovering
        effects = replica.step(input, now: clock.time(at: now))
        nextEffect = 0
        stepCount += 1
        return StepOutcome(
            isLedBack: wasRecovering && !replica.isRecovering,
            broken: replica.brokenInvariant(isThorough: stepCount.isMultiple(of: 32))
        )
    }

    mutating func takeEffect() -> Effect? {
        guard nextEffect < effects.count else {
            effects.removeAll(keepingCapacity: true)
            nextEffect = 0
            return nil
        }
        defer { nextEffect += 1 }
        return effects[nextEffect]
    }

    mutating func takeInput() -> Input? {
        guard nextInput < inbox.count else {
            inbox.removeAll(keepingCapacity: true)
            nextInput = 0
            return nil
        }
        defer { nextInput += 1 }
        return inbox[nextInput]
    }
}
