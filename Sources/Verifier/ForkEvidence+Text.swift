import QuotaCrypto
import Transparency

extension UnverifiedEvidence {
    /// The first line of the file, without its newline.
    public static let firstLine = "quota-ledger/fork-evidence@v1"
    /// The most bytes of a file.
    public static let byteCountMax = 2 * SignedNote.byteCountMax + 65_536

    /// The file's bytes.
    public var bytes: [UInt8] {
        var head = [Self.firstLine] + keys.map { "key \($0.vkey)" }
        if let prefix {
            head.append("prefix \(Base64.encode(prefix.root.bytes))")
            head += prefix.path.map { "path \(Base64.encode($0.bytes))" }
        }
        var bytes = Array((head.map { $0 + "\n" }.joined() + "\n").utf8)
        for (name, note) in [("older", older), ("newer", newer)] {
            bytes += Array("\(name) \(note.bytes.count)\n".utf8) + note.bytes
        }
        return bytes
    }

    /// Evidence from its file.
    ///
    /// - Throws: `VerificationFailure` of kind `malformed` that names the line or the part.
    public init(_ bytes: [UInt8]) throws(VerificationFailure) {
        guard bytes.count <= Self.byteCountMax else {
            throw Self.malformed(
                "the file has \(bytes.count) bytes, the limit is \(Self.byteCountMax)"
            )
        }
        var reader = LineReader(bytes)
        guard try reader.line() == Self.firstLine else {
            throw Self.malformed("line 1: expected '\(Self.firstLine)'")
        }
        var head = Head()
        while true {
            let line = try reader.line()
            guard !line.isEmpty else { break }
            try head.take(line, number: reader.number)
        }
        older = try Self.note("older", &reader)
        newer = try Self.note("newer", &reader)
        guard reader.isAtEnd else { throw Self.malformed("bytes follow the newer note") }
        keys = head.keys
        prefix = head.root.map { Prefix(root: $0, path: head.path) }
    }

    private static func note(
        _ name: String,
        _ reader: inout LineReader
    ) throws(VerificationFailure) -> SignedNote {
        let line = try reader.line()
        guard line.hasPrefix("\(name) "), let count = Int(line.dropFirst(name.utf8.count + 1)),
            count > 0, let bytes = reader.bytes(count)
        else {
            throw malformed(
                "line \(reader.number): expected '\(name)', a number of bytes, and as many bytes"
            )
        }
        do {
            return try SignedNote(bytes)
        } catch {
            throw malformed("\(name): \(error.description)")
        }
    }

    fileprivate static func malformed(_ problem: String) -> VerificationFailure {
        VerificationFailure(.malformed, problem)
    }

    /// The lines above the notes.
    private struct Head {
        var keys: [NoteKey] = []
        var root: Digest?
        var path: [Digest] = []

        mutating func take(_ line: String, number: Int) throws(VerificationFailure) {
            let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count == 2 ? String(parts[1]) : ""
            switch parts.first {
            case "key" where root == nil && keys.count < keysMax:
                do {
                    keys.append(try NoteKey(vkey: value))
                } catch {
                    throw malformed("line \(number): \(error.description)")
                }
            case "prefix" where root == nil: root = try hash(value, number)
            case "path" where root != nil && path.count < UInt64.bitWidth:
                path.append(try hash(value, number))
            default:
                throw malformed(
                    "line \(number): expected key, prefix, path or an empty line, in order"
                )
            }
        }

        private func hash(_ text: String, _ number: Int) throws(VerificationFailure) -> Digest {
            guard let hash = Base64.decode(text).flatMap({ Digest($0) }) else {
                throw malformed("line \(number): expected a base64 hash of 32 bytes")
            }
            return hash
        }
    }
}

/// Reads a file of lines and counted bytes from its front.
private struct LineReader {
    private let bytes: [UInt8]
    private var position = 0
    private(set) var number = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func line() throws(VerificationFailure) -> String {
        number += 1
        guard let end = bytes[position...].firstIndex(of: 0x0A),
            let line = String(validating: bytes[position..<end], as: UTF8.self)
        else {
            throw UnverifiedEvidence.malformed("line \(number): missing, or not UTF-8")
        }
        position = end + 1
        return line
    }

    mutating func bytes(_ count: Int) -> [UInt8]? {
        guard count <= bytes.count - position else { return nil }
        defer { position += count }
        return Array(bytes[position..<(position + count)])
    }
}
