import CBOR
public import Ledger
import MerkleLog
public import QuotaCrypto
import Transparency

/// Replays a whole ledger from its leaves, one after the other.
///
/// Every signature, every rule and every root is computed again, by the state machine that the
/// validators run, and after each block the ledger's invariants are checked. Feed all leaves with `append`, then compare with a signed checkpoint by `finish`.
public struct LedgerAudit: Sendable {
    /// Checks signatures ahead, for shells that use several cores: gives the leaf hashes of the
    /// statements whose signatures hold at a state.
    ///
    /// What it leaves out is checked in turn.
    public typealias SignatureCheck = @Sendable (LedgerState, [Statement]) -> Set<Digest>

    /// What was replayed so far.
    public struct Progress: Hashable, Sendable {
        /// The number of leaves, headers included.
        public var leaves: UInt64 = 0
        /// The number of blocks.
        public var blocks: UInt64 = 0
        /// The number of statements of each kind, in the order of `StatementKind.allCases`.
        public var statements: [UInt64] = StatementKind.allCases.map { _ in 0 }
    }

    /// The state after the last whole block; nil before genesis.
    public private(set) var state: LedgerState?
    /// What was replayed so far.
    public private(set) var progress = Progress()
    /// The last whole block; nil before genesis.
    public private(set) var lastBlock: Block?
    private var pending: [[UInt8]] = []
    private(set) var rows = TileRows()
    private let signatureCheck: SignatureCheck
    private let keepsJournal: Bool

    /// An audit of an empty ledger.
    ///
    /// - Parameters:
    ///   - keepsJournal: Whether ``state`` keeps the journal of the last block.
    ///   - signatureCheck: Checks signatures ahead.
    public init(
        keepsJournal: Bool = false,
        signatureCheck: @escaping SignatureCheck = { _, _ in [] }
    ) {
        self.keepsJournal = keepsJournal
        self.signatureCheck = signatureCheck
    }

    /// An audit that was stopped after the block of `state`.
    init(
        state: LedgerState,
        rows: TileRows,
        progress: Progress,
        keepsJournal: Bool,
        signatureCheck: @escaping SignatureCheck
    ) throws(VerificationFailure) {
        guard progress.leaves == state.size else {
            throw VerificationFailure(.malformed, "the saved counts do not fit the saved state")
        }
        self.state = state
        self.rows = rows
        self.progress = progress
        self.keepsJournal = keepsJournal
        self.signatureCheck = signatureCheck
    }

    /// The first byte of a statement: the tag of a COSE_Sign1.
    ///
    /// A block header starts as a map.
    private static let statementMark: UInt8 = 0xD2

    /// Takes the next leaf; a block header closes a block and has it checked.
    ///
    /// - Parameter leaf: The entry's bytes.
    /// - Returns: The hash tiles that are full now, to be compared with those that the log serves.
    /// - Throws: `VerificationFailure` that names the leaf or the block.
    public mutating func append(
        _ leaf: [UInt8]
    ) throws(VerificationFailure) -> [AuditedTile] {
        guard leaf.first != Self.statementMark else {
            guard pending.count < BlockLimits.statementCountMax else {
                throw VerificationFailure(
                    .ruleBroken,
                    "leaf \(progress.leaves): \(pending.count) statements without a block header"
                )
            }
            pending.append(leaf)
            progress.leaves += 1
            return []
        }
        let block: Block
        do {
            block = try self.block(header: leaf)
        } catch {
            throw VerificationFailure(
                .ruleBroken,
                "block \(progress.blocks), at leaf \(progress.leaves): \(error)"
            )
        }
        return close(block)
    }

    /// The tiles that are not full at the end of the log.
    public var partialTiles: [AuditedTile] { rows.partial }

    /// Builds the block that a header closes, checks it and moves the state on.
    private mutating func block(header: [UInt8]) throws -> Block {
        guard let state else {
            guard pending.count == 1 else { throw AuditProblem.genesisAlone }
            let (state, block) = try LedgerState.genesis(pending[0])
            guard block.headerBytes == header else { throw AuditProblem.genesisHeader }
            if let violation = LedgerInvariants.checkWhole(state).first {
                throw AuditProblem.invariant(violation)
            }
            self.state = state
            return block
        }
        var tree = state.tree
        for statement in pending { tree.append(TreeHash.leaf(statement)) }
        tree.append(TreeHash.leaf(header))
        let checkpoint = Checkpoint(origin: state.origin, size: tree.size, root: tree.root)
        let encoded = CBORValue.array([
            .unsigned(BlockHeader.version), .text(checkpoint.text), .bytes(header),
            .array(pending.map { .bytes($0) }),
        ]).encoded()
        let block = try Block.decode(encoded)
        let checked = signatureCheck(state, block.statements)
        let after = try state.verify(
            block,
            keepsJournal: keepsJournal,
            isVerified: checked.contains
        )
        if let violation = LedgerInvariants.check(before: state, block: block, after: after).first {
            throw AuditProblem.invariant(violation)
        }
        self.state = after
        return block
    }

    private mutating func close(_ block: Block) -> [AuditedTile] {
        pending = []
        lastBlock = block
        progress.leaves += 1
        progress.blocks += 1
        for statement in block.statements {
            if let kind = StatementKind.allCases.firstIndex(of: statement.identity.kind) {
                progress.statements[kind] += 1
            }
        }
        return block.leafHashes.flatMap { rows.append($0) }
    }

    /// Whether the last leaf was a block header.
    var isAtBlockEnd: Bool { pending.isEmpty }
}

/// What only a replay can find wrong.
private enum AuditProblem: Error, CustomStringConvertible {
    case genesisAlone
    case genesisHeader
    case invariant(InvariantViolation)

    var description: String {
        switch self {
        case .genesisAlone: "the first block must hold the genesis statement and nothing else"
        case .genesisHeader: "the header is not the one that follows from the genesis statement"
        case .invariant(let violation):
            "the invariant \(violation.invariant.rawValue) does not hold: \(violation)"
        }
    }
}
