internal import Consensus
internal import QuotaCrypto

/// A claim on the toy quota.
struct ToyStatement: Hashable, Sendable {
    let id: UInt64
    let amount: UInt64
}

/// The smallest state machine that can be wrong in the ways that matter: one cap, amounts that count
/// against it, and statements that may pass only once.
struct ToyState: Hashable, Sendable {
    static let cap: UInt64 = 1_000

    private(set) var block: BlockID
    private(set) var consumed: UInt64 = 0
    private(set) var admitted: Set<UInt64> = []

    /// The state before any block.
    static let genesis = ToyState(
        block: BlockID(height: 0, digest: SHA256.hash(Array("toy genesis".utf8)))
    )

    /// Whether the statement would pass now.
    func admits(_ statement: ToyStatement) -> Bool {
        !admitted.contains(statement.id) && statement.amount <= ToyState.cap - consumed
    }

    /// The state after a block with these statements, and the block; nil if one does not pass.
    func applying(
        _ statements: [ToyStatement],
        view: UInt64,
        proposer: Int
    ) -> (state: ToyState, body: BlockBody)? {
        var next = self
        for statement in statements {
            guard next.admits(statement) else { return nil }
            next.consumed += statement.amount
            next.admitted.insert(statement.id)
        }
        let payload = ToyBlock(
            height: block.height + 1,
            view: view,
            proposer: UInt64(proposer),
            statements: statements
        ).encoded()
        var hash = SHA256()
        hash.update(block.digest)
        hash.update(payload)
        next.block = BlockID(height: block.height + 1, digest: hash.finalize())
        return (next, BlockBody(digest: next.block.digest, payload: payload))
    }
}

/// The payload of a toy block: big-endian words.
struct ToyBlock: Hashable, Sendable {
    let height: UInt64
    let view: UInt64
    let proposer: UInt64
    let statements: [ToyStatement]

    func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        for word in [height, view, proposer] { bytes.append(bigEndian: word) }
        for statement in statements {
            bytes.append(bigEndian: statement.id)
            bytes.append(bigEndian: statement.amount)
        }
        return bytes
    }

    init(height: UInt64, view: UInt64, proposer: UInt64, statements: [ToyStatement]) {
        self.height = height
        self.view = view
        self.proposer = proposer
        self.statements = statements
    }

    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 24, (bytes.count - 24).isMultiple(of: 16) else { return nil }
        let words = stride(from: 0, to: bytes.count, by: 8).map { start in
            bytes[start..<start + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
        self.init(
            height: words[0],
            view: words[1],
            proposer: words[2],
            statements: stride(from: 3, to: words.count, by: 2).map {
                ToyStatement(id: words[$0], amount: words[$0 + 1])
            }
        )
    }
}
