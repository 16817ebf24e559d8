import CBOR
import HashTreeCollections
import MerkleLog
import QuotaCrypto
import QuotaRules
import StateMap

/// A state while statements are applied to it one after the other.
///
/// Nothing reaches the state map before ``close(_:context:)``: the run keeps what changed beside the
/// state and applies it as one batch, so that an account that a thousand claims of a block touch is
/// encoded and hashed once.
struct BlockRun {
    /// The state before the block.
    let base: LedgerState
    /// The block time.
    let time: UInt64
    /// The index of the next statement.
    private(set) var next: UInt64
    var members: TreeDictionary<String, Member>
    var organisations: TreeDictionary<String, Organisation>
    var accounts: TreeDictionary<AccountKey, AccountTotal>
    var policy: Adopted<Policy>
    var catalogue: Adopted<ChipCatalogue>
    var governance: Governance
    var epoch: Epoch
    /// What this block registered, by state key.
    private var entries: [[UInt8]: MapEntry] = [:]
    /// The state keys that this block set, in order.
    private var entryKeys: [[UInt8]] = []
    /// The accounts that this block changed, in order of their first change.
    private var changedAccounts: [AccountKey] = []
    private var changedAccountSet: Set<AccountKey> = []
    /// Every change of an account, in order; nil if nobody asked for it.
    private(set) var journal: [AccountChange]?
    /// The chip tags that this block set, in order.
    private var tagKeys: [ChipTag] = []
    private var tags: [ChipTag: TagRecord] = [:]
    /// Which claims have something that runs out.
    var due: DueIndex
    /// The claims of which something runs out newly, by day.
    private var dueKeys: [UInt64: [[UInt8]]] = [:]
    /// The claims of earlier statements that this block changed, in order.
    private(set) var changedClaims: [ClaimReference] = []
    /// Whether something happened that can change who decides, or how many must agree; see
    /// ``recount()``.
    var mustRecount = false

    /// What the state map holds under a statement's key.
    enum MapEntry {
        case registration(Registration)
        /// Apart from the dictionary's own storage: a record is large, and a dictionary that grows
        /// moves what it holds.
        indirect case claim(ClaimRecord)
        /// A record of another kind, encoded already.
        case encoded(index: UInt64, leafHash: Digest, bytes: [UInt8])

        var index: UInt64 {
            switch self {
            case .registration(let registration): registration.index
            case .claim(let record): record.index
            case .encoded(let index, _, _): index
            }
        }

        var leafHash: Digest {
            switch self {
            case .registration(let registration): registration.leafHash
            case .claim(let record): record.leafHash
            case .encoded(_, let leafHash, _): leafHash
            }
        }

        func encoded() -> [UInt8] {
            switch self {
            case .registration(let registration): registration.encoded()
            case .claim(let record): record.encoded()
            case .encoded(_, _, let bytes): bytes
            }
        }
    }

    init(_ base: LedgerState, time: UInt64, keepsJournal: Bool = false) {
        journal = keepsJournal ? [] : nil
        self.base = base
        self.time = time
        next = base.tree.size
        members = base.memberTable
        organisations = base.organisationTable
        accounts = base.accountTable
        policy = base.policy
        catalogue = base.catalogue
        governance = base.governance
        epoch = base.epoch
        due = base.dueIndex
        runDeadlines()
        if hasNewElector { mustRecount = true }
        if mustRecount { recount() }
        if let first = due.first, first < today { runOut() }
    }

    /// Applies one statement, or changes nothing.
    ///
    /// - Returns: The decision of the rules, for a claim.
    mutating func apply(_ statement: Statement) throws(Refusal) -> Decision? {
        do {
            try check(statement)
            let decision = try perform(statement)
            if mustRecount { recount() }
            next += 1
            return decision
        } catch {
            var refusal = error
            refusal.judgedAt = base.tree.size
            throw refusal
        }
    }

    /// What is registered under the key of `statement`.
    func entry(_ key: [UInt8], kind: StatementKind) -> MapEntry? {
        if let entry = entries[key] { return entry }
        guard let value = base.map[key] else { return nil }
        // The map holds what this code encoded, so a value that does not decode is not expected.
        switch kind {
        case .claim: return (try? ClaimRecord.decode(value)).map { .claim($0) }
        case .proposal:
            return (try? ProposalRecord.decode(value)).map {
                .encoded(index: $0.index, leafHash: $0.leafHash, bytes: value)
            }
        case .suspension:
            return (try? SuspensionRecord.decode(value)).map {
                .encoded(index: $0.index, leafHash: $0.leafHash, bytes: value)
            }
        case .inventory:
            return (try? InventoryRecord.decode(value)).map {
                .encoded(index: $0.index, leafHash: $0.leafHash, bytes: value)
            }
        case .genesis, .member, .vote, .organisation, .facility, .storage, .event, .cancel,
            .ready, .evidence:
            return (try? Registration.decode(value)).map { .registration($0) }
        }
    }

    /// The value under a key that belongs to no statement.
    func value(_ key: [UInt8]) -> [UInt8]? {
        entries[key]?.encoded() ?? base.map[key]
    }

    mutating func set(_ entry: MapEntry, for key: [UInt8]) {
        if entries.updateValue(entry, forKey: key) == nil { entryKeys.append(key) }
    }

    /// Leaves out one statement, which keeps its index.
    mutating func skip() {
        next += 1
    }

    /// Records a new claim.
    mutating func add(_ record: ClaimRecord, for key: [UInt8]) {
        set(.claim(record), for: key)
        if let day = record.deadlines.first { dueKeys[day, default: []].append(key) }
    }

    /// Records what became of a claim.
    mutating func update(_ record: ClaimRecord, _ reference: ClaimReference) {
        add(record, for: reference.stateKey)
        changedClaims.append(reference)
        if governance.hasWaitingClaims, !record.isWaiting { dropBallot(on: reference) }
    }

    /// Which claims have something that runs out, after the block.
    func closedDueIndex() -> DueIndex {
        var index = due
        for (day, keys) in dueKeys.sorted(by: { $0.key < $1.key }) { index.add(keys, on: day) }
        return index
    }

    /// Which claim a chip tag belongs to, or nil if nobody named it.
    func tag(_ tag: ChipTag) -> TagRecord? {
        tags[tag] ?? base.map[StateKey.tag(tag)].flatMap { try? TagRecord.decode($0) }
    }

    mutating func set(_ record: TagRecord, for tag: ChipTag) {
        if tags.updateValue(record, forKey: tag) == nil { tagKeys.append(tag) }
    }

    /// The record of a claim, or nil.
    func claim(_ reference: ClaimReference) -> ClaimRecord? {
        guard case .claim(let record)? = entry(reference.stateKey, kind: .claim) else { return nil }
        return record
    }

    /// Forgets what the journal says since it had `count` entries.
    mutating func forgetJournal(after count: Int) {
        journal?.removeSubrange(count...)
    }

    mutating func setAccount(_ key: AccountKey, _ total: AccountTotal) {
        journal?.append(
            AccountChange(index: next, account: key, before: accounts[key], after: total)
        )
        accounts[key] = total
        if changedAccountSet.insert(key).inserted { changedAccounts.append(key) }
    }

    /// The changes of the state map.
    func changes() -> [(key: [UInt8], value: [UInt8]?)] {
        var changes: [(key: [UInt8], value: [UInt8]?)] = []
        changes.reserveCapacity(entryKeys.count + changedAccounts.count)
        for key in entryKeys {
            changes.append((key, entries[key]?.encoded()))
        }
        for tag in tagKeys { changes.append((StateKey.tag(tag), tags[tag]?.encoded())) }
        for account in changedAccounts {
            changes.append((StateKey.account(account), accounts[account]?.encoded()))
        }
        return changes
    }
}
