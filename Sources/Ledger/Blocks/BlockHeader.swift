public import CBOR
public import QuotaCrypto

/// The last leaf of a block: what the state is after it.
///
/// Deterministic CBOR map, text keys: `{ver: 1, height, view, proposer, time, previousIndex,
/// previousHash: bstr32, first, count, mapRoot: bstr32, policyIndex, validators: bstr32}`.
/// Its own index is `first + count`, so `index == size - 1` of a checkpoint proves that it describes
/// the ledger at that checkpoint.
public struct BlockHeader: Hashable, Sendable {
    /// The version of this layout.
    public static let version: UInt64 = 1

    /// The number of blocks before this one; genesis is 0.
    public let height: UInt64
    /// The consensus view in which the block was proposed; genesis is 0.
    public let view: UInt64
    /// The member id of the proposer; in genesis, the member that signed it.
    public let proposer: String
    /// The block time, POSIX seconds.
    public let time: UInt64
    /// The index of the previous header leaf; in genesis, 0, the genesis statement.
    public let previousIndex: UInt64
    /// The leaf hash of the leaf at ``previousIndex``.
    public let previousHash: Digest
    /// The index of the block's first statement.
    public let first: UInt64
    /// The number of the block's statements, at least 1.
    public let count: UInt64
    /// The root of the state map after the block.
    public let mapRoot: Digest
    /// The index of the statement that holds the policy in force after the block.
    public let policyIndex: UInt64
    /// The digest of the validators that must sign the next checkpoint, see ``Validator/digest(of:)``.
    public let validators: Digest

    /// A header with the given contents.
    public init(
        height: UInt64,
        view: UInt64,
        proposer: String,
        time: UInt64,
        previousIndex: UInt64,
        previousHash: Digest,
        first: UInt64,
        count: UInt64,
        mapRoot: Digest,
        policyIndex: UInt64,
        validators: Digest
    ) {
        self.height = height
        self.view = view
        self.proposer = proposer
        self.time = time
        self.previousIndex = previousIndex
        self.previousHash = previousHash
        self.first = first
        self.count = count
        self.mapRoot = mapRoot
        self.policyIndex = policyIndex
        self.validators = validators
    }

    /// The index of this header's own leaf.
    public var index: UInt64 { first + count }

    /// The size of the log at this header's checkpoint.
    public var treeSize: UInt64 { first + count + 1 }
}

extension BlockHeader {
    /// Reads a header.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public static func decode(_ bytes: [UInt8]) throws(CBORFieldError) -> BlockHeader {
        guard bytes.count <= BlockLimits.headerBytesMax else {
            throw CBORFieldError(
                path: "$",
                problem: "expected at most \(BlockLimits.headerBytesMax) bytes"
            )
        }
        let value: CBORValue
        do {
            value = try CBORValue.decode(bytes)
        } catch {
            throw CBORFieldError(path: "$", problem: error.description)
        }
        return try BlockHeader(value)
    }

    private init(_ value: CBORValue) throws(CBORFieldError) {
        // Indexes stay below 2^62, so that sums of them cannot overflow.
        let indexMax: UInt64 = 1 << 62
        var fields = try CBORFields(value)
        let version = try fields.item("ver")
        guard try version.unsigned() == Self.version else {
            throw version.error("expected version \(Self.version)")
        }
        height = try fields.unsigned("height", max: indexMax)
        view = try fields.unsigned("view", max: indexMax)
        proposer = try fields.text("proposer", .member)
        time = try fields.unsigned("time", max: StatementHeader.maximumTime)
        previousIndex = try fields.unsigned("previousIndex", max: indexMax)
        previousHash = try fields.digest("previousHash")
        first = try fields.unsigned("first", max: indexMax)
        let count = try fields.item("count")
        self.count = try count.unsigned(max: UInt64(BlockLimits.statementCountMax))
        guard self.count > 0 else { throw count.error("expected at least 1") }
        mapRoot = try fields.digest("mapRoot")
        policyIndex = try fields.unsigned("policyIndex", max: indexMax)
        validators = try fields.digest("validators")
        try fields.finish()
    }

    /// The header leaf's bytes.
    public func encoded() -> [UInt8] {
        CBORValue.object([
            ("ver", .unsigned(Self.version)), ("height", .unsigned(height)),
            ("view", .unsigned(view)), ("proposer", .text(proposer)), ("time", .unsigned(time)),
            ("previousIndex", .unsigned(previousIndex)),
            ("previousHash", .bytes(previousHash.bytes)), ("first", .unsigned(first)),
            ("count", .unsigned(count)), ("mapRoot", .bytes(mapRoot.bytes)),
            ("policyIndex", .unsigned(policyIndex)), ("validators", .bytes(validators.bytes)),
        ]).encoded()
    }
}
