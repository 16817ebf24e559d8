public import QuotaCrypto

/// A log's statement of its size and root.
///
/// Text form: origin, size in decimal, root in base64, then extension lines, each with a newline.
/// Source: C2SP tlog-checkpoint v1.0.0.
public struct Checkpoint: Hashable, Sendable {
    /// The largest size: 2^63 - 1, the limit of other implementations.
    public static let sizeMax = UInt64(Int64.max)

    /// The log's identity.
    public let origin: String
    /// The number of leaves.
    public let size: UInt64
    /// The root of the tree of these leaves.
    public let root: Digest
    /// Further lines, none of them empty; this ledger writes none.
    public let extensions: [String]

    /// A checkpoint; the origin is one line that is not empty.
    public init(origin: String, size: UInt64, root: Digest) {
        self.origin = origin
        self.size = size
        self.root = root
        extensions = []
    }

    /// A checkpoint from its one text form.
    ///
    /// - Throws: `CheckpointError` that names the line that is wrong.
    public init(text: String) throws(CheckpointError) {
        var lines = text.utf8.split(separator: 0x0a, omittingEmptySubsequences: false)
            .map { String(Substring($0)) }[...]
        guard lines.popLast() == "", lines.count >= 3 else { throw .tooFewLines }
        guard let origin = lines.popFirst(), !origin.isEmpty else { throw .emptyLine(1) }
        guard let size = lines.popFirst().flatMap(Decimal.parse), size <= Self.sizeMax else {
            throw .malformedSize
        }
        guard let root = lines.popFirst().flatMap(Base64.decode).flatMap({ Digest($0) }) else {
            throw .malformedRoot
        }
        if let empty = lines.firstIndex(of: "") { throw .emptyLine(empty + 1) }
        self.origin = origin
        self.size = size
        self.root = root
        extensions = Array(lines)
    }

    /// The text form.
    public var text: String {
        let lines = [origin, "\(size)", Base64.encode(root.bytes)] + extensions
        return lines.map { $0 + "\n" }.joined()
    }

    /// The checkpoint as a note with one line of each signer.
    ///
    /// - Throws: `NoteError.malformedText` if the origin has a control character.
    public func signed(by signers: [NoteSigner]) throws(NoteError) -> SignedNote {
        let text = self.text
        return try SignedNote(text: text, signatures: signers.map { $0.sign(text) })
    }
}

/// Why a note's text is not a checkpoint.
public enum CheckpointError: Error, Hashable, CustomStringConvertible {
    /// There are fewer than three lines, or the last one does not end.
    case tooFewLines
    /// Line number `line` (from 1) is empty.
    case emptyLine(Int)
    /// Line 2 is not a decimal number from 0 to 2^63 - 1 without leading zeros.
    case malformedSize
    /// Line 3 is not the base64 form of 32 bytes.
    case malformedRoot

    /// A sentence that names the line.
    public var description: String {
        switch self {
        case .tooFewLines: "a checkpoint has at least three lines: origin, size, root"
        case .emptyLine(let line): "line \(line) of the checkpoint is empty"
        case .malformedSize: "line 2 of the checkpoint is not a tree size"
        case .malformedRoot: "line 3 of the checkpoint is not a base64 hash of 32 bytes"
        }
    }
}

/// Decimal numbers with one spelling each.
package enum Decimal {
    /// The number; nil for anything but digits, for a leading zero, and above 2^64 - 1.
    package static func parse(_ text: some StringProtocol) -> UInt64? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            text.utf8.count == 1 || text.utf8.first != 0x30
        else { return nil }
        return UInt64(text)
    }
}
