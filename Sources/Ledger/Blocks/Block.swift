import CBOR
import MerkleLog
public import QuotaCrypto

/// Statements and the header leaf that closes them: what validators vote on.
///
/// Encoded as a deterministic CBOR array `[1, checkpoint: text, header: bstr, [* statement: bstr]]`,
/// at most ``BlockLimits/blockBytesMax`` bytes. The checkpoint text is a claim by the proposer until
/// ``LedgerState/verify(_:expecting:keepsJournal:isVerified:)`` has compared it with the tree.
public struct Block: Sendable, Hashable {
    /// The statements in canonical order.
    public let statements: [Statement]
    /// The header.
    public let header: BlockHeader
    /// The header leaf's bytes.
    public let headerBytes: [UInt8]
    /// The leaf hash of the header.
    public let headerHash: Digest
    /// The text of the checkpoint after the block: origin, size and root, a line each.
    public let checkpointText: String

    init(
        statements: [Statement],
        header: BlockHeader,
        headerBytes: [UInt8],
        headerHash: Digest,
        checkpointText: String
    ) {
        self.statements = statements
        self.header = header
        self.headerBytes = headerBytes
        self.headerHash = headerHash
        self.checkpointText = checkpointText
    }

    /// A block from its parts, as a reader of the log has them.
    ///
    /// Nothing is checked against a state; ``LedgerState/verify(_:expecting:keepsJournal:isVerified:)`` does.
    ///
    /// - Throws: ``StatementError`` that names the offending field of the header.
    public init(
        statements: [Statement],
        headerBytes: [UInt8],
        checkpointText: String
    ) throws(StatementError) {
        do throws(CBORFieldError) {
            header = try BlockHeader.decode(headerBytes)
        } catch {
            throw StatementError("$.header\(error.path.dropFirst())", error.problem)
        }
        self.statements = statements
        self.headerBytes = headerBytes
        self.checkpointText = checkpointText
        headerHash = TreeHash.leaf(headerBytes)
    }

    /// The leaf hashes of the block: its statements, then its header.
    public var leafHashes: [Digest] {
        statements.map(\.leafHash) + [headerHash]
    }

    /// The leaves of the block: its statements, then its header.
    public var leaves: [[UInt8]] {
        statements.map(\.bytes) + [headerBytes]
    }

    /// Whether at least half of what a block may hold was free.
    public var hasRoom: Bool {
        statements.count <= BlockLimits.statementCountMax / 2
            && statements.reduce(0) { $0 + $1.bytes.count } <= BlockLimits.statementBytesMax / 2
    }

    /// What votes name: SHA-256 of the checkpoint text followed by the header's leaf hash.
    public var digest: Digest {
        Self.digest(checkpointText: checkpointText, headerHash: headerHash)
    }

    /// The digest of the block with this checkpoint text and this leaf hash of its header.
    public static func digest(checkpointText: String, headerHash: Digest) -> Digest {
        SHA256.hash(Array(checkpointText.utf8), headerHash.bytes)
    }

    /// Whether two blocks have the same digest.
    public static func == (left: Block, right: Block) -> Bool {
        left.headerHash == right.headerHash && left.checkpointText == right.checkpointText
    }

    /// Feeds the header's leaf hash.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(headerHash)
    }
}

extension Block {
    /// The block as it travels.
    public func encoded() -> [UInt8] {
        Self.encode(checkpointText: checkpointText, leaves: leaves)
    }

    /// The block as it travels, from its leaves, the header last: for a store that keeps leaves only.
    public static func encode(checkpointText: String, leaves: [[UInt8]]) -> [UInt8] {
        CBORValue.array([
            .unsigned(BlockHeader.version), .text(checkpointText), .bytes(leaves.last ?? []),
            .array(leaves.dropLast().map { .bytes($0) }),
        ]).encoded()
    }

    /// Reads a block.
    ///
    /// - Parameters:
    ///   - bytes: At most ``BlockLimits/blockBytesMax``.
    ///   - known: A statement that was decoded before, by leaf hash, so that a node that already
    ///     holds a statement does not decode it again.
    /// - Returns: A well formed block; nothing in it is checked against a state.
    /// - Throws: ``StatementError`` that names the offending field.
    public static func decode(
        _ bytes: [UInt8],
        known: (Digest) -> Statement? = { _ in nil }
    ) throws(StatementError) -> Block {
        let parts: [CBORItem]
        let header: [UInt8]
        let checkpoint: String
        let items: [CBORItem]
        do throws(CBORFieldError) {
            parts = try CBORItem(try value(bytes)).array(count: 4)
            guard try parts[0].unsigned() == BlockHeader.version else {
                throw parts[0].error("expected version \(BlockHeader.version)")
            }
            guard case .text(let text) = parts[1].value, text.utf8.count <= 512 else {
                throw parts[1].error("expected a checkpoint text")
            }
            checkpoint = text
            header = try parts[2].bytes(maxCount: BlockLimits.headerBytesMax)
            items = try parts[3].array(maxCount: BlockLimits.statementCountMax)
        } catch {
            throw StatementError(error)
        }
        var statements: [Statement] = []
        statements.reserveCapacity(items.count)
        for item in items {
            statements.append(try statement(item, known: known))
        }
        return try Block(
            statements: statements,
            headerBytes: header,
            checkpointText: checkpoint
        )
    }

    /// Reads one statement of a block, decoding it only if it is not known.
    private static func statement(
        _ item: CBORItem,
        known: (Digest) -> Statement?
    ) throws(StatementError) -> Statement {
        guard case .bytes(let bytes) = item.value else {
            throw StatementError(item.path, "expected a byte string")
        }
        if let statement = known(TreeHash.leaf(bytes)) { return statement }
        do throws(StatementError) {
            return try Statement.decode(bytes)
        } catch {
            throw StatementError(
                "\(item.path)\(error.path.dropFirst())",
                error.problem,
                code: error.code
            )
        }
    }

    private static func value(_ bytes: [UInt8]) throws(CBORFieldError) -> CBORValue {
        let limits = CBORLimits(
            byteCountMax: BlockLimits.blockBytesMax,
            depthMax: 3,
            itemCountMax: BlockLimits.statementCountMax + 8
        )
        do {
            return try CBORValue.decode(bytes, limits: limits)
        } catch {
            throw CBORFieldError(path: "$", problem: error.description)
        }
    }
}
