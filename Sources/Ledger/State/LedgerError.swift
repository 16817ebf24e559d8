public import QuotaCrypto

/// Why a genesis statement, a block or a snapshot is not accepted.
public enum LedgerError: Error, Hashable, Sendable {
    /// The genesis statement is refused.
    case genesis(Refusal)
    /// A statement of the block is refused: its position in the block, its leaf hash, and why.
    case statement(position: Int, leafHash: Digest, refusal: Refusal)
    /// The statement at this position stands before the one that must precede it.
    case order(position: Int)
    /// The block has more statements or bytes than ``BlockLimits`` allow, or none.
    case size(statements: Int, bytes: Int)
    /// A field of the header is not what follows from the parent and the statements.
    case header(field: String, expected: String, found: String)
    /// The checkpoint text is not that of the tree after the block.
    case checkpoint(expected: String, found: String)
    /// A part of a snapshot cannot be read or does not fit the others.
    case snapshot(part: String, problem: String)
}

extension LedgerError: CustomStringConvertible {
    /// A sentence that names what was expected and what came.
    public var description: String {
        switch self {
        case .genesis(let refusal):
            "genesis: \(refusal.path ?? "$"): \(refusal.message)"
        case .statement(let position, let leafHash, let refusal):
            "statement \(position) of the block (\(leafHash)): \(refusal.code.rawValue): "
                + refusal.message
        case .order(let position):
            "statement \(position) of the block is not in canonical order"
        case .size(let statements, let bytes):
            "a block of \(statements) statements and \(bytes) bytes is outside the bounds"
        case .header(let field, let expected, let found):
            "header.\(field): expected \(expected), found \(found)"
        case .checkpoint(let expected, let found):
            "checkpoint: expected \(expected.debugDescription), found \(found.debugDescription)"
        case .snapshot(let part, let problem):
            "snapshot \(part): \(problem)"
        }
    }
}
