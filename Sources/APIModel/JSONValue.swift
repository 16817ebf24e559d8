/// Any JSON document without fractions.
///
/// The ledger counts in integers only, so a number is a signed or unsigned 64-bit integer.
package indirect enum JSONValue: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case boolean(Bool)
    /// A whole number at or above zero.
    case unsigned(UInt64)
    /// A whole number below zero.
    case negative(Int64)
    /// Text.
    case text(String)
    /// A list.
    case array([JSONValue])
    /// A set of named values.
    case object([String: JSONValue])

    /// The member of an object, nil for any other value.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// The text of a text value.
    package var textValue: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    /// The number of an unsigned value.
    package var unsignedValue: UInt64? {
        guard case .unsigned(let number) = self else { return nil }
        return number
    }

    /// The elements of a list.
    package var elements: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }
}

extension JSONValue: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .unsigned(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .negative(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .boolean(let value): try container.encode(value)
        case .unsigned(let value): try container.encode(value)
        case .negative(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}
