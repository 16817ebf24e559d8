import CBOR
import QuotaRules
import StateMap

/// What a block changed, read from the two state maps and not from what the block's run kept.
struct BlockDelta {
    /// A key of the state map with its value before and after.
    struct Change<Key, Value> {
        let key: Key
        let before: Value?
        let after: Value
    }

    let before: LedgerState
    let block: Block
    let after: LedgerState
    private(set) var claims: [Change<ClaimReference, ClaimRecord>] = []
    private(set) var inventories: [Change<String, InventoryRecord>] = []
    private(set) var accounts: [Change<AccountKey, AccountTotal>] = []
    private(set) var tags: [Change<ChipTag, TagRecord>] = []
    private(set) var proposals: [Change<BallotSubject, ProposalRecord>] = []
    private(set) var suspensions: [Change<BallotSubject, SuspensionRecord>] = []
    /// What does not decode.
    private(set) var broken: [(key: [UInt8], problem: String)] = []
    /// What happened to each claim, statements and decided events, in no order.
    private(set) var events: [ClaimReference: [ClaimEvent]] = [:]

    /// The day of the block, since 1970-01-01.
    var today: UInt64 { after.blockTime / 86_400 }

    init(before: LedgerState, block: Block, after: LedgerState) {
        self.before = before
        self.block = block
        self.after = after
        for change in after.lastChanges {
            do throws(CBORFieldError) {
                try read(change.key)
            } catch {
                broken.append((change.key, error.description))
            }
        }
        for statement in block.statements {
            guard case .event(let body) = statement.body else { continue }
            events[body.claim, default: []].append(body.event)
        }
        for proposal in passed {
            guard case .event(let body) = proposal.after.body.action else { continue }
            events[body.claim, default: []].append(body.event)
        }
    }

    /// The proposals that this block passed.
    var passed: [Change<BallotSubject, ProposalRecord>] {
        proposals.filter { $0.after.state == .passed && $0.before?.state != .passed }
    }

    private mutating func read(_ key: [UInt8]) throws(CBORFieldError) {
        let old = before.map[key]
        guard let new = after.map[key] else { return }
        let items = try CBORItem(try CBORValue.mapValue(key)).array(maxCount: 32)
        guard items.count > 1 else { return }
        switch items.first?.value.textValue {
        case "claim":
            let reference = try ClaimReference(CBORItem(.array(items.dropFirst().map(\.value))))
            claims.append(try Self.change(reference, old, new, ClaimRecord.decode))
        case "inventory":
            let country = try items[1].text(maxLength: 16)
            inventories.append(try Self.change(country, old, new, InventoryRecord.decode))
        case "account":
            let account = try SnapshotTables.account(items)
            accounts.append(try Self.change(account, old, new, AccountTotal.decode))
        case "tag":
            tags.append(try Self.change(try ChipTag(key: items), old, new, TagRecord.decode))
        case "proposal":
            let subject = try SnapshotTables.ballot(items)
            proposals.append(try Self.change(subject, old, new, ProposalRecord.decode))
        case "suspension":
            let subject = try SnapshotTables.ballot(items)
            suspensions.append(try Self.change(subject, old, new, SuspensionRecord.decode))
        default: return
        }
    }

    private static func change<Key, Value>(
        _ key: Key,
        _ old: [UInt8]?,
        _ new: [UInt8],
        _ decode: ([UInt8]) throws(CBORFieldError) -> Value
    ) throws(CBORFieldError) -> Change<Key, Value> {
        guard let old else { return Change(key: key, before: nil, after: try decode(new)) }
        return Change(key: key, before: try decode(old), after: try decode(new))
    }
}

extension ChipTag {
    /// The tag that a key of the state map names.
    init(key items: [CBORItem]) throws(CBORFieldError) {
        guard items.count == 2, let tag = ChipTag(try items[1].bytes(maxCount: Self.byteCount))
        else { throw CBORFieldError(path: "$", problem: "expected a tag of 16 bytes") }
        self = tag
    }
}
