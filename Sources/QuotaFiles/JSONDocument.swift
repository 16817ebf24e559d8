package import CBOR
internal import QuotaCrypto

/// JSON text as the ledger uses it: for files that people write, never for bytes that are signed.
package enum JSONDocument {
    /// The deepest nesting that is read: arrays and objects.
    package static let depthMax = 32

    /// The value of JSON text in UTF-8.
    ///
    /// Integers, texts, booleans, null, arrays and objects become the CBOR values of the same
    /// names. Numbers with a fraction or an exponent are refused: write decimals in quotes.
    ///
    /// - Throws: `JSONError` with line, column and path of the first problem.
    package static func decode(_ bytes: [UInt8]) throws(JSONError) -> CBORValue {
        var reader = JSONReader(bytes)
        return try reader.document()
    }

    /// JSON text of a value, with two spaces for each level and a newline at the end.
    ///
    /// Byte strings become lower-case hexadecimal text, so they come back as text.
    ///
    /// - Throws: `JSONError` if the value has a tag or a key that is not text.
    package static func encode(_ value: CBORValue) throws(JSONError) -> String {
        var text = ""
        try write(value, path: "$", indent: "", to: &text)
        return text + "\n"
    }

    private static func write(
        _ value: CBORValue,
        path: String,
        indent: String,
        to text: inout String
    ) throws(JSONError) {
        switch value {
        case .unsigned(let number): text += String(number)
        case .negative(let number):
            // −1 − n, whose magnitude may need 65 bits.
            text += number == .max ? "-18446744073709551616" : "-\(number + 1)"
        case .bytes(let bytes): text += "\"\(Hex.encode(bytes))\""
        case .text(let string): text += quoted(string)
        case .boolean(let flag): text += flag ? "true" : "false"
        case .null: text += "null"
        case .tagged:
            throw JSONError(path: path, line: 0, column: 0, problem: "JSON has no tags")
        case .array(let items):
            guard !items.isEmpty else { return text += "[]" }
            text += "["
            for (index, item) in items.enumerated() {
                text += (index == 0 ? "\n" : ",\n") + indent + "  "
                try write(item, path: "\(path)[\(index)]", indent: indent + "  ", to: &text)
            }
            text += "\n\(indent)]"
        case .map(let entries): try write(entries, path: path, indent: indent, to: &text)
        }
    }

    private static func write(
        _ entries: [CBORMapEntry],
        path: String,
        indent: String,
        to text: inout String
    ) throws(JSONError) {
        guard !entries.isEmpty else { return text += "{}" }
        text += "{"
        for (index, entry) in entries.enumerated() {
            guard case .text(let key) = entry.key else {
                throw JSONError(
                    path: path,
                    line: 0,
                    column: 0,
                    problem: "JSON has keys of text only"
                )
            }
            text += (index == 0 ? "\n" : ",\n") + indent + "  " + quoted(key) + ": "
            try write(entry.value, path: "\(path).\(key)", indent: indent + "  ", to: &text)
        }
        text += "\n\(indent)}"
    }

    /// A JSON string with everything escaped that must be.
    package static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\0"..<" ", "\u{7F}":
                result += "\\u00" + Hex.encode([UInt8(scalar.value)])
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// Why text is not JSON that the ledger reads.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The value that is wrong: `$` is the whole document, then `.name` and `[index]`.
    package let path: String
    /// The line, from 1; 0 where there is no text.
    package let line: Int
    /// The column in bytes, from 1; 0 where there is no text.
    package let column: Int
    /// What was expected or found.
    package let problem: String

    /// Place and problem.
    package var description: String {
        line == 0 ? "\(path): \(problem)" : "line \(line), column \(column) (\(path)): \(problem)"
    }
}
