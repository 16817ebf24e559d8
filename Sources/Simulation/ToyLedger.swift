internal import Consensus
internal import QuotaCrypto
internal import StateMap
import Votes

/// A claim on the toy quota.
struct ToyStatement: Hashable, Sendable {
    let id: UInt64
    let amount: UInt64
}

extension ToyStatement {
    private static let mark: UInt64 = 1 << 62

    /// A claim that may pass only in a block of this time or an earlier one.
    init(number: UInt64, amount: UInt64, deadline: UInt64) {
        self.init(id: ToyStatement.mark | deadline << 16 | number, amount: amount)
    }

    /// Whether a block of a time is too late for it.
    func isExpired(at time: UInt64) -> Bool {
        id >> 62 == 1 && time > (id ^ ToyStatement.mark) >> 16
    }
}

/// What a toy ledger asks for besides amounts.
struct ToyRules: Hashable, Sendable {
    /// Members must approve a change of their set.
    var asksForApprovals = false
    /// A statement may pass in its time only.
    var asksForDeadlines = false
}

/// Where and when a block was made.
struct ToyHeader: Hashable, Sendable {
    let view: UInt64
    let proposer: Int
    /// Milliseconds of the proposer's wall clock.
    let time: UInt64
    /// Whether the block names the root of the state behind it, so that the state can be handed over.
    var isMapped = false
}

/// The smallest state machine that can be wrong in the ways that matter: one cap, amounts that count
/// against it, and statements that may pass only once.
struct ToyState: Hashable, Sendable {
    static let cap: UInt64 = 1_000

    private(set) var block: BlockID
    private(set) var consumed: UInt64 = 0
    private(set) var admitted: Set<UInt64> = []
    /// The latest time of a block.
    private(set) var time: UInt64 = 0
    /// The epoch that the next block is of.
    private(set) var epoch: UInt64 = 1
    /// The set of the epoch; empty while it is that of the founders.
    private(set) var seats: [ToySeat] = []
    /// The block that the epoch begins with.
    private(set) var root: BlockID
    /// The height of that block.
    private(set) var sealHeight: UInt64 = 0

    /// The state before any block.
    static let genesis = ToyState(
        block: BlockID(height: 0, digest: SHA256.hash(Array("toy genesis".utf8)))
    )

    init(block: BlockID) {
        self.block = block
        root = block
    }

    /// A state with these parts.
    init(
        block: BlockID,
        consumed: UInt64,
        admitted: Set<UInt64>,
        epoch: UInt64,
        seats: [ToySeat],
        root: BlockID,
        sealHeight: UInt64
    ) {
        self.block = block
        self.consumed = consumed
        self.admitted = admitted
        self.epoch = epoch
        self.seats = seats
        self.root = root
        self.sealHeight = sealHeight
    }

    /// The same state, said to stand behind another block.
    mutating func stand(on block: BlockID) { self.block = block }

    /// Whether the statement would pass in a block of a time, if not in one of the past.
    func admits(
        _ statement: ToyStatement,
        at time: UInt64 = 0,
        by rules: ToyRules = ToyRules()
    ) -> Bool {
        guard !admitted.contains(statement.id) else { return false }
        guard let change = statement.change else {
            return statement.amount <= ToyState.cap - consumed
                && !(rules.asksForDeadlines && statement.isExpired(at: max(time, self.time)))
        }
        // One change a block.
        return sealHeight <= block.height && change.applied(to: seats) != nil
            && (!rules.asksForApprovals || change.isApproved(in: seats))
    }

    /// Whether nothing can change any more for a statement.
    func settles(_ statement: ToyStatement) -> Bool {
        statement.change == nil ? !admits(statement) : admitted.contains(statement.id)
    }

    /// Counts a statement that passes.
    mutating func admit(_ statement: ToyStatement) {
        admitted.insert(statement.id)
        guard let change = statement.change else { return consumed += statement.amount }
        seats = change.applied(to: seats) ?? seats
        sealHeight = block.height + 1
        epoch += 1
    }

    /// The state after a block with these statements, and the block; nil if one does not pass.
    func applying(
        _ statements: [ToyStatement],
        _ header: ToyHeader,
        by rules: ToyRules = ToyRules()
    ) -> (state: ToyState, body: BlockBody)? {
        var next = self
        for statement in statements {
            guard next.admits(statement, at: header.time, by: rules) else { return nil }
            next.admit(statement)
        }
        if rules.asksForDeadlines { next.time = max(time, header.time) }
        let payload = ToyBlock(
            height: block.height + 1,
            header: header,
            statements: statements,
            root: header.isMapped ? next.map.root : nil
        ).encoded()
        next.block = BlockID(height: block.height + 1, digest: digest(of: payload))
        if next.epoch > epoch { next.root = next.block }
        return (next, BlockBody(digest: next.block.digest, payload: payload))
    }

    /// The digest of a block with this payload on this state, whatever the payload holds.
    func digest(of payload: [UInt8]) -> Digest {
        var hash = SHA256()
        hash.update(block.digest)
        hash.update(payload)
        return hash.finalize()
    }
}

/// The payload of a toy block: big-endian words, and the root if it names one.
struct ToyBlock: Hashable, Sendable {
    let height: UInt64
    let header: ToyHeader
    let statements: [ToyStatement]
    /// The root of the map of the state behind it.
    let root: Digest?

    /// The bit of the proposer's word that says that there is a root.
    private static let rootMark: UInt64 = 1 << 63

    init(height: UInt64, header: ToyHeader, statements: [ToyStatement], root: Digest? = nil) {
        self.height = height
        self.header = header
        self.statements = statements
        self.root = root
    }

    func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        let mark = root == nil ? 0 : ToyBlock.rootMark
        for word in [height, header.view, UInt64(header.proposer) | mark, header.time] {
            bytes.append(bigEndian: word)
        }
        for statement in statements {
            bytes.append(bigEndian: statement.id)
            bytes.append(bigEndian: statement.amount)
        }
        return bytes + (root?.bytes ?? [])
    }

    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 32, bytes.count.isMultiple(of: 16) else { return nil }
        let words = bytes.bigEndianWords
        let isMapped = words[2] & ToyBlock.rootMark != 0
        let end = words.count - (isMapped ? 4 : 0)
        guard end >= 4, let proposer = Int(exactly: words[2] & ~ToyBlock.rootMark) else {
            return nil
        }
        self.init(
            height: words[0],
            header: ToyHeader(
                view: words[1],
                proposer: proposer,
                time: words[3],
                isMapped: isMapped
            ),
            statements: stride(from: 4, to: end, by: 2).map {
                ToyStatement(id: words[$0], amount: words[$0 + 1])
            },
            root: isMapped ? Digest(bytes.suffix(Digest.byteCount)) : nil
        )
    }
}

extension [UInt8] {
    /// Eight bytes to a word; what is left over is left out.
    var bigEndianWords: [UInt64] {
        stride(from: 0, to: count - count % 8, by: 8).map { start in
            self[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}
