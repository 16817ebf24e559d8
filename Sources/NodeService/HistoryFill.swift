import Ledger
import LedgerStore
import MerkleLog
import QuotaCrypto
import StateSync

/// Brings the leaves below a snapshot into the store, from the first on, and makes again what follows
/// from them: blocks, claims, hash tiles.
struct HistoryFill {
    private(set) var base: StoredBase
    /// The log up to the last leaf that was taken.
    private var tree: CompactTree
    /// Statements whose header has not come yet.
    private var open: [(index: UInt64, statement: Statement)] = []
    private var height: UInt64
    /// The question under way: its number, whom it was put to, and until when.
    private(set) var question: (id: UInt64, peer: Int, due: UInt64)?
    /// Unlike the numbers of other questions, now or before a restart: answers to those may still come.
    private var nextID = UInt64.random(in: 1 << 61..<1 << 62)
    /// Who was asked last, and who is asked no more.
    private var lastPeer = -1
    private var liars: Set<Int> = []

    /// How long an answer may take, in ms.
    private static let patience: UInt64 = 10_000

    /// Goes on where the store stands; nil if it lacks nothing.
    init?(_ store: LedgerStore) throws {
        guard let base = store.base, base.isFilling else { return nil }
        self.base = base
        let whole = try store.lastBlock(endingBy: base.filled)
        let begin = whole.map { $0.first + $0.count } ?? 0
        tree = try CompactTree(size: begin, from: store)
        height = whole.map { $0.height + 1 } ?? 0
        for leaf in try store.leaves(begin..<base.filled) {
            open.append((leaf.index, try Statement.decode(leaf.bytes)))
            tree.append(leaf.hash)
        }
    }

    /// The next question, if none is under way; peers are asked in turn.
    mutating func ask(_ peers: [Int], now: UInt64) -> (SnapshotRequest, id: UInt64, to: Int)? {
        if let question, question.due > now { return nil }
        let able = peers.filter { !liars.contains($0) }.sorted()
        guard let peer = able.first(where: { $0 > lastPeer }) ?? able.first else { return nil }
        (lastPeer, nextID) = (peer, nextID + 1)
        question = (nextID, peer, now + Self.patience)
        let first = base.filled / HistoryPart.width * HistoryPart.width
        return (.history(first: first, size: base.size), nextID, peer)
    }

    /// Whether an answer belongs to the question under way, which is over with it.
    mutating func isAnswered(_ id: UInt64, by peer: Int) -> Bool {
        guard let question, question.id == id, question.peer == peer else { return false }
        self.question = nil
        return true
    }

    /// Never asks a peer again.
    mutating func blame(_ peer: Int) { liars.insert(peer) }

    /// Takes the next leaves into the store.
    ///
    /// - Throws: ``SnapshotError`` if they are not those of the log, or the store's error.
    mutating func take(
        _ bytes: [UInt8],
        state: LedgerState,
        store: LedgerStore
    ) throws {
        let part = try HistoryPart.decode(bytes)
        let first = base.filled / HistoryPart.width * HistoryPart.width
        let hashes = try part.verify(
            first: first,
            size: base.size,
            root: base.root,
            edge: base.edge
        )
        var batch = StoreBatch()
        for (index, (leaf, hash)) in zip(first..., zip(part.leaves, hashes))
        where index >= base.filled {
            tree.append(hash)
            try add(leaf, hash, index, state, &batch)
        }
        try store.fill(batch.leaves, blocks: batch.blocks, claims: batch.claims)
        if let base = store.base { self.base = base }
    }

    private mutating func add(
        _ leaf: [UInt8],
        _ hash: Digest,
        _ index: UInt64,
        _ state: LedgerState,
        _ batch: inout StoreBatch
    ) throws {
        if let header = try? BlockHeader.decode(leaf), header.index == index {
            batch.leaves.append(.header(leaf, hash, header))
            let text = LedgerState.checkpointText(
                origin: state.origin,
                size: tree.size,
                root: tree.root
            )
            let digest = Block.digest(checkpointText: text, headerHash: hash)
            batch.blocks.append(StoredBlock(header, digest: digest))
            for (index, statement) in open {
                batch.addClaim(statement, index: index, state: state, time: header.time)
            }
            open = []
            height = header.height + 1
            return
        }
        let statement = try Statement.decode(leaf)
        let identity = statement.identity
        batch.leaves.append(
            StoredLeaf(
                index: index,
                bytes: leaf,
                hash: hash,
                kind: identity.kind.rawValue,
                identity: StoredIdentity(issuer: identity.issuer, subject: identity.subject),
                height: height
            )
        )
        open.append((index, statement))
    }
}

extension StoredLeaf {
    /// A header leaf.
    static func header(_ bytes: [UInt8], _ hash: Digest, _ header: BlockHeader) -> StoredLeaf {
        StoredLeaf(
            index: header.index,
            bytes: bytes,
            hash: hash,
            kind: "header",
            identity: nil,
            height: header.height
        )
    }
}

extension StoredBlock {
    /// The block that a header closes.
    init(_ header: BlockHeader, digest: Digest) {
        self.init(
            height: header.height,
            digest: digest,
            view: header.view,
            first: header.first,
            count: header.count + 1
        )
    }
}
