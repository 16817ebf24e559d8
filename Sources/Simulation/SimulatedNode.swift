internal import Consensus
internal import QuotaCrypto

/// One member: a replica with its driver, its pool of statements and its disk.
struct SimulatedNode: Sendable {
    /// A durable write that has not come back yet.
    enum Write: Sendable {
        case records([DurableRecord])
        case commit(Commit)
    }

    var replica: Replica
    var disk = SimulatedDisk()
    /// Counts restarts: what was scheduled for an earlier life is void.
    var life = 0
    var isUp = true
    /// A dead node that no healing brings back.
    var isDeadForever = false
    /// One that tells different members different things, for ever.
    var isByzantine = false
    /// An empty block beside the last one built, for a leader that proposes two.
    var alternative: (view: UInt64, body: BlockBody)?
    var resumeTime: UInt64 = 0

    // Lost in a crash.

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

    init(replica: Replica) {
        self.replica = replica
    }

    /// Forgets everything but the disk.
    mutating func die() {
        isUp = false
        life += 1
        states = [:]
        pool = []
        owned = []
        effects = []
        nextEffect = 0
        inbox = []
        nextInput = 0
        write = nil
        timers = [:]
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

    /// The state after a block that is final or was built or executed in this life.
    func state(after block: BlockID) -> ToyState? {
        block == disk.applied.block ? disk.applied : states[block.digest]
    }

    /// Takes a statement into the pool.
    ///
    /// - Returns: Whether it is new here and could pass.
    mutating func accept(_ statement: ToyStatement, isOwner: Bool) -> Bool {
        guard disk.applied.admits(statement) else { return false }
        if isOwner, !owned.contains(statement) { owned.append(statement) }
        guard !pool.contains(statement) else { return false }
        pool.append(statement)
        inbox.append(.workAvailable(true))
        return true
    }

    /// Answers `Effect.build` with what of the pool passes on the parent.
    mutating func build(_ request: BuildRequest) -> BlockBody? {
        guard let parent = state(after: request.parent) else { return nil }
        var trial = parent
        var chosen: [ToyStatement] = []
        for statement in pool where chosen.count < 8 && trial.admits(statement) {
            guard
                let next = trial.applying([statement], view: 0, proposer: 0)
            else { continue }
            trial = next.state
            chosen.append(statement)
        }
        guard !chosen.isEmpty,
            let made = parent.applying(chosen, view: request.view, proposer: request.proposer)
        else { return nil }
        states[made.body.digest] = made.state
        if isByzantine,
            let other = parent.applying([], view: request.view, proposer: request.proposer)
        {
            alternative = (request.view, other.body)
        }
        return made.body
    }

    /// Answers `Effect.execute`.
    mutating func execute(_ request: ExecuteRequest) -> ExecutionOutcome {
        guard let parent = state(after: request.parent),
            let block = ToyBlock(request.payload)
        else { return .mismatched }
        guard block.height == request.block.height, block.view == request.view,
            block.proposer == UInt64(request.proposer),
            let made = parent.applying(
                block.statements,
                view: block.view,
                proposer: request.proposer
            )
        else { return .invalid }
        guard made.body.digest == request.block.digest else { return .mismatched }
        states[made.body.digest] = made.state
        return .valid
    }

    /// Drops what a commit has settled.
    mutating func settle(_ commit: Commit) {
        for block in commit.dropped { states[block.digest] = nil }
        for final in commit.proposals where final.block != disk.applied.block {
            states[final.block.digest] = nil
        }
        let applied = disk.applied
        pool.removeAll { !applied.admits($0) }
        owned.removeAll { !applied.admits($0) }
        inbox.append(.workAvailable(!pool.isEmpty))
    }
}
