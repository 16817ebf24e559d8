public import CBOR
public import QuotaCrypto

/// That a statement is on the ledger: the value under the statement's key in the state map.
///
/// Layout: `{index, leaf: bstr32, issuer?, body?: bstr, from?, changed?, ended?}`; claims, proposals
/// and suspensions have records of their own, which have the first two fields too. Members,
/// organisations, facilities and storage declarations carry issuer and body, so that a node can
/// rebuild what it keeps in memory from the map alone.
public struct Registration: Hashable, Sendable {
    /// The index of the statement.
    public let index: UInt64
    /// The leaf hash of the statement's bytes.
    public let leafHash: Digest
    /// The member that signed it, where the key does not name it.
    public let issuer: String?
    /// The encoded body as it holds now.
    public let body: [UInt8]?
    /// The block time from which a member may sign, or an organisation be a party, POSIX seconds.
    public let from: UInt64?
    /// The index of the proposal, or of the evidence, that last changed the body.
    public let changed: UInt64?
    /// The block time at which a membership ended.
    public let ended: UInt64?

    /// A registration with the given contents.
    public init(
        index: UInt64,
        leafHash: Digest,
        issuer: String? = nil,
        body: [UInt8]? = nil,
        from: UInt64? = nil,
        changed: UInt64? = nil,
        ended: UInt64? = nil
    ) {
        self.index = index
        self.leafHash = leafHash
        self.issuer = issuer
        self.body = body
        self.from = from
        self.changed = changed
        self.ended = ended
    }

    /// Reads the value of a registered statement.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public static func decode(_ bytes: [UInt8]) throws(CBORFieldError) -> Registration {
        var fields = try CBORFields(try CBORValue.mapValue(bytes))
        let registration = Registration(
            index: try fields.unsigned("index"),
            leafHash: try fields.digest("leaf"),
            issuer: try fields.optionalText("issuer", .member),
            body: try fields.optionalItem("body")?.bytes(maxCount: Statement.maximumBytes),
            from: try fields.optionalUnsigned("from"),
            changed: try fields.optionalUnsigned("changed"),
            ended: try fields.optionalUnsigned("ended")
        )
        try fields.finish()
        return registration
    }

    /// The value's bytes in the state map.
    public func encoded() -> [UInt8] {
        CBORValue.object([
            ("index", .unsigned(index)), ("leaf", .bytes(leafHash.bytes)),
            ("issuer", issuer.map { .text($0) }), ("body", body.map { .bytes($0) }),
            ("from", from.map { .unsigned($0) }), ("changed", changed.map { .unsigned($0) }),
            ("ended", ended.map { .unsigned($0) }),
        ]).encoded()
    }
}
