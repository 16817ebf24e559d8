import Consensus
import Ledger
import LedgerFixture
import MerkleLog
import QuotaCrypto
import StateMap
import StateSync
import Transparency
import Verifier
import Votes

/// A ledger in memory whose blocks are made final by the votes of its validators: a few claims, a fifth
/// member that joins at the seal of epoch 1, and a block of epoch 2.
struct SyncLedger: Sendable {
    let fixture: LedgerFixture
    let newcomer: Founder
    private(set) var states: [LedgerState] = []
    private(set) var blocks: [Block] = []
    private(set) var steps: [HandOff] = []

    /// A ledger with so many organisations, so that the map has some size.
    init(organisations count: Int = 40) throws {
        fixture = try LedgerFixture()
        newcomer = try Founder("gpuco", .exporter, "US")
        let (state, block) = try LedgerState.genesis(fixture.genesis.bytes)
        (states, blocks) = ([state], [block])
        try add((0..<count).map { try fixture.organisation("lab-\($0)", in: "KE") })
        try add([try fixture.claim("c-1", to: "lab-1", in: "KE", quantity: 3)])
    }

    /// Seals epoch 1: the fifth member joins.
    mutating func seal() throws {
        let node = try newcomer.card(origin: LedgerFixture.origin).node
        guard let node else { throw Missing() }
        let card = try fixture.cardStatement(of: newcomer, node: node)
        try add([
            try fixture.proposal("j", .member(card)),
            try fixture.vote(on: "j", by: fixture.founders[2]),
        ])
        let word = try StatementDraft(
            .ready(ReadyBody(epoch: 2, node: node.digest, size: last.size)),
            issuer: newcomer.id,
            audience: LedgerFixture.origin,
            issuedAt: LedgerFixture.start
        ).signed(with: newcomer.seed.key(for: .log))
        try add([word])
        let checkpoint = Checkpoint(
            origin: last.origin,
            size: last.size,
            root: last.tree.root
        )
        let lines = try fixture.founders.flatMap {
            try $0.signatures(of: checkpoint, at: LedgerFixture.start + 9)
        }
        steps.append(
            HandOff(
                note: try SignedNote(text: checkpoint.text, signatures: lines),
                header: last.lastHeader.encoded(),
                path: try headerPath(),
                validators: last.validators.map { ValidatorKeys($0) }
            )
        )
    }

    mutating func add(_ statements: [Statement]) throws {
        let build = fixture.build(statements, on: last, view: UInt64(states.count))
        if let refused = build.refused.first { throw refused.refusal }
        guard let result = build.result else { throw Missing() }
        states.append(result.state)
        blocks.append(result.block)
    }

    var last: LedgerState { states[states.count - 1] }
    var chainID: Digest { last.chainID }
    var leaves: [[UInt8]] { blocks.flatMap(\.leaves) }
    var tree: MemoryTree { MemoryTree(leafHashes: leaves.map { TreeHash.leaf($0) }) }

    func headerPath() throws -> [Digest] {
        try InclusionProof(index: last.size - 1, size: last.size, from: tree).path
    }

    /// The validators of the present epoch as those who vote.
    var voters: [Founder] {
        let ids = last.validators.map(\.id)
        return (fixture.founders + [newcomer]).filter { ids.contains($0.id) }
            .sorted { $0.id < $1.id }
    }

    /// The last block as a final proposal.
    func entry(
        block: Digest? = nil,
        epoch: UInt64? = nil,
        kind: VoteKind = .finalize,
        chain: Digest? = nil,
        signers: [Founder]? = nil
    ) throws -> ProposalEntry {
        let number = epoch ?? last.epoch.number
        let proposal = Proposal(
            chainID: chain ?? chainID,
            epoch: number,
            view: 9,
            parentView: 0,
            parent: .zero,
            block: block ?? blocks[blocks.count - 1].digest
        )
        let voters = signers ?? self.voters
        let quorum = Committee(count: voters.count, seal: .zero).quorum
        let message = Vote.signedBytes(
            chainID: chain ?? chainID,
            epoch: number,
            kind: kind,
            view: 9,
            proposal: proposal.id
        )
        let signatures = try voters.prefix(quorum).enumerated().map { position, voter in
            Certificate.Signature(
                member: position,
                bytes: try voter.seed.key(for: .vote).sign(message)
            )
        }
        return ProposalEntry(
            proposal: proposal,
            justification: Justification(parent: nil, nullifications: []),
            payload: nil,
            finalization: Certificate(
                epoch: number,
                kind: kind,
                view: 9,
                proposal: proposal.id,
                signatures: signatures
            )
        )
    }

    /// The hashes of the last hash tile: this ledger has fewer than 256 leaves.
    var edge: [[Digest]] { [leaves.map { TreeHash.leaf($0) }] }

    /// What proves the last state.
    func head(
        entry: ProposalEntry?,
        steps: [HandOff]? = nil,
        header: [UInt8]? = nil,
        path: [Digest]? = nil,
        edge: [[Digest]]? = nil
    ) throws -> SnapshotHead {
        SnapshotHead(
            handOffs: UnverifiedHandOffs(genesis: last.genesis, steps: steps ?? self.steps)
                .encoded(),
            root: last.tree.root,
            header: header ?? last.lastHeader.encoded(),
            path: try path ?? headerPath(),
            proposal: entry?.encoded(),
            edge: edge ?? self.edge
        )
    }

    /// The whole state map by a walk over all chunks.
    func entries(bytesMax: Int) throws -> [MapChunk.Entry] {
        var entries: [MapChunk.Entry] = []
        var path: Digest? = .zero
        while let here = path {
            let chunk = last.map.chunk(at: here, bits: 0, bytesMax: bytesMax)
            entries += chunk.entries
            path = try chunk.verify(at: here, root: last.map.root)
        }
        return entries
    }

    struct Missing: Error {}
}
