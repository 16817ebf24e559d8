public import CBOR
public import QuotaRules

/// What one account of one limit holds: the value under `["account", ...]` in the state map.
///
/// Layout: `{cap?, unit, asOf, amounts, chips, released?, releasedChips?, overrides?}`; `amounts` and
/// `chips` are ``BucketValues``, and what is 0 is left out. An absent account was never used.
///
/// Every event of a claim takes from one bucket of an account and adds the same to another; only a
/// claim and an opening inventory add from outside. What a limit gives back (``LimitRelease``) stays
/// in its bucket and is counted as released too.
public struct AccountTotal: Hashable, Sendable {
    /// The cap that the last movement was judged by; nil if the account only counts.
    public internal(set) var cap: UInt64?
    /// What the amounts count.
    public let unit: QuotaUnit
    /// The index of the statement that last changed the account; for what ran out by time, of the
    /// first statement of the block.
    public internal(set) var asOf: UInt64
    /// What stands in each bucket, in the smallest unit (tenths of a TPP, or pieces).
    public internal(set) var amounts: BucketValues
    /// The integrated circuits in each bucket.
    public internal(set) var chips: BucketValues
    /// How much of ``amounts`` the limit has given back.
    public internal(set) var released: UInt64
    /// How many of ``chips`` the limit has given back.
    public internal(set) var releasedChips: UInt64
    /// How many claims entered beyond the cap by an override; never goes down.
    public internal(set) var overrides: UInt64

    /// A total with the given contents.
    public init(
        cap: UInt64?,
        unit: QuotaUnit,
        asOf: UInt64,
        amounts: BucketValues = BucketValues(),
        chips: BucketValues = BucketValues(),
        released: UInt64 = 0,
        releasedChips: UInt64 = 0,
        overrides: UInt64 = 0
    ) {
        self.cap = cap
        self.unit = unit
        self.asOf = asOf
        self.amounts = amounts
        self.chips = chips
        self.released = released
        self.releasedChips = releasedChips
        self.overrides = overrides
    }

    /// What the amounts count, as the formats name it: `tpp` (then they are tenths) or `units`.
    public var unitName: String { unit.rawValue }

    /// How much is used: what the cap is compared with.
    public var consumed: UInt64 {
        let sum = amounts.sum
        return sum > released ? sum - released : 0
    }

    /// The integrated circuits that are used.
    public var consumedChips: UInt64 {
        let sum = chips.sum
        return sum > releasedChips ? sum - releasedChips : 0
    }

    /// What the cap leaves; nil without a cap.
    public var room: UInt64? { cap.map { $0 > consumed ? $0 - consumed : 0 } }
}

extension AccountTotal {
    /// Reads the value of an account.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public static func decode(_ bytes: [UInt8]) throws(CBORFieldError) -> AccountTotal {
        var fields = try CBORFields(try CBORValue.mapValue(bytes))
        let cap = try fields.optionalUnsigned("cap")
        let unit = try fields.item("unit")
        guard let known = QuotaUnit(rawValue: try unit.text(maxLength: 16)) else {
            throw unit.error("expected a unit")
        }
        let total = AccountTotal(
            cap: cap,
            unit: known,
            asOf: try fields.unsigned("asOf"),
            amounts: try BucketValues(try fields.item("amounts"), below: Tpp.totalBound),
            chips: try BucketValues(try fields.item("chips"), below: Tpp.totalBound),
            released: try fields.count("released"),
            releasedChips: try fields.count("releasedChips"),
            overrides: try fields.count("overrides")
        )
        try fields.finish()
        guard total.released <= total.amounts.sum, total.releasedChips <= total.chips.sum else {
            throw CBORFieldError(path: "$.released", problem: "more than the account holds")
        }
        return total
    }

    /// The value's bytes in the state map.
    public func encoded() -> [UInt8] {
        CBORValue.object([
            ("cap", cap.map { .unsigned($0) }), ("unit", .text(unit.rawValue)),
            ("asOf", .unsigned(asOf)), ("amounts", amounts.cbor), ("chips", chips.cbor),
            ("released", .count(released)), ("releasedChips", .count(releasedChips)),
            ("overrides", .count(overrides)),
        ]).encoded()
    }
}

extension CBORFields {
    /// A number that is left out when it is 0.
    mutating func count(_ name: String, max: UInt64 = Tpp.totalBound) throws(CBORFieldError)
        -> UInt64
    {
        guard let item = optionalItem(name) else { return 0 }
        let count = try item.unsigned(max: max)
        guard count > 0 else { throw item.error("0 is left out") }
        return count
    }
}

extension CBORValue {
    /// A number, or nil for 0.
    static func count(_ count: UInt64) -> CBORValue? { count == 0 ? nil : .unsigned(count) }

    /// Decodes a value of the state map.
    static func mapValue(_ bytes: [UInt8]) throws(CBORFieldError) -> CBORValue {
        do {
            return try CBORValue.decode(bytes)
        } catch {
            throw CBORFieldError(path: "$", problem: error.description)
        }
    }
}
