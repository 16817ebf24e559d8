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
        let validators = founding.state.validators
        guard let own = validators.firstIndex(where: { $0.id == configuration.member }) else {
            throw NodeError(
                "\(configuration.member) is not a validator of \(configuration.origin): the genesis"
                    + " names \(validators.map(\.id).joined(separator: ", "))"
            )
        }
        let seed = try SecretSeed(NodeHome.readSeed(home.nodeSeedFile))
        let keys = try NodeKeys(
            seed: seed,
            member: configuration.member,
            origin: configuration.origin
        )
        guard keys.match(validators[own].node) else {
            throw NodeError(
                "\(home.nodeSeedFile) does not hold the keys that the genesis lists for"
                    + " \(configuration.member): restore the seed that made its card"
            )
        }
        let store = try LedgerStore(directory: home.path, chainID: founding.state.chainID)
        let state = try Self.restore(store, founding)
        let replica = try Self.replica(
            store,
            founding: founding,
            keys: keys,
            own: own,
            configuration: configuration
        )
        let last = try store.lastBlock()?.digest ?? founding.block.digest
        guard replica.finalized.block.digest == last else {
            throw NodeError(
                "\(store.file): the last block and the record of what is final differ;"
                    + " restore a backup"
            )
        }
        let mesh = try PeerMesh(
            own: own,
            identity: keys.transport,
            host: configuration.peerListen.host,
            port: configuration.peerListen.port,
            chainID: founding.state.chainID.bytes,
            peers: Self.peers(validators),
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
            keys: keys,
            ownIndex: own,
            state: state
        )
        inbox = Inbox(capacity: 20_000, bytesMax: 64 << 20) { $0.bytes }
        let receipts = ReceiptDesk(shared: shared)
        let gauges = NodeGauges()
        front = NodeFront(shared: shared, inbox: inbox, receipts: receipts, gauges: gauges)
        intake = PeerIntake(shared: shared, inbox: inbox, receipts: receipts)
        var book = CheckpointBook(policy: try state.trustPolicy())
        if let stored = try store.lastCheckpoint(), stored.size == state.size {
            book.restore(try SignedNote(stored.note), state: state)
        }
        core = CoreThread(
            NodeCore(
                shared: shared,
                inbox: inbox,
                gauges: gauges,
                replica: replica,
                final: state,
                book: book
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
            await stop(pump)
            throw error
        }
        await stop(pump)
    }

    private func stop(_ pump: Task<Void, Never>) async {
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
    private static func restore(
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

    private static func replica(
        _ store: LedgerStore,
        founding: (state: LedgerState, block: Block),
        keys: NodeKeys,
        own: Int,
        configuration: NodeConfiguration
    ) throws -> Replica {
        let validators = founding.state.validators
        let root = BlockID(height: 0, digest: founding.block.digest)
        let settings = Configuration(
            chainID: founding.state.chainID,
            epoch: 1,
            root: root,
            committee: Committee(count: validators.count, seal: root.digest),
            ownIndex: own,
            timeouts: Timeouts(viewBase: UInt64(configuration.viewTimeoutMilliseconds)),
            limits: limits,
            jitterSeed: UInt64(own)
        )
        return try Replica(
            configuration: settings,
            signer: keys.vote,
            verifier: Ed25519VoteVerifier(keys: validators.map(\.node.vote)),
            restoring: try store.consensusRecords().map {
                DurableRecord(key: $0.key, value: $0.value)
            }
        )
    }

    private static func peers(_ validators: [Validator]) throws -> [PeerDescription] {
        try validators.enumerated().map { position, validator in
            guard let endpoint = Endpoint(validator.node.peer) else {
                throw NodeError(
                    "\(validator.id)'s card has no peer address: \(validator.node.peer)"
                )
            }
            return PeerDescription(
                index: position,
                id: validator.id,
                transportKey: validator.node.transport.bytes,
                host: endpoint.host,
                port: endpoint.port
            )
        }
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
