import Ledger
import QuotaCrypto

/// The verified statements that wait for a block, in order of arrival.
///
/// Admission to the pool is advice (consensus.md 1.3 rule 8): the state machine decides again in the
/// block. The pool is bounded in statements and bytes. Half of it is shared by all issuers; the other half
/// is parted evenly into lanes, one a member, that nobody else can fill, so that no flood keeps a member
/// out (consensus.md 2.11). A block is filled in the same way: each issuer that waits has its share of it
/// before anybody has more.
struct StatementPool {
    /// A waiting statement.
    struct Entry {
        let statement: Statement
        /// The final height when it arrived.
        let arrivalHeight: UInt64
        /// Whether this node took it from a client and so must push it until it is final.
        var isOwn: Bool
        /// When it was last pushed to the peers, or came from one, monotonic ms.
        var pushedAt: UInt64
    }

    /// What became of an offered statement.
    enum Outcome {
        case added, known, full
    }

    /// Whether statements came since this was last set to false.
    var hasNews = false

    private var entries: [Digest: Entry] = [:]
    private var order: [Digest] = []
    private var perIssuer: [String: (count: Int, bytes: Int)] = [:]
    private(set) var bytes = 0
    private let maxStatements: Int
    private let maxBytes: Int
    /// What one member may always have waiting; shrinks as members join.
    private var lane: (count: Int, bytes: Int)

    init(maxStatements: Int, maxBytes: Int, members: Int) {
        self.maxStatements = maxStatements
        self.maxBytes = maxBytes
        lane = (0, 0)
        reserve(forMembers: members)
    }

    /// Parts the reserved half among so many members.
    mutating func reserve(forMembers count: Int) {
        lane = (max(1, maxStatements / 2 / max(1, count)), maxBytes / 2 / max(1, count))
    }

    var count: Int { entries.count }
    var isEmpty: Bool { entries.isEmpty }

    func contains(_ leaf: Digest) -> Bool { entries[leaf] != nil }

    /// The statement of `leaf`, where it waits.
    func statement(_ leaf: Digest) -> Statement? { entries[leaf]?.statement }

    /// What waits of one kind, oldest first.
    func statements(of kind: StatementKind) -> [Statement] {
        order.compactMap { entries[$0]?.statement }.filter { $0.identity.kind == kind }
    }

    mutating func add(_ statement: Statement, height: UInt64, own: Bool, now: UInt64) -> Outcome {
        guard entries[statement.leafHash] == nil else {
            // Whoever pushed it may be gone, and then nobody else would wake the network for it.
            if own { entries[statement.leafHash]?.isOwn = true }
            return .known
        }
        let issuer = statement.identity.issuer
        var share = perIssuer[issuer, default: (0, 0)]
        share.count += 1
        share.bytes += statement.bytes.count
        guard isInLane(share) || hasSharedRoom(for: share, of: issuer) else { return .full }
        entries[statement.leafHash] = Entry(
            statement: statement,
            arrivalHeight: height,
            isOwn: own,
            pushedAt: now
        )
        order.append(statement.leafHash)
        perIssuer[issuer] = share
        bytes += statement.bytes.count
        hasNews = true
        return .added
    }

    private func isInLane(_ share: (count: Int, bytes: Int)) -> Bool {
        share.count <= lane.count && share.bytes <= lane.bytes
    }

    /// Whether what all issuers hold beyond their lanes fits into the shared half, with this share.
    private func hasSharedRoom(for share: (count: Int, bytes: Int), of issuer: String) -> Bool {
        var (count, bytes) = (0, 0)
        for (other, held) in perIssuer where other != issuer {
            count += max(0, held.count - lane.count)
            bytes += max(0, held.bytes - lane.bytes)
        }
        return count + max(0, share.count - lane.count) <= maxStatements / 2
            && bytes + max(0, share.bytes - lane.bytes) <= maxBytes / 2
    }

    mutating func remove(_ leaf: Digest) {
        guard let entry = entries.removeValue(forKey: leaf) else { return }
        let issuer = entry.statement.identity.issuer
        bytes -= entry.statement.bytes.count
        if var share = perIssuer[issuer] {
            share.count -= 1
            share.bytes -= entry.statement.bytes.count
            perIssuer[issuer] = share.count == 0 ? nil : share
        }
        if order.count > 64, order.count > 2 * entries.count {
            order.removeAll { entries[$0] == nil }
        }
    }

    /// The statements for a block that are not in `taken`, up to both bounds: of each issuer its share,
    /// oldest first, and then the oldest of all.
    func candidates(
        excluding taken: (Digest) -> Bool,
        maxCount: Int,
        maxBytes: Int
    ) -> [Statement] {
        let issuers = max(1, perIssuer.count)
        let share = (count: max(1, maxCount / issuers), bytes: maxBytes / issuers)
        var picked: [Statement] = []
        var later: [Statement] = []
        var size = 0
        var used: [String: (count: Int, bytes: Int)] = [:]
        for leaf in order {
            guard picked.count < maxCount else { return picked }
            guard let statement = entries[leaf]?.statement, !taken(leaf) else { continue }
            let issuer = statement.identity.issuer
            var part = used[issuer, default: (0, 0)]
            part.count += 1
            part.bytes += statement.bytes.count
            guard part.count <= share.count, part.bytes <= share.bytes else {
                if later.count < maxCount { later.append(statement) }
                continue
            }
            used[issuer] = part
            size += statement.bytes.count
            picked.append(statement)
        }
        for statement in later {
            size += statement.bytes.count
            guard picked.count < maxCount, size <= maxBytes else { break }
            picked.append(statement)
        }
        return picked
    }

    /// The oldest `limit` statements that were already here two blocks ago and are still waiting:
    /// the ones that a leader may have refused, or passed over.
    func overdue(at height: UInt64, limit: Int) -> [Statement] {
        var found: [Statement] = []
        for leaf in order {
            guard found.count < limit else { break }
            guard let entry = entries[leaf] else { continue }
            guard entry.arrivalHeight + 2 <= height else { break }
            found.append(entry.statement)
        }
        return found
    }

    /// This node's own statements that were last pushed at `ownBefore` or earlier, and those of
    /// others that came at `othersBefore` or earlier; all are marked as pushed now.
    mutating func takeForPush(
        ownBefore: UInt64,
        othersBefore: UInt64,
        now: UInt64,
        limit: Int
    ) -> [Statement] {
        var found: [Statement] = []
        for leaf in order {
            guard found.count < limit else { break }
            guard let entry = entries[leaf],
                entry.pushedAt <= (entry.isOwn ? ownBefore : othersBefore)
            else { continue }
            entries[leaf]?.pushedAt = now
            found.append(entry.statement)
        }
        return found
    }
}
