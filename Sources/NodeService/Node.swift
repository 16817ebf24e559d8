import Consensus
import Dispatch
import Foundation
import HTTPAPI
import Ledger
import LedgerStore
package import Logging
import MerkleLog
import PeerNetwork
import QuotaCrypto
import ServiceLifecycle
import Transparency
import Votes

/// One running node: store, peers, core and HTTP listener, started and stopped as one service.
package final class Node: Service {
    /// The version that `/v1/status` reports.
    package static let version = "0.1.0"

    private let shared: NodeShared
    private let inbox: Inbox<CoreInput>
    private let intake: PeerIntake
    private let front: NodeFront
    private let core: CoreThread
    private let logger: Logger

    /// Opens the node in `home`: the store is made on the first start from the genesis file.
    ///
    /// - Throws: ``HomeError``, ``ConfigurationError``, ``NodeError`` or the store's error, each with
    ///   the file, the cause and the cure.
    package init(home: NodeHome, configuration: NodeConfiguration, logger: Logger) throws {
        self.logger = logger
        // One rule for signatures on every node, or one signature could split them.
        try Ed25519.checkLibrary()
        let genesis = try NodeHome.read(home.genesisFile)
        let founding = try LedgerState.genesis(genesis)
        guard founding.state.origin == configuration.origin else {
            throw NodeError(
                "\(home.genesisFile) is of the ledger \(founding.state.origin), but quotad.yaml"
                    + " names \(configuration.origin): use the files of one ledger"
            )
        }
        let store = try LedgerStore(directory: home.path, chainID: founding.state.chainID)
        let state = try Self.restore(store, founding)
        var slots = SlotTable()
        let recovers = try store.isRecovering()
        let keys = try Self.keys(for: state, home, configuration, recovers: recovers)
        let cards = try PeerCards(home: home, state: state)
        let roster = try Roster(
            state,
            member: configuration.member,
            keys: keys,
            cards: cards,
            slots: &slots
        )
        let mark = try Self.mark(store, state, home, configuration)
        let records = try store.consensusRecords().map {
            DurableRecord(key: $0.key, value: $0.value)
        }
        let replica = try Self.replica(store, state, founding, roster, configuration, records)
        let last = try store.lastBlock()?.digest ?? founding.block.digest
        guard replica.finalized.block.digest == last else {
            throw NodeError(
                "\(store.file): the last block and the record of what is final differ;"
                    + " restore a backup"
            )
        }
        let mesh = PeerMesh(
            identity: keys.transport,
            host: configuration.peerListen.host,
            port: configuration.peerListen.port,
            chainID: founding.state.chainID.bytes,
            peers: roster.links.map(\.peer),
            limits: PeerMessage.limits(
                consensusBytesMax: replica.configuration.limits.messageBytesMax
            ),
            logger: logger
        )
        shared = NodeShared(
            configuration: configuration,
            store: store,
            mesh: mesh,
            logger: logger,
            home: home,
            roster: roster,
            peerCards: cards,
            foreign: try Self.foreignWitness(configuration, home, state),
            state: state
        )
        inbox = Inbox(capacity: 20_000, bytesMax: 64 << 20) { $0.bytes }
        let receipts = ReceiptDesk(shared: shared)
        let gauges = NodeGauges()
        front = NodeFront(shared: shared, inbox: inbox, receipts: receipts, gauges: gauges)
        let snapshots = SnapshotDesk(shared: shared)
        intake = PeerIntake(
            shared: shared,
            inbox: inbox,
            receipts: receipts,
            snapshots: snapshots
        )
        var book = CheckpointBook(
            policy: try state.trustPolicy(),
            seal: try Self.sealPage(store, state),
            outside: configuration.witnesses.map(\.key)
        )
        if let stored = try store.lastCheckpoint(), stored.size == state.size {
            book.restore(try SignedNote(stored.note), state: state)
        }
        core = CoreThread(
            NodeCore(
                shared: shared,
                inbox: inbox,
                gauges: gauges,
                snapshots: snapshots,
                replica: replica,
                slots: slots,
                final: state,
                book: book,
                mark: mark,
                accusations: DurableRecord.evidence(in: records)
            )
        )
    }

    /// Runs until the task is cancelled or a graceful shutdown begins.
    package func run() async throws {
        let core = core
        let api = shared.configuration.apiListen
        let server = APIServer(
            backend: front,
            configuration: APIConfiguration(host: api.host, port: api.port),
            logger: logger
        )
        try await shared.mesh.start()
        core.start()
        let intake = intake
        let pump = Task(priority: .high) { await intake.run() }
        let push = WitnessPush(shared: shared, inbox: inbox)
        let pushing = Task { await push.run() }
        logger.info(
            "node started",
            metadata: [
                "member": "\(shared.configuration.member)",
                "origin": "\(shared.configuration.origin)",
                "size": "\(shared.current.final.size)", "api": "\(api)",
                "peer": "\(shared.configuration.peerListen)",
            ]
        )
        let service = server.service()
        do {
            try await service.run()
        } catch {
            logger.error("the HTTP listener ended", metadata: ["error": "\(error)"])
            await stop(pump, pushing)
            throw error
        }
        await stop(pump, pushing)
    }

    /// The witness of logs of others; the own one is none of them.
    private static func foreignWitness(
        _ configuration: NodeConfiguration,
        _ home: NodeHome,
        _ state: LedgerState
    ) throws -> ForeignWitness {
        let keys = configuration.witnessedLogs
        guard !keys.contains(where: { $0.name.utf8.elementsEqual(state.origin.utf8) }) else {
            throw ConfigurationError(
                key: "witnessed-logs",
                problem: "\(state.origin) is this node's own log, which it cosigns anyway"
            )
        }
        return try ForeignWitness(keys: keys, folder: home.file("witnessed"))
    }

    private func stop(_ pump: Task<Void, Never>, _ pushing: Task<Void, Never>) async {
        pushing.cancel()
        await pushing.value
        await shared.mesh.shutdown()
        pump.cancel()
        intake.stop()
        inbox.insist(.stop)
        await core.finished()
        do {
            try shared.store.close()
        } catch {
            logger.error("closing the store", metadata: ["error": "\(error)"])
        }
        logger.info("node stopped")
    }

    // MARK: Opening

    /// The last final state: from the store, or from the genesis, which is then stored.
    static func restore(
        _ store: LedgerStore,
        _ founding: (state: LedgerState, block: Block)
    ) throws -> LedgerState {
        guard let last = try store.lastBlock() else {
            var batch = StoreBatch()
            batch.add(founding.block, digest: founding.block.digest, state: founding.state)
            try store.writeDurably(batch)
            return founding.state
        }
        guard last.height > 0 else { return founding.state }
        var entries: [(key: [UInt8], value: [UInt8])] = []
        entries.reserveCapacity(try store.mapCount())
        try store.forEachMapEntry { entries.append(($0, $1)) }
        guard let header = try store.leaf(last.headerIndex) else {
            throw StoreError.damaged(file: store.file, detail: "the last block's header is missing")
        }
        let tree = try store.compactTree()
        do throws(LedgerError) {
            return try LedgerState(
                restoring: founding.state.genesis,
                entries: entries,
                tree: tree,
                header: header.bytes
            )
        } catch {
            throw StoreError.damaged(file: store.file, detail: error.description)
        }
    }

    /// The bounds of consensus: a block is as large as the ledger lets it be.
    static var limits: Limits {
        var limits = Limits()
        limits.blockBytesMax = BlockLimits.blockBytesMax
        return limits
    }

    /// The keys that the ledger lists for this member, or those of its card if it lists none yet.
    private static func keys(
        for state: LedgerState,
        _ home: NodeHome,
        _ configuration: NodeConfiguration,
        recovers: Bool
    ) throws -> NodeKeys {
        let present = try NodeKeys(file: home.nodeSeedFile, configuration)
        guard let card = state.validators.first(where: { $0.id == configuration.member })?.node
        else { return present }
        guard let keys = NodeKeys.matching(card, in: home, configuration) else {
            // The genesis names keys that a later epoch may have replaced, and that are erased.
            if recovers, state.height == 0 { return present }
            throw NodeError(
                "\(home.nodeSeedFile) does not hold the keys that the ledger lists for"
                    + " \(configuration.member): restore the seed that made its card, or, if they were"
                    + " changed since and the store is lost: quotad recover --home \(home.path)"
            )
        }
        // A crash may have come between the seal and the end of the old keys.
        _ = try NodeKeys.promote(keys, in: home, configuration)
        return keys
    }

    /// The mark of votes, if the node has one: it must not be ahead of the store.
    private static func mark(
        _ store: LedgerStore,
        _ state: LedgerState,
        _ home: NodeHome,
        _ configuration: NodeConfiguration
    ) throws -> VoteMark? {
        let file = configuration.markFile(in: home)
        let chainID = state.chainID
        let stored = try store.votes()
        guard let marked = try VoteMark.read(file, chainID: chainID) else {
            guard let stored else { return nil }
            throw NodeError.lostVotes(
                "it has voted in \(stored) turns, but \(file), which says so too, is gone",
                home: home
            )
        }
        guard stored ?? 0 >= marked else {
            throw NodeError.lostVotes(
                "\(store.file) knows of \(stored ?? 0) turns in which this node voted, but \(file) of"
                    + " \(marked): the store is an old copy or was made anew",
                home: home
            )
        }
        return try VoteMark(path: file, chainID: chainID, count: stored ?? 0)
    }

    private static func replica(
        _ store: LedgerStore,
        _ state: LedgerState,
        _ founding: (state: LedgerState, block: Block),
        _ roster: Roster,
        _ configuration: NodeConfiguration,
        _ records: [DurableRecord]
    ) throws -> Replica {
        let height = state.epoch.sealHeight
        let sealed = height == 0 ? founding.block.digest : try store.block(height)?.digest
        guard let sealed else {
            throw StoreError.damaged(
                file: store.file,
                detail: "block \(height), with which the epoch begins, is missing"
            )
        }
        let root = BlockID(height: height, digest: sealed)
        var settings = NodeCore.settings(state, root: root, roster, configuration)
        settings.ended = try ended(store, state.epoch, seal: root)
        return try Replica(
            configuration: settings,
            signer: roster.keys.vote,
            verifier: Ed25519VoteVerifier(keys: roster.validators.map(\.node.vote)),
            restoring: records
        )
    }

    /// How the epoch before ended; nil in the first, and where the log below a snapshot is not there.
    private static func ended(
        _ store: LedgerStore,
        _ epoch: Epoch,
        seal: BlockID
    ) throws -> EndedEpoch? {
        guard epoch.number > 1, let last = try store.lastProposal(epoch: epoch.number - 1) else {
            return nil
        }
        return EndedEpoch(
            committee: Committee(count: epoch.former.count, seal: seal.digest),
            verifier: Ed25519VoteVerifier(keys: epoch.former.map(\.node.vote)),
            last: try ProposalEntry.decode(last.entry),
            seal: seal
        )
    }

    /// The checkpoint that ended the last epoch, with the lines that were gathered so far.
    private static func sealPage(_ store: LedgerStore, _ state: LedgerState) throws -> SealPage? {
        let epoch = state.epoch
        guard epoch.number > 1, let block = try store.block(epoch.sealHeight) else { return nil }
        let size = block.headerIndex + 1
        // Below a snapshot there is no tree to take the root from yet.
        if let base = store.base, base.isFilling, size <= base.size { return nil }
        var page = SealPage(
            epoch: epoch.number - 1,
            size: size,
            text: LedgerState.checkpointText(
                origin: state.origin,
                size: size,
                root: try store.root(size: size)
            ),
            policy: try Validator.trustPolicy(of: epoch.former, origin: state.origin),
            next: epoch.validators
        )
        // A node that only followed may have stored it before anybody's line came.
        if let stored = try store.seals().last, stored.size == size,
            let note = try? SignedNote(stored.note)
        {
            page?.merge(note.signatures)
        }
        return page
    }
}

/// Why a node cannot start: what is wrong and what to do.
package struct NodeError: Error, CustomStringConvertible {
    /// The sentence.
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
