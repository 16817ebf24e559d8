internal import CBOR

/// A strict reader of JSON (RFC 8259) with bounded depth, whole numbers and distinct keys.
struct JSONReader {
    private let bytes: [UInt8]
    private var position = 0
    /// The names and indexes that lead to the value being read.
    private var path: [String] = []

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The one value of the text.
    mutating func document() throws(JSONError) -> CBORValue {
        // Editors on some systems begin a file with a byte order mark.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        let value = try value()
        skipSpace()
        guard position == bytes.count else { throw error("unexpected text after the value") }
        return value
    }

    private mutating func value() throws(JSONError) -> CBORValue {
        skipSpace()
        guard position < bytes.count else { throw error("unexpected end of the text") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw error("expected a value")
        }
    }

    private mutating func object() throws(JSONError) -> CBORValue {
        try enter()
        var entries: [CBORMapEntry] = []
        var names: Set<String> = []
        position += 1
        skipSpace()
        if take("}") { return .map([]) }
        while true {
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw error("expected a name in quotes")
            }
            let start = position
            let name = try string()
            guard names.insert(name).inserted else {
                position = start
                throw error("the name '\(name.prefix(40))' stands here twice")
            }
            skipSpace()
            guard take(":") else { throw error("expected ':' after a name") }
            path.append(".\(name.prefix(40))")
            entries.append(CBORMapEntry(.text(name), try value()))
            path.removeLast()
            skipSpace()
            if take("}") { return .sortedMap(entries) }
            guard take(",") else { throw error("expected ',' or '}'") }
        }
    }

    private mutating func array() throws(JSONError) -> CBORValue {
        try enter()
        var items: [CBORValue] = []
        position += 1
        skipSpace()
        if take("]") { return .array([]) }
        while true {
            path.append("[\(items.count)]")
            items.append(try value())
            path.removeLast()
            skipSpace()
            if take("]") { return .array(items) }
            guard take(",") else { throw error("expected ',' or ']'") }
        }
    }

    /// The path is as long as the nesting is deep.
    private func enter() throws(JSONError) {
        guard path.count < JSONDocument.depthMax else {
            throw error("nested deeper than \(JSONDocument.depthMax) levels")
        }
    }

    private mutating func number() throws(JSONError) -> CBORValue {
        let start = position
        let isNegative = take("-")
        var magnitude: UInt64 = 0
        let digits = position
        while position < bytes.count,
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position])
        {
            let digit = UInt64(bytes[position] - UInt8(ascii: "0"))
            let (scaled, tooLarge) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, overflow) = scaled.addingReportingOverflow(digit)
            guard !tooLarge, !overflow else {
                position = start
                throw error("the number has more than 64 bits")
            }
            magnitude = sum
            position += 1
        }
        let count = position - digits
        guard count > 0, count == 1 || bytes[digits] != UInt8(ascii: "0") else {
            position = start
            throw error("expected a number without leading zeros")
        }
        if position < bytes.count, [0x2E, 0x45, 0x65].contains(bytes[position]) {
            position = start
            throw error("expected a whole number; write decimals in quotes, such as \"20919.2\"")
        }
        guard isNegative, magnitude > 0 else { return .unsigned(magnitude) }
        return .negative(magnitude - 1)
    }

    private mutating func word(
        _ word: String,
        _ value: CBORValue
    ) throws(JSONError) -> CBORValue {
        guard bytes[position...].starts(with: word.utf8) else { throw error("expected a value") }
        position += word.utf8.count
        return value
    }
}

extension JSONReader {
    private mutating func string() throws(JSONError) -> String {
        let start = position
        position += 1
        var content: [UInt8] = []
        while true {
            guard position < bytes.count else {
                position = start
                throw error("the text in quotes does not end")
            }
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                guard let text = String(validating: content, as: UTF8.self) else {
                    position = start
                    throw error("the text in quotes is not UTF-8")
                }
                return text
            case UInt8(ascii: "\\"):
                content += try escape()
            case 0..<0x20:
                throw error("a control character must be escaped")
            default:
                content.append(byte)
                position += 1
            }
        }
    }

    /// The UTF-8 of one escape sequence, surrogate pairs included.
    private mutating func escape() throws(JSONError) -> [UInt8] {
        let start = position
        position += 1
        guard position < bytes.count else { throw error("unexpected end of the text") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            if let scalar = unicodeEscape() { return Array(String(Character(scalar)).utf8) }
        default: break
        }
        position = start
        throw error("not an escape sequence")
    }

    private mutating func unicodeEscape() -> Unicode.Scalar? {
        guard let first = hexadecimal() else { return nil }
        guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
        guard take("\\"), take("u"), let second = hexadecimal(),
            (0xDC00..<0xE000).contains(second)
        else { return nil }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private mutating func hexadecimal() -> UInt32? {
        guard position + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        position += 4
        return value
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else {
            return false
        }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
            position += 1
        }
    }

    private func error(_ problem: String) -> JSONError {
        let read = bytes[..<min(position, bytes.count)]
        let lineStart = read.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return JSONError(
            path: "$" + path.joined(),
            line: read.count { $0 == 0x0A } + 1,
            column: read.count - lineStart + 1,
            problem: problem
        )
    }
}
