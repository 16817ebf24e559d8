import CBOR
import HashTreeCollections
public import MerkleLog
import QuotaCrypto
import QuotaRules
import StateMap

extension LedgerState {
    /// The state that a snapshot holds, without replaying the log.
    ///
    /// The map root is computed again and compared with the header. That the header is the last leaf
    /// of the tree is the caller's promise, as is that the genesis statement is the one it trusts.
    ///
    /// - Parameters:
    ///   - genesis: The bytes of leaf 0.
    ///   - entries: Every key and value of the state map, in any order.
    ///   - tree: The log's right edge.
    ///   - bytes: The bytes of the last leaf.
    /// - Throws: ``LedgerError`` that names the part that does not fit.
    public init(
        restoring genesis: [UInt8],
        entries: [(key: [UInt8], value: [UInt8])],
        tree: CompactTree,
        header bytes: [UInt8]
    ) throws(LedgerError) {
        let header: BlockHeader
        do throws(CBORFieldError) {
            header = try BlockHeader.decode(bytes)
        } catch {
            throw .snapshot(part: "header", problem: error.description)
        }
        guard header.treeSize == tree.size else {
            throw .snapshot(
                part: "tree",
                problem: "size \(tree.size), the header's is \(header.treeSize)"
            )
        }
        var map = StateMap()
        map.update(entries.map { ($0.key, $0.value) })
        guard map.root == header.mapRoot else {
            throw .snapshot(
                part: "map",
                problem: "root \(map.root), the header's is \(header.mapRoot)"
            )
        }
        let first = try Self.reading(genesis)
        var tables = SnapshotTables(first)
        for entry in entries {
            do throws(CBORFieldError) {
                try tables.read(entry.key, entry.value)
            } catch {
                throw .snapshot(part: "map", problem: error.description)
            }
        }
        self.init(
            origin: first.body.origin,
            chainID: SHA256.hash(genesis),
            genesis: genesis,
            lastHeader: header,
            lastHeaderHash: TreeHash.leaf(bytes),
            tree: tree,
            map: map,
            policy: tables.policy,
            catalogue: tables.catalogue,
            validators: first.members.compactMap(\.validator),
            lastChanges: [],
            memberTable: tables.members,
            organisationTable: tables.organisations,
            accountTable: tables.accounts
        )
        dueIndex = tables.due
    }

    private static func reading(_ genesis: [UInt8]) throws(LedgerError) -> GenesisReading {
        do throws(Refusal) {
            return try GenesisReading(genesis)
        } catch {
            throw .genesis(error)
        }
    }
}

/// What a node keeps in memory beside the state map, while it is read back from the map.
private struct SnapshotTables {
    var members: TreeDictionary<String, Member> = [:]
    var organisations: TreeDictionary<String, Organisation> = [:]
    var accounts: TreeDictionary<AccountKey, AccountTotal> = [:]
    var due = DueIndex()
    var policy: Adopted<Policy>
    var catalogue: Adopted<ChipCatalogue>

    init(_ genesis: GenesisReading) {
        policy = genesis.policy
        catalogue = genesis.catalogue
    }

    /// Takes one entry of the map; most of it is told apart by its first bytes.
    mutating func read(_ key: [UInt8], _ value: [UInt8]) throws(CBORFieldError) {
        guard !key.starts(with: Self.claimPrefix) else {
            if let day = Deadlines.first(inRecord: value) { due.add([key], on: day) }
            return
        }
        guard !Self.isPassedOver(key) else { return }
        let items = try CBORItem(try CBORValue.mapValue(key)).array(maxCount: 32)
        switch items.first?.value.textValue {
        case "account":
            accounts[try Self.account(items)] = try AccountTotal.decode(value)
        case "member":
            let (registration, body) = try Self.body(value)
            let card = try MemberCard(body)
            members[card.id] = Member(
                card: card,
                index: registration.index,
                leafHash: registration.leafHash
            )
        case "organisation":
            let (registration, body) = try Self.body(value)
            let organisation = try OrganisationBody(body)
            organisations[organisation.id] = Organisation(
                body: organisation,
                issuer: registration.issuer ?? "",
                index: registration.index
            )
        case "policy":
            let (registration, body) = try Self.body(value)
            guard registration.index > policy.index else { return }
            policy = Adopted(
                try Policy.decode(body),
                bytes: registration.body ?? [],
                index: registration.index
            )
        case "catalogue":
            let (registration, body) = try Self.body(value)
            guard registration.index > catalogue.index else { return }
            catalogue = Adopted(
                try ChipCatalogue.decode(body),
                bytes: registration.body ?? [],
                index: registration.index
            )
        default:
            return
        }
    }

    private static let claimPrefix: [UInt8] = [0x83, 0x65] + Array("claim".utf8)
    private static let passedOver: [[UInt8]] = [
        [0x83, 0x66] + Array("cancel".utf8), [0x83, 0x65] + Array("event".utf8),
        [0x82, 0x63] + Array("tag".utf8),
    ]

    private static func isPassedOver(_ key: [UInt8]) -> Bool {
        passedOver.contains { key.starts(with: $0) }
    }

    private static func account(_ items: [CBORItem]) throws(CBORFieldError) -> AccountKey {
        guard items.count >= 3 else {
            throw CBORFieldError(path: "$", problem: "expected limit, subject and period")
        }
        var texts: [String] = []
        for item in items.dropFirst() { texts.append(try item.text(minLength: 0, maxLength: 512)) }
        return AccountKey(
            limit: texts[0],
            subject: Array(texts[1..<(texts.count - 1)]),
            period: texts[texts.count - 1]
        )
    }

    private static func body(
        _ value: [UInt8]
    ) throws(CBORFieldError) -> (Registration, CBORValue) {
        let registration = try Registration.decode(value)
        return (registration, try CBORValue.mapValue(registration.body ?? []))
    }
}
