public import CBOR
import Foundation

/// JSON as the test suites of the core read it: by Foundation, which nobody here wrote, and without
/// the files' shell.
public enum JSONText {
    private enum Value: Codable {
        case boolean(Bool)
        case number(UInt64)
        case text(String)
        case list([Value])
        case map([String: Value])

        init(from decoder: any Decoder) throws {
            let place = try decoder.singleValueContainer()
            if let value = try? place.decode(Bool.self) {
                self = .boolean(value)
            } else if let value = try? place.decode(UInt64.self) {
                self = .number(value)
            } else if let value = try? place.decode(String.self) {
                self = .text(value)
            } else if let value = try? place.decode([Value].self) {
                self = .list(value)
            } else {
                self = .map(try place.decode([String: Value].self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var place = encoder.singleValueContainer()
            switch self {
            case .boolean(let value): try place.encode(value)
            case .number(let value): try place.encode(value)
            case .text(let value): try place.encode(value)
            case .list(let values): try place.encode(values)
            case .map(let pairs): try place.encode(pairs)
            }
        }

        var cbor: CBORValue {
            switch self {
            case .boolean(let value): .boolean(value)
            case .number(let value): .unsigned(value)
            case .text(let value): .text(value)
            case .list(let values): .array(values.map(\.cbor))
            case .map(let pairs):
                .object(pairs.sorted { $0.key < $1.key }.map { ($0.key, $0.value.cbor) })
            }
        }

        /// Bytes, tags, null and negative numbers are no part of a policy: they become text.
        init(_ value: CBORValue) {
            switch value {
            case .boolean(let value): self = .boolean(value)
            case .unsigned(let value): self = .number(value)
            case .text(let value): self = .text(value)
            case .array(let values): self = .list(values.map(Value.init))
            case .map(let entries):
                self = .map(
                    Dictionary(
                        entries.map { ($0.key.textValue ?? "", Value($0.value)) },
                        uniquingKeysWith: { first, _ in first }
                    )
                )
            default: self = .text("\(value)")
            }
        }
    }

    /// What JSON text says; maps are in the order of their names.
    public static func cbor(_ text: String) throws -> CBORValue {
        try JSONDecoder().decode(Value.self, from: Data(text.utf8)).cbor
    }

    /// A JSON file of the package, by its path from the root.
    public static func file(_ path: String) throws -> CBORValue {
        let data = try Data(contentsOf: VectorFolder.packageRoot.appending(path: path))
        return try cbor(String(decoding: data, as: UTF8.self))
    }

    /// A value as JSON text.
    public static func text(_ value: CBORValue) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(Value(value)), as: UTF8.self)
    }
}
