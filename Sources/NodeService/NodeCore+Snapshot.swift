import APIModel
import Consensus
import Foundation
import Ledger
import LedgerStore
import Logging
import MerkleLog
import PeerNetwork
import QuotaCrypto
import StateMap
import StateSync
import Transparency
import Verifier
import Votes

extension NodeCore {
    /// How often fetching is looked after, in ms.
    private static let fetchPeriod: UInt64 = 500
    /// How often it is logged how far fetching has come, in such periods.
    private static let fetchLogPeriods: UInt64 = 10

    /// Decides how this node comes to the present state.
    ///
    /// A node that holds the genesis only and may not vote asks for a snapshot. Until its state is
    /// whole and verified the replica hears nothing, so that it can neither vote nor say that the node
    /// is ready to.
    func beginFetching() {
        do {
            if final.height == 0, shared.store.base == nil,
                roster.ownIndex == nil || replica.isRecovering,
                !shared.configuration.joinsByReplay
            {
                let kept = try shared.store.incoming()
                fetch = SnapshotFetch(
                    chainID: final.chainID,
                    ownSize: final.size,
                    kept: kept,
                    firstID: .random(in: 0..<1 << 61)
                )
                if let fetch, fetch.progress.chunks > 0 {
                    report("going on with a snapshot", fetch)
                }
            } else {
                history = try HistoryFill(shared.store)
            }
        } catch {
            stopForStore(error)
        }
        guard fetch != nil || history != nil else { return }
        showFetching()
        deadlines.set(.snapshot, at: Self.now() + Self.fetchPeriod)
    }

    /// Whether a link that came up serves to fetch the state.
    func isFetching(connected peer: Int) -> Bool {
        guard let actions = fetch?.connected(peer, now: Self.now()) else { return false }
        perform(actions)
        return true
    }

    /// A link is down.
    func noteLost(_ peer: Int) {
        guard let actions = fetch?.disconnected(peer, now: Self.now()) else { return }
        perform(actions)
    }

    /// Time has passed.
    func lookAfterFetching() {
        let now = Self.now()
        if let actions = fetch?.tick(now: now) { perform(actions) }
        askForHistory()
        showFetching()
        guard fetch != nil || history != nil else { return }
        if now / Self.fetchPeriod % Self.fetchLogPeriods == 0, let sync = gauges.readings.sync {
            logger.info("\(sync.message)")
        }
        deadlines.set(.snapshot, at: now + Self.fetchPeriod)
    }

    /// A peer answered.
    func takeSnapshot(_ answer: SnapshotAnswer, id: UInt64, from peer: Int) {
        if let actions = fetch?.answered(answer, id: id, from: peer, now: Self.now()) {
            perform(actions)
        } else if history?.isAnswered(id, by: peer) == true {
            takeHistory(answer, from: peer)
        }
    }

    private func perform(_ actions: [SnapshotFetch<VerifiedSnapshot>.Action]) {
        for action in actions {
            switch action {
            case .send(let request, let id, let peer):
                turn.sends.append((peer, PeerMessage.snapshotRequest(id: id, request).frame))
            case .keep(let place, let bytes):
                store { try shared.store.keepIncoming(place: place, bytes: bytes) }
            case .forget:
                store { try shared.store.forgetIncoming() }
            case .blame(let peer, let reason):
                blame(peer, reason)
            case .begun(let height, let size, let slots):
                logger.notice(
                    "fetching a snapshot",
                    metadata: ["height": "\(height)", "size": "\(size)", "parts": "\(slots)"]
                )
            case .complete:
                finishFetching()
            case .giveUp(let reason):
                fetch = nil
                logger.notice("joining by replay", metadata: ["reason": "\(reason)"])
                replay()
            }
        }
        showFetching()
    }

    private func blame(_ peer: Int, _ reason: String) {
        logger.warning(
            "disconnecting a peer whose part of a snapshot does not hold",
            metadata: ["peer": "\(roster.name(slot: peer))", "reason": "\(reason)"]
        )
        shared.mesh.disconnect(peer, reason: "bad part of a snapshot")
    }

    /// Lets the replica hear the others from now on.
    func replay() {
        let connected = Set(shared.mesh.connectedPeers())
        for link in roster.links where connected.contains(link.slot) {
            feed(.connected(link.position))
        }
    }

    // MARK: The step to the state

    private func finishFetching() {
        guard let fetched = fetch, let (snapshot, entries) = fetch?.take() else { return }
        do {
            try install(snapshot, entries)
        } catch let error as StoreError {
            stopForStore(error)
        } catch {
            // Every part was verified: the parts of an honest quorum's state fit together.
            logger.critical(
                "a verified snapshot does not fit: replaying",
                metadata: ["error": "\(error)"]
            )
            store { try shared.store.forgetIncoming() }
            fetch = nil
            return replay()
        }
        report("the snapshot is whole and verified", fetched)
    }

    private func report(_ text: String, _ fetch: SnapshotFetch<VerifiedSnapshot>) {
        let progress = fetch.progress
        logger.notice(
            "\(text)",
            metadata: [
                "height": "\(progress.height ?? 0)", "chunks": "\(progress.chunks)",
                "bytes": "\(progress.bytes)", "root": "\(final.tree.root)",
            ]
        )
    }

    private func install(_ snapshot: VerifiedSnapshot, _ entries: [MapChunk.Entry]) throws {
        let state = try LedgerState(
            restoring: final.genesis,
            entries: entries.map { ($0.key, $0.value) },
            tree: snapshot.tree,
            header: snapshot.head.header
        )
        guard state.epoch.number == snapshot.epoch,
            Validator.digest(of: state.validators) == ValidatorKeys.digest(of: snapshot.validators)
        else { throw SnapshotError("map", "it names another epoch than the hand-offs") }
        let root = snapshot.epochRoot ?? finalID
        let records = try self.records(snapshot)
        var slots = slots
        let keys = shared.keys(for: state, besides: roster.keys)
        let roster = try Roster(state, member: roster.member, keys: keys, slots: &slots)
        let next = try Replica(
            configuration: Self.settings(state, root: root, roster, shared.configuration),
            signer: keys.vote,
            verifier: Ed25519VoteVerifier(keys: roster.validators.map(\.node.vote)),
            restoring: records
        )
        try shared.store.install(snapshot, entries)
        for timer in [.view(replica.view), .echo(replica.view), .standstill, .status, .fetch]
            as [Consensus.Timer]
        {
            deadlines.cancel(.replica(timer))
        }
        fetch = nil
        replica = next
        (final, finalDigest, executed) = (state, snapshot.block.digest, [:])
        linkedNewcomers = final.epoch.newcomers.map(\.node.transport)
        take(roster: keys)
        requireMark()
        book.begin(policy: trustPolicy(), seal: nil)
        turn.committed = true
        store { history = try HistoryFill(shared.store) }
        feed(.start)
        feed(.workAvailable(!pool.isEmpty))
        replay()
    }

    /// What the replica goes on from: what it holds already, and the last final proposal.
    private func records(_ snapshot: VerifiedSnapshot) throws -> [DurableRecord] {
        let held = try shared.store.consensusRecords().map {
            DurableRecord(key: $0.key, value: $0.value)
        }
        let tip = snapshot.tip.map {
            DurableRecord(key: DurableKey.lastFinal, value: $0.encoded())
        }
        return held.filter { $0.key != DurableKey.lastFinal } + (tip.map { [$0] } ?? [])
    }

    // MARK: The log below

    private func askForHistory() {
        let connected = Set(shared.mesh.connectedPeers())
        let peers = roster.slots.filter(connected.contains)
        guard let (request, id, peer) = history?.ask(peers, now: Self.now()) else { return }
        turn.sends.append((peer, PeerMessage.snapshotRequest(id: id, request).frame))
    }

    private func takeHistory(_ answer: SnapshotAnswer, from peer: Int) {
        guard case .part(let bytes) = answer else { return }
        do {
            try history?.take(bytes, state: final, store: shared.store)
        } catch let error as StoreError {
            stopForStore(error)
        } catch {
            history?.blame(peer)
            blame(peer, "\(error)")
        }
        guard history?.base.isFilling == true else {
            history = nil
            gauges.show(nil)
            logger.notice(
                "the log below the snapshot is whole",
                metadata: ["size": "\(final.size)"]
            )
            return
        }
        askForHistory()
    }

    // MARK: Telling

    private func showFetching() {
        if let progress = fetch?.progress {
            gauges.show(
                SyncDocument(
                    phase: .snapshot,
                    done: UInt64(progress.done),
                    total: UInt64(progress.total)
                )
            )
        } else if let base = history?.base {
            gauges.show(SyncDocument(phase: .history, done: base.filled, total: base.size))
        } else {
            gauges.show(nil)
        }
    }

    private func store(_ write: () throws -> Void) {
        do { try write() } catch { stopForStore(error) }
    }

    private func stopForStore(_ error: any Error) -> Never {
        logger.critical("stopping: the store cannot be written", metadata: ["error": "\(error)"])
        exit(74)
    }
}

extension LedgerStore {
    /// Puts a verified snapshot in the place of the state that is there.
    func install(_ snapshot: VerifiedSnapshot, _ entries: [MapChunk.Entry]) throws {
        var batch = StoreBatch()
        batch.mapChanges = entries.map { ($0.key, $0.value) }
        batch.consensus = [(DurableKey.lastFinal, snapshot.tip?.encoded())]
        var landmarks: [StoredLandmark] = []
        for (position, seal) in snapshot.seals.enumerated() {
            let header = try BlockHeader.decode(seal.header)
            landmarks.append(try StoredLandmark(header, seal.header, digest: seal.block().digest))
            batch.seals.append(
                StoredSeal(
                    epoch: UInt64(position) + 1,
                    size: header.treeSize,
                    note: seal.note.description,
                    validators: ValidatorKeys.encode(seal.validators)
                )
            )
        }
        if landmarks.last?.block.digest != snapshot.block.digest {
            landmarks.append(
                StoredLandmark(
                    snapshot.header,
                    snapshot.head.header,
                    digest: snapshot.block.digest
                )
            )
        }
        if let entry = snapshot.entry, let bytes = snapshot.head.proposal {
            let isEcho = entry.proposal.view != snapshot.header.view
            batch.proposals = [
                StoredProposal(
                    epoch: snapshot.epoch,
                    view: entry.proposal.view,
                    id: entry.proposal.id,
                    height: isEcho ? nil : snapshot.header.height,
                    entry: bytes
                )
            ]
        }
        try install(
            StoredBase(
                size: snapshot.tree.size,
                root: snapshot.tree.root,
                epoch: snapshot.epoch,
                view: snapshot.tip?.view ?? 0,
                edge: snapshot.head.edge.first ?? []
            ),
            edge: snapshot.head.edge,
            landmarks: landmarks,
            batch
        )
    }
}

extension StoredLandmark {
    /// A block of which the header leaf is known.
    fileprivate init(_ header: BlockHeader, _ bytes: [UInt8], digest: Digest) {
        self.init(
            block: StoredBlock(header, digest: digest),
            header: .header(bytes, TreeHash.leaf(bytes), header)
        )
    }
}
