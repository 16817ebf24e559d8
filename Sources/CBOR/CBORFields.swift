/// Strict reader of a map with text keys: each field is asked for by name, and `finish` refuses
/// whatever was not asked for.
public struct CBORFields: Sendable {
    /// Where the map stands, as in `$.lines[2]`.
    public let path: String
    private let entries: [CBORMapEntry]
    private var isRead: [Bool]
    /// The places whose problem is known; nil in a document that is read for the first time.
    let excuses: CBORExcuses?

    /// A reader of `value`.
    ///
    /// - Throws: `CBORFieldError` if the value is not a map or has a key that is not text.
    public init(_ value: CBORValue, path: String = "$") throws(CBORFieldError) {
        try self.init(value, path: path, excuses: nil)
    }

    init(_ value: CBORValue, path: String, excuses: CBORExcuses?) throws(CBORFieldError) {
        guard case .map(let entries) = value else {
            throw CBORFieldError(path: path, problem: "expected a map")
        }
        for entry in entries {
            guard case .text = entry.key else {
                throw CBORFieldError(path: path, problem: "expected text keys only")
            }
        }
        self.path = path
        self.excuses = excuses
        self.entries = entries
        isRead = Array(repeating: false, count: entries.count)
    }

    /// The field with its path, or nil if it is absent.
    public mutating func optionalItem(_ name: String) -> CBORItem? {
        let index = entries.firstIndex { entry in
            guard case .text(let key) = entry.key else { return false }
            // Equal text may have other bytes (the Kelvin sign equals K); a field name may not.
            return key.utf8.count == name.utf8.count && key == name
        }
        guard let index else { return nil }
        isRead[index] = true
        return item(entries[index].value, name)
    }

    /// The field with its path; throws if it is absent.
    public mutating func item(_ name: String) throws(CBORFieldError) -> CBORItem {
        guard let item = optionalItem(name) else {
            // No reader takes null, so that each takes its stand-in.
            return try item(.null, name).excused(item(.null, name), or: "missing")
        }
        return item
    }

    private func item(_ value: CBORValue, _ name: String) -> CBORItem {
        CBORItem(value, in: path, step: .field(name), excuses: excuses)
    }

    /// The value of a field; throws if it is absent.
    public mutating func required(_ name: String) throws(CBORFieldError) -> CBORValue {
        try item(name).value
    }

    /// The value of a field, or nil if it is absent.
    public mutating func optional(_ name: String) -> CBORValue? {
        optionalItem(name)?.value
    }

    /// Refuses the map if it has a field that nothing asked for.
    public func finish() throws(CBORFieldError) {
        guard isRead.contains(false) else { return }
        for index in isRead.indices where !isRead[index] {
            // Quote an unknown name only as far as it is short and harmless.
            let name = entries[index].key.textValue ?? ""
            let shown = String(name.prefix(40).filter { $0.isLetter || $0.isNumber || $0 == "-" })
            try item(entries[index].value, shown).excused((), or: "unknown field")
        }
    }
}

extension CBORFields {
    /// Text of 1 to `maxLength` UTF-8 bytes without control characters.
    public mutating func text(
        _ name: String,
        maxLength: Int
    ) throws(CBORFieldError) -> String {
        try item(name).text(maxLength: maxLength)
    }

    /// As `text`, or nil if the field is absent.
    public mutating func optionalText(
        _ name: String,
        maxLength: Int
    ) throws(CBORFieldError) -> String? {
        guard let item = optionalItem(name) else { return nil }
        return try item.text(maxLength: maxLength)
    }

    /// An integer from 0 to `max`.
    public mutating func unsigned(
        _ name: String,
        max: UInt64 = .max
    ) throws(CBORFieldError) -> UInt64 {
        try item(name).unsigned(max: max)
    }

    /// As `unsigned`, or nil if the field is absent.
    public mutating func optionalUnsigned(
        _ name: String,
        max: UInt64 = .max
    ) throws(CBORFieldError) -> UInt64? {
        guard let item = optionalItem(name) else { return nil }
        return try item.unsigned(max: max)
    }

    /// A byte string of exactly `count` bytes.
    public mutating func bytes(_ name: String, count: Int) throws(CBORFieldError) -> [UInt8] {
        try item(name).bytes(count: count)
    }

    /// As `bytes(_:count:)`, or nil if the field is absent.
    public mutating func optionalBytes(
        _ name: String,
        count: Int
    ) throws(CBORFieldError) -> [UInt8]? {
        guard let item = optionalItem(name) else { return nil }
        return try item.bytes(count: count)
    }

    /// A byte string of at most `maxCount` bytes.
    public mutating func bytes(_ name: String, maxCount: Int) throws(CBORFieldError) -> [UInt8] {
        try item(name).bytes(maxCount: maxCount)
    }

    /// A boolean.
    public mutating func boolean(_ name: String) throws(CBORFieldError) -> Bool {
        try item(name).boolean()
    }

    /// As `boolean`, or nil if the field is absent.
    public mutating func optionalBoolean(_ name: String) throws(CBORFieldError) -> Bool? {
        guard let item = optionalItem(name) else { return nil }
        return try item.boolean()
    }

    /// The items of an array with at most `maxCount`.
    public mutating func array(
        _ name: String,
        maxCount: Int
    ) throws(CBORFieldError) -> [CBORItem] {
        try item(name).array(maxCount: maxCount)
    }

    /// As `array`, or no items if the field is absent.
    public mutating func optionalArray(
        _ name: String,
        maxCount: Int
    ) throws(CBORFieldError) -> [CBORItem] {
        guard let item = optionalItem(name) else { return [] }
        return try item.array(maxCount: maxCount)
    }

    /// A reader of a nested map.
    public mutating func fields(_ name: String) throws(CBORFieldError) -> CBORFields {
        try item(name).fields()
    }

    /// As `fields`, or nil if the field is absent.
    public mutating func optionalFields(_ name: String) throws(CBORFieldError) -> CBORFields? {
        guard let item = optionalItem(name) else { return nil }
        return try item.fields()
    }
}
