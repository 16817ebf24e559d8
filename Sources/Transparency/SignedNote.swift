/// A text with signatures.
///
/// Source: C2SP signed-note v1.0.0.
public struct SignedNote: Hashable, Sendable {
    /// The most bytes a note may have: room for many post-quantum lines of others.
    public static let byteCountMax = 1_000_000
    /// The most signature lines, the same as Go's `sumdb/note` accepts.
    public static let signaturesMax = 100

    /// The text, which ends in a newline.
    public let text: String
    /// The signature lines, in order; no two by the same key if this note was made by `merge`.
    public private(set) var signatures: [NoteSignature]

    /// A note from its parts.
    ///
    /// - Throws: `NoteError` if the text has no final newline or a control character, or there are
    ///   too many signatures.
    public init(text: String, signatures: [NoteSignature]) throws(NoteError) {
        guard Self.isWellFormed(text) else { throw .malformedText }
        guard signatures.count <= Self.signaturesMax else { throw .tooManySignatures }
        self.text = text
        self.signatures = signatures
    }

    /// The whole note: text, empty line, signature lines.
    public var description: String {
        text + "\n" + signatures.map(\.line).joined()
    }

    /// The whole note's bytes.
    public var bytes: [UInt8] { Array(description.utf8) }

    /// A note from its bytes.
    ///
    /// Text and signatures part at the last empty line. Every signature line must be well-formed,
    /// whoever it claims to be from; nothing is verified.
    ///
    /// - Throws: `NoteError` with the first thing that is wrong.
    public init(_ bytes: [UInt8]) throws(NoteError) {
        guard bytes.count <= Self.byteCountMax else { throw .tooLong(bytes.count) }
        guard let note = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
        try self.init(note)
    }

    /// A note from its text form, as `init(_:)` from bytes.
    ///
    /// - Throws: `NoteError` with the first thing that is wrong.
    public init(_ note: String) throws(NoteError) {
        guard note.utf8.count <= Self.byteCountMax else { throw .tooLong(note.utf8.count) }
        guard Self.isWellFormed(note) else { throw .malformedText }
        // Split by bytes: "\r\n" and combining characters must not hide a newline.
        let lines = note.utf8.split(separator: 0x0a, omittingEmptySubsequences: false).dropLast()
        guard let separator = lines.lastIndex(where: \.isEmpty), separator > lines.startIndex,
            separator + 1 < lines.endIndex
        else { throw .noSignatures }
        let signatureLines = lines[(separator + 1)...]
        guard signatureLines.count <= Self.signaturesMax else { throw .tooManySignatures }
        var signatures: [NoteSignature] = []
        for (number, line) in signatureLines.enumerated() {
            guard let signature = NoteSignature(line: Substring(line)) else {
                throw .malformedSignatureLine(number + 1)
            }
            signatures.append(signature)
        }
        text = String(note.utf8[..<lines[separator].startIndex]) ?? ""
        self.signatures = signatures
    }

    /// Adds signature lines that the note lacks.
    ///
    /// A key has at most one line. Where both carry a time, the later replaces the earlier; else the
    /// line that is there stays. Lines beyond `signaturesMax` are left out. The caller has verified
    /// what it merges: an unverified line could take a place.
    public mutating func merge(_ others: [NoteSignature]) {
        for other in others {
            if let index = signatures.firstIndex(where: { $0.isSameKey(as: other) }) {
                if let old = signatures[index].timestamp, let new = other.timestamp, old < new {
                    signatures[index] = other
                }
            } else if signatures.count < Self.signaturesMax {
                signatures.append(other)
            }
        }
    }

    private static func isWellFormed(_ text: String) -> Bool {
        text.utf8.last == 0x0a && text.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x0a }
    }
}

extension SignedNote: CustomStringConvertible {}

extension SignedNote {
    /// Whether two notes are the same, byte by byte.
    public static func == (left: SignedNote, right: SignedNote) -> Bool {
        left.text.hasSameBytes(as: right.text) && left.signatures == right.signatures
    }
}
