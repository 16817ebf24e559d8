public import CBOR
public import QuotaCrypto
import QuotaRules

/// An agreement or allocation that passed: the value under `["agreement" or "allocation", issuer,
/// id]` in the state map, with issuer and id of its proposal.
///
/// Layout: `{index, decided, ...}` with the fields of the action without its kind. Of two that hold
/// on a day for one subject, the one decided later counts.
public struct GrantRecord<Terms: Hashable & Sendable>: Hashable, Sendable {
    /// The index of the proposal.
    public let index: UInt64
    /// The index of the statement that decided it.
    public let decided: UInt64
    /// What was granted.
    public let terms: Terms

    /// Whether it was decided before another; of two that one statement decided, the one that was
    /// proposed first.
    func precedes(_ other: GrantRecord) -> Bool {
        decided == other.decided ? index < other.index : decided < other.decided
    }
}

extension GrantRecord {
    init(
        _ bytes: [UInt8],
        _ read: (inout CBORFields) throws(CBORFieldError) -> Terms
    ) throws(CBORFieldError) {
        var fields = try CBORFields(try CBORValue.mapValue(bytes))
        index = try fields.unsigned("index")
        decided = try fields.unsigned("decided")
        terms = try read(&fields)
        try fields.finish()
    }

    func encoded(_ pairs: [(String, CBORValue?)]) -> [UInt8] {
        CBORValue.object(
            [("index", .unsigned(index)), ("decided", .unsigned(decided))] + pairs
        ).encoded()
    }
}

/// Whose cap an agreement or allocation is about.
struct GrantKey: Hashable, Sendable {
    let limit: String
    let subject: [String]
}

/// Leave for one claim to pass beyond the limits: the value under `["override", issuer, id]` in the
/// state map, with issuer and id of the claim.
///
/// Layout: `{index, decided, body: bstr32, reason: bstr32, used?}`.
public struct OverrideRecord: Hashable, Sendable {
    /// The index of the proposal.
    public let index: UInt64
    /// The index of the statement that decided it.
    public let decided: UInt64
    /// SHA-256 of the encoded body of the claim.
    public let body: Digest
    /// The salted digest of the reason.
    public let reason: Digest
    /// The index of the claim that used it.
    public internal(set) var used: UInt64?

    init(index: UInt64, decided: UInt64, body: Digest, reason: Digest, used: UInt64? = nil) {
        self.index = index
        self.decided = decided
        self.body = body
        self.reason = reason
        self.used = used
    }

    /// Reads the value of an override.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public static func decode(_ bytes: [UInt8]) throws(CBORFieldError) -> OverrideRecord {
        var fields = try CBORFields(try CBORValue.mapValue(bytes))
        let record = OverrideRecord(
            index: try fields.unsigned("index"),
            decided: try fields.unsigned("decided"),
            body: try fields.digest("body"),
            reason: try fields.digest("reason"),
            used: try fields.optionalUnsigned("used")
        )
        try fields.finish()
        return record
    }

    /// The value's bytes in the state map.
    public func encoded() -> [UInt8] {
        CBORValue.object([
            ("index", .unsigned(index)), ("decided", .unsigned(decided)),
            ("body", .bytes(body.bytes)), ("reason", .bytes(reason.bytes)),
            ("used", used.map { .unsigned($0) }),
        ]).encoded()
    }
}
