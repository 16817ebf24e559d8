/// A kind of fault that a run may draw (section 3.3 of the protocol's test plan).
package enum Fault: String, CaseIterable, Sendable {
    // Network.
    case loss
    case delay
    case reorder
    case duplicate
    case replay = "replay of old messages"
    case oldAnswers = "recovery answers of old"
    case partition
    case oneWayPartition = "one-way partition"
    case threeWayPartition = "three-way partition"
    case leaderCut = "leader cut off"
    case flappingLink = "flapping link"
    case slowLink = "slow link"
    case clog = "clog, then burst"
    case halfOpen = "half-open connection"
    case swizzleClog = "swizzle-clog"

    // Processes.
    case crash
    case crashOfAll = "crash of all"
    case crashBetweenEffects = "crash between effects"
    case crashAfterPersist = "crash between persist and send"
    case crashInCommit = "crash in commit"
    case pause
    case slowExecution = "slow execution"
    case slowProcessor = "processor 20 times slower"
    case deadForever = "dead for ever"
    case outcast = "bad until the core is proven live"

    // Clocks.
    case drift = "clock drifts"
    case jump = "clock jumps"
    case stuck = "clock stands still"
    case skew = "wall clock off by minutes"
    case leap = "leap second"

    // Disks.
    case lostWrite = "write lost in crash"
    case tornWrite = "torn write"
    case unsyncedWrites = "writes lost despite success"
    case lostRename = "directory entry lost"
    case bitRot = "bit rot"
    case misdirectedWrite = "misdirected write"
    case misdirectedRead = "misdirected read"
    case unreadableSector = "unreadable sector"
    case syncError = "sync fails once"
    case fullDisk = "disk full"
    case slowDisk = "slow disk"
    case stalledDisk = "disk stalls 5 s"
    case rollback = "backup restored"
    case lostDisk = "disk lost"
    case staleRecords = "stale records left"

    // Byzantine members, at most f, for ever.
    case equivocation
    case twins
    case withheldVotes = "votes withheld from some"
    case halfVotes = "notarizes and never finalizes"
    case lateVotes = "votes after the view"
    case withheldCertificates = "certificates withheld, then dumped"
    case nullifySpam = "nullify spam"
    case staleParent = "proposal on stale parent"
    case badJustification = "missing or padded justification"
    case invalidBlock = "invalid block"
    case wrongRoot = "wrong root"
    case farFuture = "votes of the far future"
    case giantBitmap = "giant certificate"
    case wrongEpoch = "another epoch"
    case echoAbuse = "echo abuse"
    case forgedVotes = "forged votes of others"
    case lyingStatus = "lying status"
    case lyingRecovery = "lying recovery answer"
    case lyingAnswers = "wrong answers to fetches"
    case mutation = "mutated messages"
    case frozen = "frozen member"
    case censorship
    case wrongGenesis = "another genesis"
    case wrongKey = "key of nobody"

    // Clients.
    case doubleSubmission = "double submission"
    case lateResubmission = "settled statement again"
    case race = "race for the last units"
    case boundaryAmount = "boundary amount"
    case flood

    // Epochs: a part of every run that has several.
    case join = "member joins"
    case leave = "member leaves"
    case rotation = "keys rotated mid-view"
    case sealCrash = "crash at the seal"
    case handOff = "epoch's end handed to one that lags"
    case relics = "votes and certificates of an ended epoch"
    case aboveSeal = "block above a seal"
    case colludingRemoval = "set changed by liars alone"
    case expiredInBlock = "expired statement in a block"

    // Of some runs that have several epochs: what every run could have came before.
    case upgrade = "killed, started as another build"
    case buildRollback = "old build on the disk of the newer"
    case otherWire = "build that speaks otherwise"
    case expired = "expired statement"
    case slowReader = "slow reader"

    // Snapshots: a part of every run that hands states over.
    case snapshotJoin = "state taken over by snapshot"
    case snapshotCrash = "crash in a snapshot"
    case snapshotGone = "snapshot gone while it was fetched"
    case snapshotRot = "part of a snapshot rots"
    case badPart = "snapshot with a bad part"
    case forkedSnapshot = "snapshot of a fork"

    /// What a Byzantine member may say or do, drawn per member.
    static let lies: [Fault] = [
        .equivocation, .withheldVotes, .halfVotes, .lateVotes, .withheldCertificates,
        .nullifySpam, .staleParent, .badJustification, .invalidBlock, .wrongRoot, .farFuture,
        .giantBitmap,
        .wrongEpoch, .echoAbuse, .forgedVotes, .lyingStatus, .lyingRecovery, .lyingAnswers,
        .mutation, .frozen, .censorship, .relics, .aboveSeal, .colludingRemoval,
        .expiredInBlock,
    ]

    /// The position in `allCases`: the tag of a case is its place in the declaration.
    ///
    /// Most messages are counted as faulty in some way, and the hash of a name costs more than the
    /// rest of it.
    package var position: Int { Int(unsafeBitCast(self, to: UInt8.self)) }

    /// What exists in every run of members that join and leave, and in no other.
    static let epochal: [Fault] = [
        .join, .leave, .rotation, .sealCrash, .handOff, .relics, .aboveSeal,
    ]

    /// What liars do besides where a change of the set needs approvals.
    static let ofSets: [Fault] = [.colludingRemoval, .expiredInBlock]

    /// What half of the runs in `epochs` have, and no other.
    static let occasional: [Fault] = [
        .upgrade, .buildRollback, .otherWire, .expired, .slowReader,
    ]

    /// What happens where states are handed over.
    static let ofSnapshots: [Fault] = [
        .snapshotJoin, .snapshotCrash, .snapshotGone, .snapshotRot, .badPart, .forkedSnapshot,
    ]

    /// What makes a member one that others must expect lies of.
    static let byzantine: [Fault] =
        lies + [.twins, .wrongGenesis, .wrongKey, .badPart, .forkedSnapshot]
}

/// How often each kind of fault struck.
package struct FaultCounts: Sendable {
    private var counts: [UInt64]

    package init() {
        counts = Array(repeating: 0, count: Fault.allCases.count)
    }

    /// Counts in the order of `Fault.allCases`, one for each.
    init(counts: [UInt64]) {
        self.counts = counts
    }

    package subscript(fault: Fault) -> UInt64 { counts[fault.position] }

    mutating func count(_ fault: Fault) {
        counts[fault.position] += 1
    }

    mutating func add(_ other: FaultCounts) {
        for index in counts.indices { counts[index] += other.counts[index] }
    }

    /// The kinds that struck.
    package var kinds: [Fault] { Fault.allCases.filter { self[$0] > 0 } }
}
