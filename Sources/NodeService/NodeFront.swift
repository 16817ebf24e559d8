import APIModel
import Consensus
import HTTPAPI
import Ledger
import LedgerStore
import MerkleLog
import PeerNetwork
import QuotaCrypto
import QuotaRules
import StateMap
import Synchronization
import Transparency

/// The node as the HTTP shell sees it: reads from the shared view and the store, submissions to the
/// core.
///
/// Every answer comes from one final state.
struct NodeFront: NodeBackend {
    let shared: NodeShared
    let inbox: Inbox<CoreInput>
    let receipts: ReceiptDesk
    let gauges: NodeGauges
    let histories = HistoryShelf()
    let attention = AttentionShelf()

    /// How long a proof waits for the checkpoint of the last block to gather its quorum.
    static let publicationPatience = 40
    static let publicationPause = Duration.milliseconds(50)

    // MARK: The node

    func status() async throws -> StatusDocument {
        let state = shared.current.final
        let readings = gauges.readings
        let roster = shared.roster
        let connected = Set(shared.mesh.connectedPeers())
        return StatusDocument(
            origin: state.origin,
            chainID: state.chainID.description,
            version: Node.version,
            member: roster.member,
            epoch: state.epoch.number,
            isValidator: roster.ownIndex != nil,
            checkpoint: CheckpointSummary(state),
            height: state.height,
            view: readings.view,
            finality: finality,
            validators: roster.validators.indices.map { position in
                let isOwn = position == roster.ownIndex
                let name = roster.name(position: position)
                return ValidatorStatus(
                    member: name,
                    isReachable: isOwn
                        || roster.slot(position: position).map(connected.contains) ?? false,
                    height: isOwn ? state.height : nil,
                    passedOver: readings.passedOver[name] ?? 0
                )
            },
            pool: PoolDocument(
                statements: readings.poolStatements,
                statementsMax: shared.configuration.poolStatements,
                bytes: readings.poolBytes,
                bytesMax: shared.configuration.poolBytes,
                overdueIntakes: overdueIntakes(state.height, roster.validators.count)
            ),
            policy: state.policy.document.id,
            sync: readings.sync,
            voting: readings.voting
        )
    }

    /// Waiting statements that were receipted as many blocks ago as there are validators, or more.
    private func overdueIntakes(_ height: UInt64, _ validators: Int) -> Int {
        guard height >= UInt64(validators) else { return 0 }
        return gauges.intakes(atOrBefore: height - UInt64(validators))
    }

    /// Whether blocks can become final now.
    var finality: FinalityDocument {
        let roster = shared.roster
        let connected = Set(shared.mesh.connectedPeers())
        let own = roster.ownIndex == nil ? 0 : 1
        return FinalityDocument(
            reachable: roster.validatorSlots.count(where: connected.contains) + own,
            quorum: Validator.threshold(of: roster.validators.count),
            validators: roster.validators.count
        )
    }

    func health() async -> HealthDocument {
        let finality = finality
        var reasons: [String] = []
        if !finality.isWorking { reasons.append(finality.message) }
        let readings = gauges.readings
        if let alarm = readings.alarm { reasons.append(alarm) }
        if let sync = readings.sync, sync.phase == .snapshot { reasons.append(sync.message) }
        if let voting = readings.voting { reasons.append(voting) }
        return HealthDocument(isLive: true, isReady: reasons.isEmpty, reasons: reasons)
    }

    // MARK: The log

    func checkpoint() async throws -> [UInt8]? {
        shared.current.published?.note.bytes
    }

    func witnessedCheckpoint() async throws -> [UInt8]? { shared.current.witnessed?.note.bytes }

    func tile(_ path: TilePath) async throws -> [UInt8]? {
        guard path.isCovered(bySize: shared.store.size) else { return nil }
        guard path.isEntries else { return try Tile.bytes(path, from: shared.store) }
        let first = path.firstItem
        try requireLeaves(first...first + UInt64(path.width) - 1)
        return try EntryBundle.encode(
            try shared.store.leafBytes(first..<first + UInt64(path.width))
        )
    }

    func leaf(_ locator: LeafLocator) async throws -> LeafRecord? {
        let index: UInt64
        switch locator {
        case .index(let position): index = position
        case .entry(let hash):
            guard let found = try shared.store.leafIndex(of: hash) else {
                return try requireWholeLog()
            }
            index = found
        }
        try requireLeaves(index...index)
        guard let leaf = try shared.store.leaf(index),
            let block = try shared.store.block(leaf.height),
            let header = try shared.store.leaf(block.headerIndex)
        else { return nil }
        let time = try BlockHeader.decode(header.bytes).time
        var state: String?
        if leaf.kind == StatementKind.claim.rawValue, let identity = leaf.identity {
            state =
                shared.current.final
                .claim(issuer: identity.issuer, id: identity.subject)?.state.rawValue
        }
        return LeafRecord(
            entry: leaf.hash,
            index: index,
            height: leaf.height,
            time: time,
            bytes: leaf.bytes,
            state: state
        )
    }

    func consistencyPath(old: UInt64, new: UInt64) async throws -> [Digest] {
        guard new <= shared.store.size else {
            throw APIProblem.notFound(
                "unknown-size",
                field: "new",
                "This log has \(shared.store.size) leaves; ask for at most that size."
            )
        }
        return try ConsistencyProof(oldSize: old, newSize: new, from: shared.store).path
    }

    // MARK: Proofs and roots of trust

    func totalProof(_ query: TotalQuery) async throws -> [UInt8]? {
        guard let page = try await publishedPage() else { return nil }
        let state = page.state
        guard let key = accountKey(query, in: state) else { return nil }
        let proof = try InclusionProof(index: state.size - 1, size: state.size, from: shared.store)
        let total = state.totalProof(
            for: StateKey.account(key),
            path: proof.path,
            note: page.note
        )
        return Array(total.text.utf8)
    }

    /// The account that a query names: by default the country's cap in the period of the last block.
    private func accountKey(_ query: TotalQuery, in state: LedgerState) -> AccountKey? {
        let policy = state.policy.document
        let limit = policy.limits.first { limit in
            query.limit.map { limit.id == $0 } ?? (limit.isByCountry && limit.hasCap)
        }
        guard let limit, limit.isByCountry, let today = CalendarDate(posixSeconds: state.blockTime),
            let period = query.period ?? policy.period(of: limit.id, on: today)
        else { return nil }
        return AccountKey(limit: limit.id, subject: [query.country], period: period)
    }

    /// The published page of the last block, after a short wait for its quorum.
    func publishedPage() async throws -> CheckpointBook.Page? {
        let size = shared.current.final.size
        for _ in 0..<Self.publicationPatience {
            if let page = shared.current.published, page.state.size >= size { return page }
            try await Task.sleep(for: Self.publicationPause)
        }
        return shared.current.published
    }

    func genesis() async throws -> GenesisRecord {
        let state = shared.current.final
        return GenesisRecord(
            origin: state.origin,
            chainID: state.chainID,
            statement: state.genesis
        )
    }

    func trustPolicy() async throws -> String {
        try shared.current.final.trustPolicy().text
    }

    func receiptKeys() async throws -> [Ed25519.PublicKey] {
        shared.roster.validators.map(\.node.log)
    }
}
