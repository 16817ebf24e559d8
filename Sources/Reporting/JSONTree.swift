/// A JSON value whose members keep their order.
indirect enum JSONTree {
    case null
    case number(UInt64)
    case signed(Int64)
    /// `true` or `false`.
    case word(String)
    case text(String)
    case array([JSONTree])
    case object([(String, JSONTree)])

    /// The value as text; a list or object inside a row of a table stays on one line.
    var text: String {
        var text = ""
        write(to: &text, indent: 0)
        return text
    }

    /// The value on one line.
    var flat: String {
        switch self {
        case .array(let items): "[" + items.map(\.flat).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { "\($0.0): \($0.1.flat)" }.joined(separator: ", ") + "}"
        default: text
        }
    }

    private var isFlat: Bool {
        switch self {
        case .null, .number, .signed, .word, .text: true
        case .array(let items): items.isEmpty
        case .object(let members): members.allSatisfy { $0.1.isScalar } && members.count < 5
        }
    }

    private var isScalar: Bool {
        switch self {
        case .null, .number, .signed, .word, .text: true
        case .array, .object: false
        }
    }

    private func write(to text: inout String, indent: Int) {
        switch self {
        case .null: text += "null"
        case .number(let number): text += String(number)
        case .signed(let number): text += String(number)
        case .word(let word): text += word
        case .text(let string): Self.quote(string, to: &text)
        case .array(let items):
            Self.list(items.map { (nil, $0) }, "[", "]", isFlat, &text, indent)
        case .object(let members):
            Self.list(members.map { ($0.0, $0.1) }, "{", "}", isFlat, &text, indent)
        }
    }

    private static func list(
        _ members: [(name: String?, value: JSONTree)],
        _ open: String,
        _ close: String,
        _ isFlat: Bool,
        _ text: inout String,
        _ indent: Int
    ) {
        let line = "\n" + String(repeating: "  ", count: indent + 1)
        text += open
        for (place, member) in members.enumerated() {
            if place > 0 { text += isFlat ? ", " : "," }
            if !isFlat { text += line }
            if let name = member.name {
                quote(name, to: &text)
                text += ": "
            }
            member.value.write(to: &text, indent: indent + 1)
        }
        if !isFlat { text += line.dropLast(2) }
        text += close
    }

    /// RFC 8259 section 7.
    private static func quote(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
