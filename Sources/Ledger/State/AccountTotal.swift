public import CBOR
public import QuotaRules

/// What one account of one limit holds: the value under `["account", ...]` in the state map.
///
/// Layout: `{consumed, cap?, unit, asOf}`. Zero is an explicit value; an absent account was never
/// used.
public struct AccountTotal: Hashable, Sendable {
    /// How much is used, in the smallest unit (tenths of a TPP, or pieces).
    public let consumed: UInt64
    /// The cap that the last movement was judged by; nil if the account only counts.
    public let cap: UInt64?
    /// What the numbers count.
    public let unit: QuotaUnit
    /// The index of the statement that last changed the account.
    public let asOf: UInt64

    /// A total with the given contents.
    public init(consumed: UInt64, cap: UInt64?, unit: QuotaUnit, asOf: UInt64) {
        self.consumed = consumed
        self.cap = cap
        self.unit = unit
        self.asOf = asOf
    }

    /// What the cap leaves; nil without a cap.
    public var room: UInt64? { cap.map { $0 > consumed ? $0 - consumed : 0 } }

    /// Reads the value of an account.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public static func decode(_ bytes: [UInt8]) throws(CBORFieldError) -> AccountTotal {
        var fields = try CBORFields(try CBORValue.mapValue(bytes))
        let consumed = try fields.unsigned("consumed")
        let cap = try fields.optionalUnsigned("cap")
        let unit = try fields.item("unit")
        guard let known = QuotaUnit(rawValue: try unit.text(maxLength: 16)) else {
            throw unit.error("expected a unit")
        }
        let asOf = try fields.unsigned("asOf")
        try fields.finish()
        return AccountTotal(consumed: consumed, cap: cap, unit: known, asOf: asOf)
    }

    /// The value's bytes in the state map.
    public func encoded() -> [UInt8] {
        CBORValue.object([
            ("consumed", .unsigned(consumed)), ("cap", cap.map { .unsigned($0) }),
            ("unit", .text(unit.rawValue)), ("asOf", .unsigned(asOf)),
        ]).encoded()
    }
}

extension CBORValue {
    /// Decodes a value of the state map.
    static func mapValue(_ bytes: [UInt8]) throws(CBORFieldError) -> CBORValue {
        do {
            return try CBORValue.decode(bytes)
        } catch {
            throw CBORFieldError(path: "$", problem: error.description)
        }
    }
}
