public import Ledger
public import LedgerFixture
public import MerkleLog
import QuotaCrypto
import Transparency
public import Verifier

/// A ledger of three epochs: a fifth validator joins, one leaves.
public struct EpochLedger: Sendable {
    /// The time of every signature.
    public static let signed = LedgerFixture.start + 1_000

    /// The founders and their statements.
    public let fixture: LedgerFixture
    /// Who joins.
    public let newcomer: Founder
    /// The state after the last block.
    public private(set) var last: LedgerState
    /// Every leaf.
    public private(set) var leaves: [[UInt8]]
    private var steps: [HandOff] = []

    /// Makes the ledger; always the same.
    public init() throws {
        fixture = try LedgerFixture()
        newcomer = try Founder("gpuco", .exporter, "US")
        let (state, block) = try LedgerState.genesis(fixture.genesis.bytes)
        (last, leaves) = (state, block.leaves)
        let node = try newcomer.card(origin: LedgerFixture.origin).node
        try add([
            try fixture.proposal("j", .member(try fixture.cardStatement(of: newcomer, node: node))),
            try fixture.vote(on: "j", by: fixture.founders[2]),
        ])
        guard let node else { throw NoNode() }
        let ready = ReadyBody(epoch: 2, node: node.digest, size: last.size)
        try add([
            try StatementDraft(
                .ready(ready),
                issuer: newcomer.id,
                audience: LedgerFixture.origin,
                issuedAt: LedgerFixture.start
            ).signed(with: newcomer.seed.key(for: .log))
        ])
        try seal(by: fixture.founders)
        try add([
            try fixture.proposal("l", .expel(member: "chipco")),
            try fixture.vote(on: "l", by: fixture.founders[2]),
        ])
        try seal(by: fixture.founders + [newcomer])
        try add([try fixture.organisation("late-ke", in: "KE")])
    }

    private struct NoNode: Error {}

    private mutating func add(_ statements: [Statement]) throws {
        let build = fixture.build(statements, on: last)
        if let refused = build.refused.first { throw refused.refusal }
        guard let result = build.result else { return }
        last = result.state
        leaves += result.block.leaves
    }

    /// The end of the last epoch, signed by its validators.
    private mutating func seal(by signers: [Founder]) throws {
        let checkpoint = Checkpoint(origin: last.origin, size: last.size, root: last.tree.root)
        let proof = try InclusionProof(index: last.size - 1, size: last.size, from: tree)
        steps.append(
            HandOff(
                note: try SignedNote(
                    text: checkpoint.text,
                    signatures: try signers.flatMap {
                        try $0.signatures(of: checkpoint, at: Self.signed)
                    }
                ),
                header: last.lastHeader.encoded(),
                path: proof.path,
                validators: last.validators.map { ValidatorKeys($0) }
            )
        )
    }

    /// The whole tree.
    public var tree: MemoryTree { MemoryTree(leafHashes: leaves.map { TreeHash.leaf($0) }) }

    /// The steps from the founders to the present validators.
    public var file: UnverifiedHandOffs {
        UnverifiedHandOffs(genesis: last.genesis, steps: steps)
    }

    /// The last statement, with receipts by the given validators.
    public func statement(by signers: [Founder]) throws -> TransparentStatement {
        let index = last.size - 2
        let statement = try Statement.decode(leaves[Int(index)])
        let proof = try InclusionProof(index: index, size: last.size, from: tree)
        return TransparentStatement(
            statement,
            receipts: try signers.map {
                try $0.receipt(for: statement, proof: proof, at: Self.signed).bytes
            }
        )
    }
}
