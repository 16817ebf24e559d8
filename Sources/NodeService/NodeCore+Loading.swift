import Consensus
import Ledger
import LedgerStore
import Logging
import MerkleLog
import QuotaCrypto

extension NodeCore {
    /// Reads final proposals for a peer that catches up, with their blocks.
    func load(_ request: LoadRequest) -> [ProposalEntry] {
        do {
            switch request.key {
            case .proposal(let id):
                guard let stored = try shared.store.proposal(id: id) else { return [] }
                return [try entry(stored)]
            case .seal(let epoch):
                guard let stored = try shared.store.lastProposal(epoch: epoch) else { return [] }
                return [try entry(stored)]
            case .finalized(let epoch, let view):
                var entries: [ProposalEntry] = []
                var bytes = 0
                for stored in try shared.store.proposals(
                    epoch: epoch,
                    after: view,
                    max: Self.loadMax
                ) {
                    let entry = try entry(stored)
                    bytes += entry.payload?.count ?? 0
                    guard entries.isEmpty || bytes <= request.bytesMax else { break }
                    entries.append(entry)
                }
                return entries
            }
        } catch {
            logger.error(
                "cannot read final blocks",
                metadata: [
                    "peer": "\(request.peer.map { roster.name(position: $0) } ?? roster.member)",
                    "error": "\(error)",
                ]
            )
            return []
        }
    }

    /// The most proposals of one answer.
    private static let loadMax = 64

    /// A stored proposal with the bytes of its block, made again from the leaves.
    private func entry(_ stored: StoredProposal) throws -> ProposalEntry {
        let entry = try ProposalEntry.decode(stored.entry)
        guard let height = stored.height, let block = try shared.store.block(height) else {
            return entry
        }
        guard !shared.store.lacks(block.first) else {
            throw SubtreeUnavailable(level: 0, index: block.first)
        }
        let leaves = try shared.store.leafBytes(block.first..<block.headerIndex + 1)
        let size = block.headerIndex + 1
        let text = LedgerState.checkpointText(
            origin: final.origin,
            size: size,
            root: try shared.store.root(size: size)
        )
        return ProposalEntry(
            proposal: entry.proposal,
            justification: entry.justification,
            payload: Block.encode(checkpointText: text, leaves: leaves),
            finalization: entry.finalization
        )
    }
}

extension StoreBatch {
    /// Adds a final proposal; its block goes in by itself.
    mutating func add(_ proposal: Commit.Final) {
        let entry = ProposalEntry(
            proposal: proposal.entry.proposal,
            justification: proposal.entry.justification,
            payload: nil,
            finalization: proposal.entry.finalization
        )
        proposals.append(
            StoredProposal(
                epoch: proposal.entry.proposal.epoch,
                view: proposal.entry.proposal.view,
                id: proposal.entry.proposal.id,
                height: proposal.isEcho ? nil : proposal.block.height,
                entry: entry.encoded()
            )
        )
    }

    /// Adds a final block: its leaves, what it changed in the state map, and the list of claims.
    mutating func add(_ block: Block, digest: Digest, state: LedgerState) {
        let header = block.header
        blocks.append(StoredBlock(header, digest: digest))
        for (offset, statement) in block.statements.enumerated() {
            let index = header.first + UInt64(offset)
            let identity = statement.identity
            leaves.append(
                StoredLeaf(
                    index: index,
                    bytes: statement.bytes,
                    hash: statement.leafHash,
                    kind: identity.kind.rawValue,
                    identity: StoredIdentity(issuer: identity.issuer, subject: identity.subject),
                    height: header.height
                )
            )
            addClaim(statement, index: index, state: state, time: header.time)
        }
        leaves.append(.header(block.headerBytes, block.headerHash, header))
        for claim in state.lastChangedClaims {
            guard let record = state.claim(issuer: claim.issuer, id: claim.id) else { continue }
            claimStates.append(
                (StoredIdentity(issuer: claim.issuer, subject: claim.id), record.state.rawValue)
            )
        }
        mapChanges += state.lastChanges.map { (key: $0.key, value: $0.value) }
    }

    /// Keeps the list of claims: a new one.
    mutating func addClaim(
        _ statement: Statement,
        index: UInt64,
        state: LedgerState,
        time: UInt64
    ) {
        let issuer = statement.identity.issuer
        switch statement.body {
        case .claim(let claim):
            guard let record = state.claim(issuer: issuer, id: statement.identity.subject) else {
                return
            }
            claims.append(
                StoredClaim(
                    issuer: issuer,
                    claim: statement.identity.subject,
                    index: index,
                    destination: claim.destination,
                    authority: claim.authority,
                    amountTenths: record.postings.map { record.amounts($0).sum }.max() ?? 0,
                    state: record.state.rawValue,
                    blockTime: time
                )
            )
        default:
            return
        }
    }
}
