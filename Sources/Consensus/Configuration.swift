public import QuotaCrypto
internal import Votes

/// What a replica must know before its first step.
///
/// It never changes inside an epoch.
public struct Configuration: Sendable {
    /// SHA-256 of the genesis statement.
    public let chainID: Digest
    /// The epoch whose members agree here; the first is 1.
    public let epoch: UInt64
    /// The block that view 1 builds on: genesis, or the block that sealed the epoch before.
    public let root: BlockID
    /// The members, by position, and the order of leaders.
    public let committee: Committee
    /// This node's position, or nil if it only follows.
    public let ownIndex: Int?
    /// How many nodes beside the members are linked to this one and follow: their positions come after
    /// those of the members.
    public let observerCount: Int
    /// How long to wait for what.
    public let timeouts: Timeouts
    /// How much to accept of what.
    public let limits: Limits
    /// Seeds the spread of timers and the choice of peers; nothing that members must agree on.
    public let jitterSeed: UInt64
    /// How the epoch before ended here, for a node that starts in this one; nil if it does not know.
    ///
    /// A replica that goes over to the next epoch knows it by itself.
    public var ended: EndedEpoch?

    /// Rules switched off, so that the simulator can prove that it would notice.
    ///
    /// Never in a node.
    package var disabledRules: Set<Rule> = []

    /// Gathers the parts.
    ///
    /// - Precondition: `ownIndex`, if present, is the position of a member.
    public init(
        chainID: Digest,
        epoch: UInt64,
        root: BlockID,
        committee: Committee,
        ownIndex: Int?,
        observerCount: Int = 0,
        timeouts: Timeouts = Timeouts(),
        limits: Limits = Limits(),
        jitterSeed: UInt64 = 0
    ) {
        precondition(ownIndex.map { (0..<committee.count).contains($0) } ?? true, "not a member")
        self.chainID = chainID
        self.epoch = epoch
        self.root = root
        self.committee = committee
        self.ownIndex = ownIndex
        self.observerCount = observerCount
        self.timeouts = timeouts
        self.limits = limits
        self.jitterSeed = jitterSeed
    }

    /// How many positions links may come from.
    var linkCount: Int { committee.count + observerCount }
}

/// How long a replica waits, all in milliseconds.
public struct Timeouts: Hashable, Sendable {
    /// T0: how long a leader may take with the last view final; 1000 suits wide-area networks.
    public var viewBase: UInt64
    /// Tmax: the longest a view may take however far the last final view is.
    public var viewMax: UInt64
    /// Ts: with work and no progress, how often missing certificates and votes are sent again.
    public var standstill: UInt64
    /// How often to tell where this node stands while there is work.
    public var statusBusy: UInt64
    /// How often to tell where this node stands while there is none.
    public var statusIdle: UInt64
    /// How long a proposal may be late after its certificate before it is fetched.
    public var fetchGrace: UInt64
    /// The first pause before an unanswered fetch is repeated elsewhere; doubles each time.
    public var fetchRetry: UInt64
    /// The longest pause between two fetches of one thing.
    public var fetchRetryMax: UInt64
    /// A leader that signed nothing for this long while a quorum did is not waited for.
    public var leaderInactive: UInt64
    /// The shortest time between two bundles to one peer.
    public var bundlePause: UInt64
    /// The shortest time between two answers to a peer that recovers.
    public var recoveryPause: UInt64
    /// How long a node goes on in one view for the votes of others alone.
    public var help: UInt64
    /// How long an idle network walks on to where a peer may vote again.
    public var recoveryWalk: UInt64
    /// The shortest time between two such walks for one peer.
    public var recoveryWalkPause: UInt64

    /// The values of the protocol document, with T0 as given.
    public init(viewBase: UInt64 = 1_000) {
        self.viewBase = viewBase
        viewMax = 60_000
        standstill = max(viewBase, 500)
        statusBusy = 1_000
        statusIdle = 10_000
        fetchGrace = min(100, viewBase / 10)
        fetchRetry = 500
        fetchRetryMax = 30_000
        leaderInactive = 30_000
        bundlePause = 1_000
        recoveryPause = 500
        help = 120_000
        recoveryWalk = 120_000
        recoveryWalkPause = 3_600_000
    }

    /// T0 · 1.3^k, at most `viewMax`: the patience with a leader when k views beyond the pipeline are
    /// not final.
    public func view(unfinished k: UInt64) -> UInt64 {
        var timeout = viewBase
        var step: UInt64 = 0
        while step < k && timeout < viewMax {
            timeout = timeout * 13 / 10 + 1
            step += 1
        }
        return min(timeout, viewMax)
    }

    /// 0.4 · T0: how long an unfinished tip may wait for work before an echo carries it.
    public var echo: UInt64 { viewBase * 2 / 5 }

    /// 0.4 · Tmax: the longest that it may wait.
    public var echoMax: UInt64 { viewMax / 5 * 2 }
}

/// How much a replica accepts and holds.
public struct Limits: Hashable, Sendable {
    /// The most members a committee may have.
    public static let memberMax = Vote.memberMax
    /// The highest view that a message may name, so that arithmetic on views cannot overflow.
    public static let viewMax = Vote.viewMax

    /// The most bytes of one encoded block.
    public var blockBytesMax = 1 << 20
    /// The most bytes of one message: a block with the certificates that justify it.
    public var messageBytesMax = 2 << 20
    /// The most bytes of certificates and votes in one bundle.
    public var bundleBytesMax = 128 << 10
    /// How far above the current view votes and certificates are still kept.
    public var viewWindow: UInt64 = 128
    /// How many views below the last final one are remembered to detect contradicting votes.
    public var evidenceViews: UInt64 = 256
    /// The most evidence pairs kept per member.
    public var evidencePerMemberMax = 16
    /// The most bytes of final blocks asked for and not yet committed while catching up.
    public var catchUpBytesMax = 32 << 20
    /// The most bytes of blocks in one answer to a peer that catches up.
    public var answerBytesMax = 1 << 20

    /// The limits of the protocol document.
    public init() {}
}
