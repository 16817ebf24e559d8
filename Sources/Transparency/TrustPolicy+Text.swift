extension TrustPolicy {
    /// A policy from a file's bytes.
    ///
    /// Comments may hold any octets from 0x80; names, keys and URLs must be UTF-8. The last line ends
    /// in a newline too, so that a cut file is noticed.
    ///
    /// - Throws: `TrustPolicyError` with the line number.
    public init(_ bytes: [UInt8]) throws(TrustPolicyError) {
        self.init()
        guard bytes.count <= Self.byteCountMax else {
            throw TrustPolicyError("more than \(Self.byteCountMax) bytes")
        }
        let lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
        for (index, line) in lines.dropLast().enumerated() {
            do {
                try read(line)
            } catch {
                throw TrustPolicyError(error.problem, line: index + 1)
            }
        }
        guard lines.last?.isEmpty ?? true else {
            throw TrustPolicyError("the line does not end in a newline", line: lines.count)
        }
        guard isComplete else { throw TrustPolicyError("there is no quorum line") }
    }

    /// A policy from a file's text, as from its bytes.
    ///
    /// - Throws: `TrustPolicyError` with the line number.
    public init(_ text: String) throws(TrustPolicyError) {
        try self.init(Array(text.utf8))
    }

    /// The policy as a file: logs, witnesses, groups, quorum.
    public var text: String {
        var lines: [String] = []
        for log in logs { lines.append(Self.line(["log", log.key.vkey, log.url])) }
        for witness in witnesses {
            lines.append(Self.line(["witness", witness.name, witness.key.vkey, witness.url]))
        }
        for group in groups {
            let threshold =
                switch group.threshold {
                case .any: "any"
                case .all: "all"
                case .count(let count): "\(count)"
                }
            lines.append(Self.line(["group", group.name, threshold] + group.members))
        }
        lines.append(Self.line(["quorum", quorum ?? "none"]))
        return lines.joined()
    }

    private static func line(_ fields: [String?]) -> String {
        fields.compactMap { $0 }.joined(separator: " ") + "\n"
    }

    private mutating func read(_ line: ArraySlice<UInt8>) throws(TrustPolicyError) {
        guard line.allSatisfy({ ($0 >= 0x20 && $0 != 0x7f) || $0 == 0x09 }) else {
            throw .init("a control character other than tab")
        }
        let octets = line.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 })
        guard let first = octets.first, first.first != UInt8(ascii: "#") else { return }
        var fields: [String] = []
        for field in octets {
            guard let text = String(validating: field, as: UTF8.self) else {
                throw .init("a field is not UTF-8")
            }
            fields.append(text)
        }
        try read(keyword: fields[0], Array(fields.dropFirst()))
    }

    private mutating func read(
        keyword: String,
        _ fields: [String]
    ) throws(TrustPolicyError) {
        let url = fields.last
        switch (keyword, fields.count) {
        case ("log", 1...2):
            try add(Log(key: try Self.key(fields[0]), url: fields.count == 2 ? url : nil))
        case ("witness", 2...3):
            try add(
                Witness(
                    name: fields[0],
                    key: try Self.key(fields[1]),
                    url: fields.count == 3 ? url : nil
                )
            )
        case ("group", 3...):
            try add(
                Group(
                    name: fields[0],
                    threshold: try Self.threshold(fields[1]),
                    members: Array(fields[2...])
                )
            )
        case ("quorum", 1):
            try setQuorum(fields[0] == "none" ? nil : fields[0])
        case ("log", _): throw .init("expected: log <vkey> [<url>]")
        case ("witness", _): throw .init("expected: witness <name> <vkey> [<url>]")
        case ("group", _): throw .init("expected: group <name> all|any|<k> <member>...")
        case ("quorum", _): throw .init("expected: quorum <name>|none")
        default:
            throw .init("unknown keyword '\(keyword.prefix(20))'")
        }
    }

    private static func key(_ vkey: String) throws(TrustPolicyError) -> NoteKey {
        do {
            return try NoteKey(vkey: vkey)
        } catch {
            throw .init(error.description)
        }
    }

    private static func threshold(_ text: String) throws(TrustPolicyError) -> Group.Threshold {
        switch text {
        case "any": return .any
        case "all": return .all
        default:
            guard let count = Decimal.parse(text), (1...UInt64(2 * itemsMax)).contains(count)
            else { throw .init("the threshold must be 'any', 'all' or a number from 1") }
            return .count(Int(count))
        }
    }
}
