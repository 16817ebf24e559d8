public import Foundation

/// One JSON value of a vector file.
///
/// Bytes are written as lower-case hexadecimal, numbers as integers, members in the order of their
/// names, so that one value has one text.
public indirect enum VectorValue: Hashable, Sendable {
    /// Text; bytes as hexadecimal.
    case text(String)
    /// A whole number.
    case number(UInt64)
    /// `true` or `false`.
    case boolean(Bool)
    /// A list.
    case list([VectorValue])
    /// Named values.
    case object([String: VectorValue])
    /// Nothing.
    case null

    /// The value as a file's bytes, with a final newline.
    public func file() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }

    /// The value read from a file's bytes.
    public init(file: Data) throws {
        self = try JSONDecoder().decode(VectorValue.self, from: file)
    }
}

extension VectorValue: Codable {
    /// Reads any JSON value without fractions.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([VectorValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: VectorValue].self))
        }
    }

    /// Writes the value.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .boolean(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        case .null: try container.encodeNil()
        }
    }
}

extension VectorValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
    ExpressibleByNilLiteral
{
    /// Text.
    public init(stringLiteral value: String) { self = .text(value) }
    /// A whole number.
    public init(integerLiteral value: UInt64) { self = .number(value) }
    /// `true` or `false`.
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    /// A list.
    public init(arrayLiteral elements: VectorValue...) { self = .list(elements) }
    /// Named values.
    public init(dictionaryLiteral elements: (String, VectorValue)...) {
        self = .object(Dictionary(uniqueKeysWithValues: elements))
    }
    /// Nothing.
    public init(nilLiteral: ()) { self = .null }
}
