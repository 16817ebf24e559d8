import Consensus
public import QuotaCrypto
public import StateMap

/// Brings a state over from other nodes: a pure machine from what they say to what is to be done.
///
/// It believes nobody: the head is walked from the genesis statement, every chunk is proven under the
/// root that the head leads to. Who sends what does not hold is named and asked no more; who is slow or
/// has nothing is passed over. Times are monotonic milliseconds.
public struct SnapshotFetch<Proof: SnapshotProof>: Sendable {
    /// What the driver must do, in order.
    public enum Action: Hashable, Sendable {
        /// Ask a peer.
        case send(SnapshotRequest, id: UInt64, to: Int)
        /// Keep verified bytes under a place, durably, to go on with them after a restart.
        case keep(place: [UInt8], bytes: [UInt8])
        /// Forget all that was kept.
        case forget
        /// A peer sent what does not hold.
        case blame(Int, String)
        /// The work on a snapshot begins.
        case begun(height: UInt64, size: UInt64, slots: Int)
        /// Everything is there: take it with `take()`.
        case complete
        /// There is nothing to fetch, or nobody who can be asked: replay the blocks instead.
        case giveUp(String)
    }

    /// How far it has come.
    public struct Progress: Hashable, Sendable {
        /// The height of the block whose state is fetched; nil while that is not decided.
        public var height: UInt64?
        /// Slots of the map that are there.
        public var done = 0
        /// Slots of the map in all.
        public var total = 0
        /// Chunks verified.
        public var chunks = 0
        /// Their bytes.
        public var bytes = 0
    }

    /// The bounds.
    public struct Limits: Hashable, Sendable {
        /// How many leaves a state must be ahead for a snapshot to be worth its while.
        public var gapMin: UInt64 = 1_000
        /// Requests under way to one peer.
        public var perPeerMax = 2
        /// Requests under way in all.
        public var inFlightMax = 8
        /// How long an answer may take, in ms.
        public var patience: UInt64 = 10_000
        /// How long to wait for everybody's offers, in ms.
        public var offerPatience: UInt64 = 3_000
        /// How often a peer may be late before it is passed over.
        public var lateMax = 3
        /// How often to begin with another snapshot before giving up.
        public var restartsMax = 8

        /// The default bounds.
        public init() {}
    }

    struct Peer: Sendable {
        var offers: [SnapshotOffer]?
        var inFlight = 0
        var lateCount = 0
        var isLiar = false
        /// Whether it does not have the chosen snapshot after all.
        var isPassedOver = false
    }

    enum Task: Hashable, Sendable {
        case offers
        case head
        case slot(Int)
    }

    struct Pending: Sendable {
        let peer: Int
        let task: Task
        let due: UInt64
    }

    enum Phase: Sendable {
        case asking(since: UInt64?)
        case head(SnapshotOffer)
        case chunks(SnapshotWork<Proof>)
        case over
    }

    /// Walks from what is trusted to the root of the map.
    let verify: @Sendable ([UInt8]) throws(SnapshotError) -> Proof
    let ownSize: UInt64
    let limits: Limits
    var peers: [Int: Peer] = [:]
    var pending: [UInt64: Pending] = [:]
    var phase = Phase.asking(since: nil)
    var actions: [Action] = []
    private var nextID: UInt64
    private var restarts = 0

    /// A fetch that goes on with what was kept.
    ///
    /// What was kept is verified again; what does not hold is fetched anew.
    ///
    /// - Parameters:
    ///   - ownSize: How many leaves the node holds.
    ///   - kept: What an earlier life of it kept.
    ///   - limits: The bounds.
    ///   - firstID: The number of the first question. Drawn at random, so that an answer to a question of
    ///     before a restart, which may still come, is not taken for one of now and held against its sender.
    ///   - verify: Reads and proves the head of a snapshot.
    public init(
        ownSize: UInt64,
        kept: [(place: [UInt8], bytes: [UInt8])] = [],
        limits: Limits = Limits(),
        firstID: UInt64,
        verify: @escaping @Sendable ([UInt8]) throws(SnapshotError) -> Proof
    ) {
        self.verify = verify
        self.ownSize = ownSize
        self.limits = limits
        nextID = firstID
        if let work = SnapshotWork(kept: kept, verify: verify) { phase = .chunks(work) }
    }

    /// How far it has come.
    public var progress: Progress {
        guard case .chunks(let work) = phase else { return Progress() }
        return work.progress
    }

    /// A link is up.
    public mutating func connected(_ peer: Int, now: UInt64) -> [Action] {
        if peers[peer] == nil { peers[peer] = Peer() }
        if peers[peer]?.isLiar == false { ask(.offers, peer, now) }
        return flush(now)
    }

    /// A link is down: what it was asked for is asked of others.
    public mutating func disconnected(_ peer: Int, now: UInt64) -> [Action] {
        for (id, request) in pending.sorted(by: { $0.key < $1.key }) where request.peer == peer {
            drop(id)
        }
        // A liar stays one.
        if peers[peer]?.isLiar != true { peers[peer] = nil }
        return flush(now)
    }

    /// Time has passed.
    public mutating func tick(now: UInt64) -> [Action] {
        for (id, request) in pending.sorted(by: { $0.key < $1.key }) where request.due <= now {
            drop(id)
            peers[request.peer]?.lateCount += 1
            if (peers[request.peer]?.lateCount ?? 0) >= limits.lateMax {
                peers[request.peer]?.isPassedOver = true
            }
        }
        return flush(now)
    }

    /// A peer answered; what was not asked for is ignored.
    public mutating func answered(
        _ answer: SnapshotAnswer,
        id: UInt64,
        from peer: Int,
        now: UInt64
    ) -> [Action] {
        guard let request = pending[id], request.peer == peer else { return [] }
        drop(id)
        switch (request.task, answer) {
        case (.offers, .offers(let offers)): peers[peer]?.offers = offers
        case (.head, .part(let bytes)): takeHead(bytes, from: peer)
        case (.slot(let slot), .part(let bytes)): takeChunk(bytes, slot, from: peer)
        case (_, .absent): peers[peer]?.isPassedOver = true
        default: blame(peer, "it answered another question")
        }
        return flush(now)
    }

    /// The snapshot with all entries of its map, once `complete` was said.
    public mutating func take() -> (Proof, [MapChunk.Entry])? {
        guard case .chunks(let work) = phase, work.isComplete else { return nil }
        phase = .over
        return (work.snapshot, work.entries)
    }

    // MARK: Inside

    func isHolder(_ peer: Int, of block: Digest) -> Bool {
        guard let known = peers[peer], !known.isLiar, !known.isPassedOver else { return false }
        return known.offers?.contains { $0.block == block } ?? false
    }

    func holders(of block: Digest) -> [Int] {
        peers.keys.sorted().filter { isHolder($0, of: block) }
    }

    mutating func ask(_ task: Task, _ peer: Int, _ now: UInt64) {
        let request: SnapshotRequest
        switch (task, phase) {
        case (.offers, _): request = .offers
        case (.head, .head(let offer)): request = .head(block: offer.block)
        case (.slot(let slot), .chunks(let work)):
            guard let path = work.cursors[slot] else { return }
            request = .chunk(block: work.snapshot.block.digest, path: path, bits: work.bits)
        default: return
        }
        pending[nextID] = Pending(peer: peer, task: task, due: now + limits.patience)
        peers[peer]?.inFlight += 1
        actions.append(.send(request, id: nextID, to: peer))
        nextID += 1
    }

    private mutating func drop(_ id: UInt64) {
        guard let request = pending.removeValue(forKey: id) else { return }
        if let count = peers[request.peer]?.inFlight, count > 0 {
            peers[request.peer]?.inFlight = count - 1
        }
        if case .slot(let slot) = request.task, case .chunks(var work) = phase {
            work.busy.remove(slot)
            phase = .chunks(work)
        }
    }

    mutating func blame(_ peer: Int, _ reason: String) {
        peers[peer]?.isLiar = true
        for (id, request) in pending.sorted(by: { $0.key < $1.key }) where request.peer == peer {
            drop(id)
        }
        actions.append(.blame(peer, reason))
    }

    /// Does what the phase asks for, and hands the actions out.
    private mutating func flush(_ now: UInt64) -> [Action] {
        switch phase {
        case .asking(let since): choose(since: since, now)
        case .head(let offer): askForHead(offer, now)
        case .chunks(let work): askForChunks(work, now)
        case .over: break
        }
        defer { actions = [] }
        return actions
    }

    mutating func restart(_ now: UInt64) {
        restarts += 1
        for (id, request) in pending.sorted(by: { $0.key < $1.key }) where request.task != .offers {
            drop(id)
        }
        actions.append(.forget)
        guard restarts <= limits.restartsMax else {
            phase = .over
            return actions.append(.giveUp("no peer could hand over a whole snapshot"))
        }
        phase = .asking(since: now)
        for peer in peers.keys.sorted() where peers[peer]?.isLiar != true {
            peers[peer]?.offers = nil
            peers[peer]?.isPassedOver = false
            peers[peer]?.lateCount = 0
            ask(.offers, peer, now)
        }
    }

    mutating func giveUp(_ reason: String) {
        phase = .over
        actions.append(.giveUp(reason))
    }
}

extension SnapshotFetch<VerifiedSnapshot> {
    /// A fetch for a node of the ledger with this genesis statement.
    public init(
        chainID: Digest,
        ownSize: UInt64,
        kept: [(place: [UInt8], bytes: [UInt8])] = [],
        limits: Limits = Limits(),
        firstID: UInt64
    ) {
        self.init(
            ownSize: ownSize,
            kept: kept,
            limits: limits,
            firstID: firstID
        ) { (bytes) throws(SnapshotError) in
            try SnapshotHead.decode(bytes).verify(chainID: chainID)
        }
    }
}
