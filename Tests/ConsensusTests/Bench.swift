import Consensus
import QuotaCrypto
import Votes

/// A committee with real keys around one replica under test.
///
/// The leader of view v is member (v − 1) mod n.
struct Bench {
    let keys: [Ed25519.PrivateKey]
    let configuration: Configuration
    var replica: Replica
    var now: UInt64 = 1_000
    /// What the replica keeps durably, as a driver would.
    var disk: [[UInt8]: [UInt8]] = [:]

    static let chainID = SHA256.hash(Array("bench chain".utf8))
    static let root = BlockID(height: 0, digest: SHA256.hash(Array("bench genesis".utf8)))

    init(
        members: Int = 4,
        own: Int = 3,
        restoring: [DurableRecord] = [],
        change: (inout Configuration) -> Void = { _ in }
    ) throws {
        keys = try (0..<members).map {
            try Ed25519.PrivateKey(seed: SHA256.hash(Array("bench key \($0)".utf8)).bytes)
        }
        var configuration = Configuration(
            chainID: Bench.chainID,
            epoch: 1,
            root: Bench.root,
            committee: Committee(count: members, leaderOrder: Array(0..<members)),
            ownIndex: own
        )
        change(&configuration)
        self.configuration = configuration
        replica = try Replica(
            configuration: configuration,
            signer: Ed25519VoteSigner(key: keys[own]),
            verifier: Ed25519VoteVerifier(keys: keys.map(\.publicKey)),
            restoring: restoring
        )
        for record in restoring { disk[record.key] = record.value }
    }

    /// A replica that has started, its first effects taken.
    static func started(
        members: Int = 4,
        own: Int = 3,
        change: (inout Configuration) -> Void = { _ in }
    ) throws -> Bench {
        var bench = try Bench(members: members, own: own, change: change)
        bench.step(.start)
        return bench
    }

    @discardableResult
    mutating func step(_ input: Input, after milliseconds: UInt64 = 0) -> [Effect] {
        now += milliseconds
        let effects = replica.step(input, now: now)
        for record in effects.records { disk[record.key] = record.value }
        return effects
    }

    /// The same node after a crash: only the disk is left.
    func restarted() throws -> Bench {
        var bench = try Bench(
            members: keys.count,
            own: configuration.ownIndex ?? 0,
            restoring: disk.map { DurableRecord(key: $0.key, value: $0.value) }
        )
        bench.now = now + 1
        return bench
    }

    /// Sends a message over the wire form, as a link does.
    @discardableResult
    mutating func receive(_ message: Message, from member: Int) -> [Effect] {
        step(.received(from: member, bytes: message.encoded()))
    }

    /// Votes of several members, one after the other.
    @discardableResult
    mutating func receive(
        _ kind: VoteKind,
        in view: UInt64,
        for proposal: Digest = .zero,
        from members: [Int]
    ) -> [Effect] {
        members.flatMap { receive(.vote(vote(kind, in: view, for: proposal, by: $0)), from: $0) }
    }

    func vote(
        _ kind: VoteKind,
        in view: UInt64,
        for proposal: Digest = .zero,
        by member: Int,
        epoch: UInt64 = 1
    ) -> Vote {
        Vote(
            chainID: Bench.chainID,
            epoch: epoch,
            kind: kind,
            view: view,
            proposal: proposal,
            member: member,
            signer: Ed25519VoteSigner(key: keys[member])
        )
    }

    func certificate(
        _ kind: VoteKind,
        in view: UInt64,
        for proposal: Digest = .zero,
        by members: [Int] = [0, 1, 2]
    ) -> Certificate {
        Certificate(
            epoch: 1,
            kind: kind,
            view: view,
            proposal: proposal,
            signatures: members.map {
                Certificate.Signature(
                    member: $0,
                    bytes: vote(kind, in: view, for: proposal, by: $0).signature
                )
            }
        )
    }

    /// A proposal of a view's leader with a block named by `text`, or an echo for nil.
    func entry(
        view: UInt64,
        on parent: ProposalEntry? = nil,
        block text: String? = "block",
        nullified: [UInt64] = []
    ) -> ProposalEntry {
        let digest = text.map { SHA256.hash(Array($0.utf8)) }
        let proposal = Proposal(
            chainID: Bench.chainID,
            epoch: 1,
            view: view,
            parentView: parent?.proposal.view ?? 0,
            parent: parent?.proposal.id ?? Bench.root.digest,
            block: digest ?? parent?.proposal.block ?? Bench.root.digest
        )
        return ProposalEntry(
            proposal: proposal,
            justification: Justification(
                parent: parent.map {
                    certificate(.notarize, in: $0.proposal.view, for: $0.proposal.id)
                },
                nullifications: nullified.map { certificate(.nullify, in: $0) }
            ),
            payload: text.map { Array($0.utf8) }
        )
    }

    /// The message by which a view's leader proposes an entry.
    func propose(_ entry: ProposalEntry) -> Message {
        let leader = configuration.committee.leader(of: entry.proposal.view)
        return .propose(
            entry,
            vote(.notarize, in: entry.proposal.view, for: entry.proposal.id, by: leader)
        )
    }

    /// Has the leader propose an entry and the driver accept its block.
    @discardableResult
    mutating func accept(
        _ entry: ProposalEntry,
        outcome: ExecutionOutcome = .valid
    ) -> [Effect] {
        let leader = configuration.committee.leader(of: entry.proposal.view)
        let effects = receive(propose(entry), from: leader)
        guard entry.payload != nil else { return effects }
        return effects + step(.executed(entry.proposal.id, outcome))
    }
}

extension Bench {
    /// The next epoch of the same members, after the last final block.
    func nextEpoch(observers: Int = 0, own: Int? = 3) -> Configuration {
        Configuration(
            chainID: Bench.chainID,
            epoch: 2,
            root: replica.finalized.block,
            committee: Committee(count: 4, leaderOrder: [0, 1, 2, 3]),
            ownIndex: own,
            observerCount: observers
        )
    }

    /// Goes over to the next epoch.
    @discardableResult
    mutating func succeed(observers: Int = 0, own: Int? = 3) -> [Effect] {
        let (next, effects) = replica.succeeded(
            by: nextEpoch(observers: observers, own: own),
            signer: Ed25519VoteSigner(key: keys[3]),
            verifier: Ed25519VoteVerifier(keys: keys.map(\.publicKey))
        )
        replica = next
        return effects + step(.start)
    }
}

extension [Effect] {
    var records: [DurableRecord] {
        flatMap { effect -> [DurableRecord] in
            switch effect {
            case .persist(let records): records
            case .commit(let commit): commit.records
            default: []
            }
        }
    }

    /// Messages with their receiver; nil for all.
    var messages: [(to: Int?, message: Message)] {
        compactMap { effect -> (to: Int?, message: Message)? in
            switch effect {
            case .broadcast(let message): (nil, message)
            case .send(let member, let message): (member, message)
            default: nil
            }
        }
    }

    /// Own votes that leave on their own.
    var votes: [Vote] {
        messages.compactMap { if case .vote(let vote) = $0.message { vote } else { nil } }
    }

    var proposals: [ProposalEntry] {
        messages.compactMap { if case .propose(let entry, _) = $0.message { entry } else { nil } }
    }

    var builds: [BuildRequest] {
        compactMap { if case .build(let request) = $0 { request } else { nil } }
    }

    var executions: [ExecuteRequest] {
        compactMap { if case .execute(let request) = $0 { request } else { nil } }
    }

    var commits: [Commit] {
        compactMap { if case .commit(let commit) = $0 { commit } else { nil } }
    }

    var alarms: [Alarm] {
        compactMap { if case .alarm(let alarm) = $0 { alarm } else { nil } }
    }

    var evidence: [EvidencePair] {
        compactMap { if case .evidence(let pair) = $0 { pair } else { nil } }
    }

    var loads: [LoadRequest] {
        compactMap { if case .load(let request) = $0 { request } else { nil } }
    }

    var rejections: [Rejection] {
        compactMap { if case .disconnect(_, let reason) = $0 { reason } else { nil } }
    }

    /// Timers set, with their delay.
    var timers: [Timer: UInt64] {
        reduce(into: [:]) { timers, effect in
            if case .setTimer(let timer, let delay) = effect { timers[timer] = delay }
        }
    }

    func kinds(in view: UInt64) -> [VoteKind] {
        votes.filter { $0.view == view }.map(\.kind)
    }
}
