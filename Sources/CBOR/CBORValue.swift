/// One data item of the ledger's CBOR profile (RFC 8949).
///
/// The profile is the deterministic encoding of section 4.2.1 without floats, `undefined`, other
/// simple values and indefinite lengths, so each value has exactly one encoding.
public enum CBORValue: Hashable, Sendable {
    /// Major type 0: an integer from 0 to 2^64 − 1.
    case unsigned(UInt64)
    /// Major type 1: the integer −1 − n, from −1 to −2^64.
    case negative(UInt64)
    /// Major type 2: a byte string.
    case bytes([UInt8])
    /// Major type 3: a text string.
    case text(String)
    /// Major type 4: a list of items.
    case array([CBORValue])
    /// Major type 5: pairs with distinct keys. A decoded map is in the order of its encoded keys;
    /// encoding sorts, so the order matters to `==` only.
    case map([CBORMapEntry])
    /// Major type 6: an item under a tag number.
    indirect case tagged(UInt64, CBORValue)
    /// Simple values 20 and 21.
    case boolean(Bool)
    /// Simple value 22.
    case null
}

extension CBORValue {
    /// Whether two values are the same; pairs of a map in another order are not.
    ///
    /// Text is compared by its bytes: to `String`, different spellings of a character are equal (the
    /// Kelvin sign equals K), and what is signed must not be.
    public static func == (left: CBORValue, right: CBORValue) -> Bool {
        switch (left, right) {
        case (.unsigned(let left), .unsigned(let right)): left == right
        case (.negative(let left), .negative(let right)): left == right
        case (.bytes(let left), .bytes(let right)): left == right
        case (.text(let left), .text(let right)): left.utf8.elementsEqual(right.utf8)
        case (.array(let left), .array(let right)): left == right
        case (.map(let left), .map(let right)): left == right
        case (.tagged(let left, let leftItem), .tagged(let right, let rightItem)):
            left == right && leftItem == rightItem
        case (.boolean(let left), .boolean(let right)): left == right
        case (.null, .null): true
        default: false
        }
    }
}

/// One pair of a CBOR map.
public struct CBORMapEntry: Hashable, Sendable {
    /// The key, of any type.
    public let key: CBORValue
    /// The value.
    public let value: CBORValue

    /// A pair.
    public init(key: CBORValue, value: CBORValue) {
        self.key = key
        self.value = value
    }

    /// A pair.
    public init(_ key: CBORValue, _ value: CBORValue) {
        self.key = key
        self.value = value
    }
}

extension CBORValue {
    /// An integer of either sign.
    public static func integer(_ value: Int64) -> CBORValue {
        value < 0 ? .negative(UInt64(bitPattern: ~value)) : .unsigned(UInt64(value))
    }

    /// The integer, if it is one and fits.
    public var integerValue: Int64? {
        switch self {
        case .unsigned(let number): Int64(exactly: number)
        case .negative(let number): Int64(exactly: number).map { -1 - $0 }
        default: nil
        }
    }

    /// The integer, if it is one from 0 to 2^64 − 1.
    public var unsignedValue: UInt64? {
        guard case .unsigned(let number) = self else { return nil }
        return number
    }

    /// The byte string, if it is one.
    public var bytesValue: [UInt8]? {
        guard case .bytes(let bytes) = self else { return nil }
        return bytes
    }

    /// The text, if it is one.
    public var textValue: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    /// The items, if it is an array.
    public var arrayValue: [CBORValue]? {
        guard case .array(let items) = self else { return nil }
        return items
    }

    /// The pairs, if it is a map.
    public var mapValue: [CBORMapEntry]? {
        guard case .map(let entries) = self else { return nil }
        return entries
    }

    /// The value under `key`, if this is a map that has it.
    public subscript(key: CBORValue) -> CBORValue? {
        guard case .map(let entries) = self else { return nil }
        return entries.first { $0.key == key }?.value
    }
}

extension CBORValue {
    /// A map with the given pairs, in encoding order.
    ///
    /// - Parameter entries: The pairs. Two equal keys are a programming error and stop the process.
    /// - Returns: A `.map`.
    public static func sortedMap(_ entries: [CBORMapEntry]) -> CBORValue {
        let keyed = entries.map { (key: $0.key.encoded(), entry: $0) }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
        for (left, right) in zip(keyed, keyed.dropFirst()) {
            precondition(left.key != right.key, "a CBOR map has one value a key")
        }
        return .map(keyed.map(\.entry))
    }

    /// A map with text keys, in encoding order.
    public static func textMap(_ pairs: KeyValuePairs<String, CBORValue>) -> CBORValue {
        sortedMap(pairs.map { CBORMapEntry(.text($0.key), $0.value) })
    }

    /// A map with text keys that leaves out the pairs whose value is nil, in encoding order.
    public static func object(_ pairs: [(String, CBORValue?)]) -> CBORValue {
        sortedMap(
            pairs.compactMap { name, value in value.map { CBORMapEntry(.text(name), $0) } }
        )
    }
}

extension CBORValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// An integer of either sign.
    public init(integerLiteral value: Int64) {
        self = .integer(value)
    }

    /// A text string.
    public init(stringLiteral value: String) {
        self = .text(value)
    }

    /// A boolean.
    public init(booleanLiteral value: Bool) {
        self = .boolean(value)
    }

    /// An array.
    public init(arrayLiteral elements: CBORValue...) {
        self = .array(elements)
    }

    /// A map, in encoding order.
    ///
    /// Two equal keys are a programming error.
    public init(dictionaryLiteral elements: (CBORValue, CBORValue)...) {
        self = .sortedMap(elements.map { CBORMapEntry($0.0, $0.1) })
    }
}
