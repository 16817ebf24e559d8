public import CBOR

/// What a ledger starts from: the body of its first leaf.
///
/// Layout: `{origin, time, members: [bstr], policy: bstr, catalogue: bstr, organisations?: [bstr]}`.
public struct GenesisBody: Hashable, Sendable {
    /// The origin of the log, `quota.example/compute-2025` for example.
    public let origin: String
    /// The time of the first block, POSIX seconds.
    public let time: UInt64
    /// The founders' member statements, ascending by member id.
    public let members: [[UInt8]]
    /// The first policy document, deterministic CBOR.
    public let policy: [UInt8]
    /// The first chip catalogue, deterministic CBOR.
    public let catalogue: [UInt8]
    /// Organisation statements of the founders, ascending by organisation id.
    public let organisations: [[UInt8]]

    /// A genesis body with the given contents.
    public init(
        origin: String,
        time: UInt64,
        members: [[UInt8]],
        policy: [UInt8],
        catalogue: [UInt8],
        organisations: [[UInt8]] = []
    ) {
        self.origin = origin
        self.time = time
        self.members = members
        self.policy = policy
        self.catalogue = catalogue
        self.organisations = organisations
    }

    /// Reads a genesis body; the statements and documents inside it stay bytes.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public init(_ value: CBORValue, path: String = "$") throws(CBORFieldError) {
        var fields = try CBORFields(value, path: path)
        origin = try fields.text("origin", .origin)
        time = try fields.unsigned("time", max: StatementHeader.maximumTime)
        members = try Self.byteStrings(try fields.array("members", maxCount: 64))
        policy = try fields.bytes("policy", maxCount: Statement.maximumBytes)
        catalogue = try fields.bytes("catalogue", maxCount: Statement.maximumBytes)
        organisations = try Self.byteStrings(
            try fields.optionalArray("organisations", maxCount: 256)
        )
        try fields.finish()
    }

    /// The genesis body as CBOR.
    public var cbor: CBORValue {
        .object([
            ("origin", .text(origin)), ("time", .unsigned(time)),
            ("members", .array(members.map { .bytes($0) })), ("policy", .bytes(policy)),
            ("catalogue", .bytes(catalogue)),
            (
                "organisations",
                organisations.isEmpty ? nil : .array(organisations.map { .bytes($0) })
            ),
        ])
    }

    private static func byteStrings(
        _ items: [CBORItem]
    ) throws(CBORFieldError) -> [[UInt8]] {
        var strings: [[UInt8]] = []
        for item in items {
            strings.append(try item.bytes(maxCount: Statement.maximumBytes))
        }
        return strings
    }
}
