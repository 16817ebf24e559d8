import APIModel
import Hummingbird

/// Strict reader of query parameters: each is asked for by name, and `finish` refuses the rest.
struct QueryReader {
    private var values: [String: String] = [:]
    private var known: Set<String> = []

    /// Reads the query of a request; refuses names that occur twice and overlong values.
    init(_ request: Request) throws {
        for (name, value) in request.uri.queryParameters {
            let name = String(name.prefix(APILimits.queryValueMax))
            guard value.utf8.count <= APILimits.queryValueMax else {
                throw Self.bad(name, "expected at most \(APILimits.queryValueMax) bytes")
            }
            guard values.updateValue(String(value), forKey: name) == nil else {
                throw Self.bad(name, "given twice; give it once")
            }
        }
    }

    /// The text of a parameter, nil if it is absent.
    mutating func text(_ name: String) throws -> String? {
        known.insert(name)
        guard let value = values[name] else { return nil }
        guard !value.isEmpty else { throw Self.bad(name, "is empty; leave it out or give a value") }
        return value
    }

    /// The text of a parameter that must be there.
    mutating func requiredText(_ name: String) throws -> String {
        guard let value = try text(name) else { throw Self.bad(name, "is missing") }
        return value
    }

    /// An ISO 3166-1 alpha-2 code in capitals.
    mutating func country(_ name: String) throws -> String? {
        guard let value = try text(name) else { return nil }
        return try Self.country(value, field: name)
    }

    /// A whole number from 0 to 2^64 - 1.
    mutating func number(_ name: String) throws -> UInt64? {
        guard let value = try text(name) else { return nil }
        guard let number = Self.decimal(value) else {
            throw Self.bad(name, "expected a whole number without sign or leading zeros")
        }
        return number
    }

    /// A flag, `1` or `0`; false if it is absent.
    mutating func flag(_ name: String) throws -> Bool {
        switch try text(name) {
        case nil, "0": return false
        case "1": return true
        default: throw Self.bad(name, "expected 0 or 1")
        }
    }

    /// Refuses the query if it has a parameter that nothing asked for.
    func finish() throws {
        guard let unknown = values.keys.filter({ !known.contains($0) }).min() else { return }
        let names = known.isEmpty ? "none" : known.sorted().joined(separator: ", ")
        throw APIProblem.malformed(
            "unknown-parameter",
            field: String(unknown.prefix(64)),
            "unknown query parameter; known here: \(names)"
        )
    }

    /// Checks an ISO 3166-1 alpha-2 code in capitals.
    static func country(_ value: String, field: String) throws -> String {
        guard value.utf8.count == 2, value.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            throw bad(field, "expected two capital letters of ISO 3166-1, such as KE")
        }
        return value
    }

    /// A number in its one decimal form.
    static func decimal(_ text: String) -> UInt64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            text == "0" || !text.hasPrefix("0")
        else { return nil }
        return UInt64(text)
    }

    private static func bad(_ name: String, _ message: String) -> APIProblem {
        .malformed("bad-parameter", field: String(name.prefix(64)), "\(name.prefix(64)) \(message)")
    }
}
