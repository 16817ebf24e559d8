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
        var tables = SnapshotTables()
        for entry in entries {
            do throws(CBORFieldError) {
                try tables.read(entry.key, entry.value)
            } catch {
                throw .snapshot(part: "map", problem: error.description)
            }
        }
        guard let policy = tables.policy, let catalogue = tables.catalogue else {
            throw .snapshot(part: "map", problem: "no policy or no catalogue was ever in force")
        }
        self.init(
            origin: first.body.origin,
            chainID: SHA256.hash(genesis),
            genesis: genesis,
            lastHeader: header,
            lastHeaderHash: TreeHash.leaf(bytes),
            tree: tree,
            map: map,
            policy: policy,
            catalogue: catalogue,
            epoch: tables.epoch(first: first.members.compactMap(\.validator)),
            lastChanges: [],
            memberTable: tables.members,
            organisationTable: tables.organisations,
            accountTable: tables.accounts,
            governance: tables.governance
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
