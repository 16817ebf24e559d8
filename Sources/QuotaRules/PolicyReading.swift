internal import CBOR

// Readers that every part of a policy or catalogue document shares. Each accepts exactly one
// spelling of a value, so that encoding a decoded document gives its bytes again.

extension CBORItem {
    /// An id: 1 to 64 letters, digits, `-`, `_` or `.`.
    func identifier() throws(CBORFieldError) -> String {
        let text = try self.text(maxLength: 64)
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard isPlain else {
            return try excused(text, or: "expected letters, digits, '-', '_' or '.' only")
        }
        return text
    }

    /// Text for people.
    func prose() throws(CBORFieldError) -> String {
        try text(maxLength: 2_000)
    }

    /// A day.
    func date() throws(CBORFieldError) -> CalendarDate {
        guard let date = CalendarDate(try text(maxLength: 10)) else {
            return try excused(.first, or: "expected a date such as 2025-01-13")
        }
        return date
    }

    /// A country code of two capital letters.
    func country() throws(CBORFieldError) -> String {
        let text = try self.text(maxLength: 2)
        guard CountryIndex.of(text) != nil else {
            return try excused(text, or: "expected two capital letters (ISO 3166-1 alpha-2)")
        }
        return text
    }

    /// Decimal text such as `20919.2`, in units of 10^-`fractionDigits`.
    func decimal(
        fractionDigits: Int,
        below bound: UInt64 = Tpp.totalBound
    ) throws(CBORFieldError) -> UInt64 {
        let text = try self.text(maxLength: 24)
        guard let value = FixedDecimal.parse(text, fractionDigits: fractionDigits) else {
            return try excused(
                0,
                or: fractionDigits == 0
                    ? "expected digits in quotes, such as \"790000000\""
                    : "expected a decimal number in quotes with at most \(fractionDigits) "
                        + "digits after the point and none that is needless"
            )
        }
        guard value < bound else { return try excused(0, or: "too large") }
        return value
    }

    /// One of the named values of an enumeration.
    ///
    /// - Parameters:
    ///   - type: The enumeration.
    ///   - standIn: What stands in for a wrong one where that is excused; nil if others depend on it.
    /// - Returns: The value.
    /// - Throws: `CBORFieldError` if there is no such value.
    func choice<Value: RawRepresentable & CaseIterable>(
        _ type: Value.Type,
        standIn: Value? = nil
    ) throws(CBORFieldError) -> Value where Value.RawValue == String {
        let text = try self.text(maxLength: 64)
        if let value = Value(rawValue: text) { return value }
        let names = Value.allCases.map(\.rawValue).joined(separator: ", ")
        guard let standIn else { throw error("expected one of: \(names)") }
        return try excused(standIn, or: "expected one of: \(names)")
    }

    /// The items of an array that has at least one.
    func list(maxCount: Int = 64) throws(CBORFieldError) -> [CBORItem] {
        let items = try array(maxCount: maxCount)
        try require(
            !items.isEmpty,
            "expected at least one item; leave the field out instead"
        )
        return items
    }

    /// Reads each item of a list that has at least one.
    func list<Value>(
        maxCount: Int = 64,
        _ read: (CBORItem) throws(CBORFieldError) -> Value
    ) throws(CBORFieldError) -> [Value] {
        try list(maxCount: maxCount).reading(read)
    }

    /// Distinct ids.
    func identifiers(maxCount: Int = 64) throws(CBORFieldError) -> [String] {
        var names: [String] = []
        for item in try list(maxCount: maxCount) {
            let name = try item.identifier()
            try item.require(!names.contains(name), "'\(name)' stands here twice")
            names.append(name)
        }
        return names
    }
}

extension [CBORItem] {
    /// Reads each item, but those that are dropped.
    func reading<Value>(
        _ read: (CBORItem) throws(CBORFieldError) -> Value
    ) throws(CBORFieldError) -> [Value] {
        var values: [Value] = []
        for item in self {
            if let value = try item.unlessDropped(read) { values.append(value) }
        }
        return values
    }
}

extension CBORFields {
    /// Reads an optional field.
    mutating func ifPresent<Value>(
        _ name: String,
        _ read: (CBORItem) throws(CBORFieldError) -> Value
    ) throws(CBORFieldError) -> Value? {
        guard let item = optionalItem(name) else { return nil }
        return try item.unlessDropped(read)
    }

    /// Reads an optional switch, which is left out where it is not set.
    mutating func flag(_ name: String) throws(CBORFieldError) -> Bool {
        guard let item = optionalItem(name) else { return false }
        guard try item.boolean() else {
            return try item.excused(false, or: "leave the field out instead")
        }
        return true
    }

    /// Reads an optional list; an absent field is an empty list.
    mutating func listIfPresent<Value>(
        _ name: String,
        maxCount: Int = 64,
        _ read: (CBORItem) throws(CBORFieldError) -> Value
    ) throws(CBORFieldError) -> [Value] {
        guard let item = optionalItem(name) else { return [] }
        return try item.list(maxCount: maxCount, read)
    }

    /// Reads an optional list of distinct ids; an absent field is an empty list.
    mutating func identifiersIfPresent(_ name: String) throws(CBORFieldError) -> [String] {
        guard let item = optionalItem(name) else { return [] }
        return try item.identifiers()
    }
}

extension CBORValue {
    /// An array of texts.
    static func texts(_ texts: [String]) -> CBORValue { .array(texts.map { .text($0) }) }

    /// An array of texts, or nil if there are none.
    static func textsIfAny(_ texts: [String]) -> CBORValue? {
        texts.isEmpty ? nil : .texts(texts)
    }

    /// An array, or nil if it would be empty.
    static func listIfAny(_ values: [CBORValue]) -> CBORValue? {
        values.isEmpty ? nil : .array(values)
    }

    /// A day.
    static func date(_ date: CalendarDate) -> CBORValue { .text(date.description) }

    /// Canonical decimal text.
    static func decimal(_ value: UInt64, fractionDigits: Int) -> CBORValue {
        .text(FixedDecimal.text(value, fractionDigits: fractionDigits))
    }
}
