import CBOR
import Ledger
import MerkleLog
public import QuotaCrypto
import StateMap

extension LedgerAudit {
    /// The layout of a saved audit.
    private static let version: UInt64 = 1

    /// What an audit of the leaves so far left behind, to go on from there later; nil between blocks.
    ///
    /// Layout, deterministic CBOR followed by its SHA-256: `[1, genesis: bstr, header: bstr,
    /// rows: [[index, [* bstr32]]], counts: [leaves, blocks, [* statements]], map: [* key: bstr, value:
    /// bstr]]`. It is the auditor's own memory: whoever can write it can make the audit believe that
    /// earlier leaves follow the rules. It cannot make it accept another log, because the tiles that
    /// are continued lead to the root that is compared in the end.
    public func saved() -> [UInt8]? {
        guard let state, isAtBlockEnd, state.size == progress.leaves else { return nil }
        var map: [CBORValue] = []
        map.reserveCapacity(2 * state.map.count)
        state.map.forEach { key, value in map += [.bytes(key), .bytes(value)] }
        let encoded = CBORValue.array([
            .unsigned(Self.version), .bytes(state.genesis), .bytes(state.lastHeader.encoded()),
            rows.cbor,
            .array([
                .unsigned(progress.leaves), .unsigned(progress.blocks),
                .array(progress.statements.map { .unsigned($0) }),
            ]),
            .array(map),
        ]).encoded()
        return encoded + SHA256.hash(encoded).bytes
    }

    /// An audit that goes on where a saved one stopped.
    ///
    /// The state is built again from what was saved, and its map root compared with the header.
    ///
    /// - Parameters:
    ///   - saved: What ``saved()`` gave.
    ///   - keepsJournal: Whether ``state`` keeps the journal of the last block.
    ///   - signatureCheck: Checks signatures ahead.
    /// - Throws: `VerificationFailure` of kind `malformed` that names the part that is damaged.
    public init(
        saved: [UInt8],
        keepsJournal: Bool = false,
        signatureCheck: @escaping SignatureCheck = { _, _ in [] }
    ) throws(VerificationFailure) {
        let encoded = Array(saved.dropLast(Digest.byteCount))
        guard SHA256.hash(encoded).bytes == Array(saved.suffix(Digest.byteCount)) else {
            throw VerificationFailure(.malformed, "the saved audit is damaged or cut short")
        }
        do {
            let parts = try CBORItem(CBORValue.decode(encoded, limits: Self.limits)).array(count: 6)
            guard try parts[0].unsigned() == Self.version else {
                throw parts[0].error("expected version \(Self.version)")
            }
            let rows = try TileRows(parts[3])
            let header = try parts[2].bytes(maxCount: BlockLimits.headerBytesMax)
            guard rows.lastLeaf == nil || rows.lastLeaf == TreeHash.leaf(header) else {
                throw parts[2].error("expected the header that is the last leaf")
            }
            let state = try LedgerState(
                restoring: try parts[1].bytes(maxCount: Statement.maximumBytes),
                entries: try Self.entries(parts[5]),
                tree: rows.tree,
                header: header
            )
            try self.init(
                state: state,
                rows: rows,
                progress: try Progress(parts[4]),
                keepsJournal: keepsJournal,
                signatureCheck: signatureCheck
            )
        } catch {
            throw VerificationFailure(.malformed, "the saved audit: \(error)")
        }
    }

    /// The size of a ledger's state is bounded by its log alone.
    private static let limits = CBORLimits(
        byteCountMax: .max,
        depthMax: 8,
        itemCountMax: .max
    )

    private static func entries(
        _ item: CBORItem
    ) throws(CBORFieldError) -> [(key: [UInt8], value: [UInt8])] {
        let items = try item.array(maxCount: .max)
        guard items.count.isMultiple(of: 2) else { throw item.error("expected keys and values") }
        var entries: [(key: [UInt8], value: [UInt8])] = []
        entries.reserveCapacity(items.count / 2)
        for place in stride(from: 0, to: items.count, by: 2) {
            entries.append(
                (
                    try items[place].bytes(maxCount: Statement.maximumBytes),
                    try items[place + 1].bytes(maxCount: 1 << 20)
                )
            )
        }
        return entries
    }
}

extension LedgerAudit.Progress {
    fileprivate init(_ item: CBORItem) throws(CBORFieldError) {
        let parts = try item.array(count: 3)
        leaves = try parts[0].unsigned()
        blocks = try parts[1].unsigned()
        let counts = try parts[2].array(count: StatementKind.allCases.count)
        statements = []
        for count in counts { statements.append(try count.unsigned()) }
    }
}
