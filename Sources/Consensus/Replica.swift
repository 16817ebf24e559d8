internal import QuotaCrypto
public import Votes

/// One member's part in the agreement: a pure machine from inputs to effects.
///
/// Rule numbers in comments (I1 to I6, 2.5 `onCert` …) are those of the target's README.
public struct Replica: Sendable {
    /// What it was made with.
    public let configuration: Configuration
    let signer: (any VoteSigner)?
    let verifier: any VoteVerifier

    // Durable (2.4).

    /// The last final proposal.
    public internal(set) var finalized: FinalizedTip
    /// No vote in this view or below: what was signed there was lost (section 2.9).
    public internal(set) var abstainUpTo: UInt64
    /// Whether an alarm stopped this replica from voting, for good.
    public internal(set) var isHalted: Bool
    /// The finalizations of the fork that stopped this replica, told to everybody again and again.
    var conflict: [Certificate] = []
    /// How the epoch before ended here.
    var ended: EndedEpoch?
    /// The contradicting votes seen so far, in order of detection.
    public internal(set) var evidence: [EvidencePair]

    // Volatile (2.4).

    /// The view it is in.
    public internal(set) var view: UInt64
    var rounds: [UInt64: Round] = [:]
    var pool = CandidatePool()
    /// Views above the last final one that hold a finalization, ascending.
    var finalizations: [UInt64] = []
    var highestNotarizedView: UInt64 = 0
    /// How many echoes end the final chain.
    var finalEchoes: UInt64 = 0
    var history: FinalHistory
    var workAvailable = false
    /// When this node stops going on in its view for the votes of others alone; nil while it does not.
    var helpEnd: UInt64?
    var isArmed = false
    var isBusy = false
    var isStandstillSet = false
    var finalizedAtStandstill: UInt64 = 0
    var leading = Leading.idle
    var peers: [Peer]
    var fetches = FetchTable()
    /// To whom what is final here was shown last.
    var showTurn = 0
    /// Final proposals of the epoch before, as others showed them, that were judged.
    var judgedEnds: [Digest] = []
    /// Where catching up by ranges has come to.
    var rangeCursor: UInt64 = 0
    /// The question where the others stand, while this member has lost its votes.
    var recovery: Recovery?
    /// The highest view that this member ever voted in, by its records.
    var highestOwnVote: UInt64 = 0
    var random: SeededRandom
    var now: UInt64 = 0
    /// Milliseconds during which a view timer ran.
    var armedTime: UInt64 = 0
    var restored: DurableState?
    /// Certificates that led to the next view and are not durable yet.
    var unsaved: [Certificate] = []
    /// Whether they must not wait for the next vote.
    var mustSave = false

    // Emptied by every step.

    var effects: [Effect] = []
    var records: [DurableRecord] = []
    /// Certificates that were checked and not yet applied.
    var arrivals: [Certificate] = []
    /// Candidates whose parent has just got a state, or lost the hope of one.
    var unblocked: [Digest] = []

    /// A replica that continues from its durable records; with none, one that starts at the root.
    ///
    /// - Parameters:
    ///   - configuration: What is agreed on by whom.
    ///   - signer: Signs this node's votes; nil for a node that only follows.
    ///   - verifier: Checks the members' votes.
    ///   - restoring: The current records of the durable store.
    /// - Throws: `RestoreError` if a record cannot be read or is of another epoch.
    public init(
        configuration: Configuration,
        signer: (any VoteSigner)?,
        verifier: any VoteVerifier,
        restoring: [DurableRecord]
    ) throws(RestoreError) {
        var state = try DurableState(restoring, limits: configuration.limits)
        try state.settle(for: configuration)
        try state.checkAge(for: configuration)
        self.configuration = configuration
        self.signer = configuration.ownIndex == nil ? nil : signer
        self.verifier = verifier
        finalized = state.tip ?? FinalizedTip(root: configuration.root)
        abstainUpTo = state.recoveryNonce == nil ? state.abstainUpTo : Limits.viewMax
        recovery = state.recoveryNonce.map {
            Recovery(nonce: $0, memberCount: configuration.committee.count)
        }
        isHalted = state.isHalted
        conflict = configuration.disabledRules.contains(.alarmIsTold) ? [] : state.conflict
        evidence = state.evidence
        ended = configuration.ended
        view = finalized.view + 1
        history = FinalHistory(finalized)
        peers = Array(repeating: Peer(), count: configuration.linkCount)
        random = SeededRandom(seed: configuration.jitterSeed)
        restored = state
    }

    /// A replica at the root of an epoch, without any record.
    init(
        beginning configuration: Configuration,
        signer: (any VoteSigner)?,
        verifier: any VoteVerifier
    ) {
        self.configuration = configuration
        self.signer = configuration.ownIndex == nil ? nil : signer
        self.verifier = verifier
        finalized = FinalizedTip(root: configuration.root)
        abstainUpTo = 0
        isHalted = false
        evidence = []
        view = 1
        history = FinalHistory(finalized)
        peers = Array(repeating: Peer(), count: configuration.linkCount)
        random = SeededRandom(seed: configuration.jitterSeed)
    }

    /// Takes one input and says what to do, in order.
    ///
    /// Records come first, so that no vote leaves before it is durable (2.6).
    ///
    /// - Parameters:
    ///   - input: What happened.
    ///   - now: Monotonic milliseconds; never decreases, its start does not matter.
    /// - Returns: What the driver must do before it takes the next input.
    public mutating func step(_ input: Input, now: UInt64) -> [Effect] {
        advanceClock(to: now)
        handle(input)
        drain()
        arm()
        scheduleFetches()
        saveCertificates()
        defer { effects = [] }
        guard !records.isEmpty else { return effects }
        defer { records = [] }
        return [.persist(records)] + effects
    }

    private mutating func handle(_ input: Input) {
        switch input {
        case .start: start()
        case .connected(let member): connected(member)
        case .received(let member, let bytes): received(bytes, from: member)
        case .message(let member, let message): received(message, from: member)
        case .timer(let timer): fired(timer)
        case .workAvailable(let isAvailable): workChanged(isAvailable)
        case .built(let request, let body): built(request, body)
        case .executed(let id, let outcome): executed(id, outcome)
        case .loaded(let request, let entries): loaded(request, entries)
        }
    }

    private mutating func received(_ bytes: [UInt8], from member: Int) {
        do {
            let message = try Message.decode(bytes, limits: configuration.limits)
            received(message, from: member)
        } catch {
            reject(member, .malformed(error))
        }
    }

    private mutating func received(_ message: Message, from member: Int) {
        guard peers.indices.contains(member), member != ownIndex else { return }
        switch message {
        case .propose(let entry, let vote): onPropose(entry, vote, from: member)
        case .vote(let vote): onVote(vote, from: member)
        case .certificate(let certificate): onCertificate(certificate, from: member)
        case .bundle(let bundle): onBundle(bundle, from: member)
        case .status(let status): onStatus(status, from: member)
        case .fetch(let id): onFetch(.proposal(id), from: member)
        case .fetchFinalized(let epoch, let view):
            onFetch(.finalized(epoch: epoch, after: view), from: member)
        case .proposals(let key, let entries): onProposals(entries, for: key, from: member)
        case .recover(let nonce): onRecover(nonce, from: member)
        case .standing(let standing): onStanding(standing, from: member)
        }
    }

    private mutating func fired(_ timer: Timer) {
        switch timer {
        case .view(let view): onViewTimer(view)
        case .echo(let view): onEchoTimer(view)
        case .standstill: onStandstill()
        case .status: onStatusTimer()
        case .fetch: onFetchTimer()
        }
    }

    private mutating func advanceClock(to time: UInt64) {
        let later = max(now, time)
        if isArmed { armedTime += later - now }
        now = later
    }
}

extension Replica {
    var committee: Committee { configuration.committee }
    var ownIndex: Int? { configuration.ownIndex }
    var timeouts: Timeouts { configuration.timeouts }
    var limits: Limits { configuration.limits }

    func follows(_ rule: Rule) -> Bool { !configuration.disabledRules.contains(rule) }

    mutating func emit(_ effect: Effect) { effects.append(effect) }

    mutating func persist(_ key: [UInt8], _ value: [UInt8]?) {
        records.append(DurableRecord(key: key, value: value))
    }

    mutating func reject(_ member: Int, _ reason: Rejection) {
        emit(.disconnect(member: member, reason: reason))
    }

    func round(_ view: UInt64) -> Round {
        rounds[view] ?? Round(memberCount: committee.count)
    }

    /// The first vote of a kind by a member in a view; quicker than by way of `round`.
    func ballot(_ kind: VoteKind, in view: UInt64, of member: Int) -> Ballot? {
        guard let index = rounds.index(forKey: view) else { return nil }
        return rounds.values[index][kind, member]
    }

    /// Changes what is known of a view.
    mutating func withRound<Result>(_ view: UInt64, _ change: (inout Round) -> Result) -> Result {
        let memberCount = committee.count
        return change(&rounds[view, default: Round(memberCount: memberCount)])
    }
}

/// Why a durable store cannot be continued from.
///
/// Never skip the record and go on: the member must recover instead (section 2.9).
public struct RestoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The record's key.
    public let key: [UInt8]
    /// What is wrong with it.
    public let problem: String

    /// A problem with a record.
    public init(key: [UInt8], problem: String) {
        self.key = key
        self.problem = problem
    }

    /// The key in hexadecimal and the problem.
    public var description: String { "consensus record \(Hex.encode(key)): \(problem)" }
}
