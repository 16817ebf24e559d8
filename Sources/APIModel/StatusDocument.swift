/// `/v1/status`: whether the ledger is alive, where it stands, and who takes part.
package struct StatusDocument: Codable, Hashable, Sendable {
    /// The log's origin, such as `quota.example/compute-2025`.
    package var origin: String
    /// SHA-256 of the genesis statement, lower-case hex.
    package var chainID: String
    /// The node's software version.
    package var version: String
    /// The member that runs this node.
    package var member: String
    /// The epoch; the first is 1.
    package var epoch: UInt64
    /// Whether this node votes in it, or only follows.
    package var isValidator: Bool
    /// The newest checkpoint.
    package var checkpoint: CheckpointSummary
    /// The number of the newest block; genesis is 0.
    package var height: UInt64
    /// The consensus view that the node is in.
    package var view: UInt64
    /// Whether new statements become final at present.
    package var finality: FinalityDocument
    /// The validators, by member id, this node included.
    package var validators: [ValidatorStatus]
    /// Statements that wait for a block.
    package var pool: PoolDocument
    /// The id of the policy in force.
    package var policy: String
    /// What the node fetches from others beside new blocks; absent when it lacks nothing.
    package var sync: SyncDocument?
    /// Why the node does not vote at present although it is a validator; absent when it votes.
    package var voting: String?

    /// Makes a status.
    package init(
        origin: String,
        chainID: String,
        version: String,
        member: String,
        epoch: UInt64,
        isValidator: Bool,
        checkpoint: CheckpointSummary,
        height: UInt64,
        view: UInt64,
        finality: FinalityDocument,
        validators: [ValidatorStatus],
        pool: PoolDocument,
        policy: String,
        sync: SyncDocument? = nil,
        voting: String? = nil
    ) {
        self.origin = origin
        self.chainID = chainID
        self.version = version
        self.member = member
        self.epoch = epoch
        self.isValidator = isValidator
        self.checkpoint = checkpoint
        self.height = height
        self.view = view
        self.finality = finality
        self.validators = validators
        self.pool = pool
        self.policy = policy
        self.sync = sync
        self.voting = voting
    }
}

/// What a node that joined fetches from others.
package struct SyncDocument: Codable, Hashable, Sendable {
    /// What is on its way.
    package enum Phase: String, Codable, Sendable {
        /// The state: until it is there the node answers from an old one and does not vote.
        case snapshot
        /// The log below the state: only what needs old leaves is refused.
        case history
    }

    /// What is on its way.
    package var phase: Phase
    /// Parts that are there and verified: slots of the state map, or leaves.
    package var done: UInt64
    /// All parts; 0 while that is not known.
    package var total: UInt64
    /// One sentence for people.
    package var message: String

    /// Makes a report; the sentence follows.
    package init(phase: Phase, done: UInt64, total: UInt64) {
        self.phase = phase
        self.done = done
        self.total = total
        message =
            switch phase {
            case .snapshot where total == 0: "asking the others for a snapshot of the state"
            case .snapshot: "fetching the state: \(done) of \(total) parts are verified"
            case .history: "fetching the log below the snapshot: \(done) of \(total) leaves"
            }
    }
}

/// The tree head that an answer was taken from.
package struct CheckpointSummary: Codable, Hashable, Sendable {
    /// The number of leaves.
    package var size: UInt64
    /// The root, lower-case hex.
    package var root: String
    /// The time of the last block.
    package var time: Timestamp

    /// Makes a summary.
    package init(size: UInt64, root: String, time: Timestamp) {
        self.size = size
        self.root = root
        self.time = time
    }
}

/// Whether blocks can become final now, and if not, why.
package struct FinalityDocument: Codable, Hashable, Sendable {
    /// True if a quorum of validators is reachable.
    package var isWorking: Bool
    /// Validators within reach, this node included.
    package var reachable: Int
    /// Validators that must agree.
    package var quorum: Int
    /// All validators.
    package var validators: Int
    /// One sentence for people.
    package var message: String

    /// Makes a report; the sentence follows from the counts.
    package init(reachable: Int, quorum: Int, validators: Int) {
        isWorking = reachable >= quorum
        self.reachable = reachable
        self.quorum = quorum
        self.validators = validators
        message =
            isWorking
            ? "\(reachable) of \(validators) validators are reachable; \(quorum) are needed"
            : "nothing becomes final: only \(reachable) of \(validators) validators are reachable"
                + " and \(quorum) are needed; statements are kept and go on when one returns"
    }
}

/// One validator as this node sees it.
package struct ValidatorStatus: Codable, Hashable, Sendable {
    /// The member id.
    package var member: String
    /// Whether there is a live connection, always true for the node itself.
    package var isReachable: Bool
    /// The newest block it was heard to have.
    package var height: UInt64?
    /// Seconds since it was last heard.
    package var silentSeconds: UInt64?
    /// Statements that waited at this node for two blocks and still pass, and that a block of this validator
    /// left out although it had room; counted since the node started, once a block.
    package var passedOver: UInt64?

    /// Makes a report on one validator.
    package init(
        member: String,
        isReachable: Bool,
        height: UInt64? = nil,
        silentSeconds: UInt64? = nil,
        passedOver: UInt64? = nil
    ) {
        self.member = member
        self.isReachable = isReachable
        self.height = height
        self.silentSeconds = silentSeconds
        self.passedOver = passedOver
    }
}

/// How full the pool of waiting statements is.
package struct PoolDocument: Codable, Hashable, Sendable {
    /// Statements that wait.
    package var statements: Int
    /// The most that may wait.
    package var statementsMax: Int
    /// Their bytes.
    package var bytes: Int
    /// The most bytes that may wait.
    package var bytesMax: Int
    /// Statements that wait although the node gave an intake receipt as many blocks ago as there are
    /// validators, or more: each has led in between.
    package var overdueIntakes: Int?

    /// Makes a report.
    package init(
        statements: Int,
        statementsMax: Int,
        bytes: Int,
        bytesMax: Int,
        overdueIntakes: Int? = nil
    ) {
        self.statements = statements
        self.statementsMax = statementsMax
        self.bytes = bytes
        self.bytesMax = bytesMax
        self.overdueIntakes = overdueIntakes
    }
}

/// `/health/live` and `/health/ready`.
package struct HealthDocument: Codable, Hashable, Sendable {
    /// Whether the process works at all.
    package var isLive: Bool
    /// Whether it can serve reads of a current state and take statements.
    package var isReady: Bool
    /// What keeps it from being live or ready, a sentence each.
    package var reasons: [String]

    /// Makes a report.
    package init(isLive: Bool, isReady: Bool, reasons: [String] = []) {
        self.isLive = isLive
        self.isReady = isReady
        self.reasons = reasons
    }
}
