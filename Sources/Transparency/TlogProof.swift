public import MerkleLog
public import QuotaCrypto

/// A file that proves, offline, that an entry is in a log: index, path and signed checkpoint.
///
/// Source: C2SP tlog-proof (v1, untagged). File extension `.tlog-proof`.
public struct TlogProof: Hashable, Sendable {
    /// The most bytes a proof file may have.
    public static let byteCountMax = 2_000_000
    private static let firstLine = "c2sp.org/tlog-proof@v1"

    /// Bytes beside the proof, which nothing authenticates until they are tied to the entry.
    public let extra: [UInt8]?
    /// The entry's index.
    public let index: UInt64
    /// The inclusion path, the leaf's sibling first.
    public let path: [Digest]
    /// The signed checkpoint.
    public let note: SignedNote

    /// A proof from its parts; nothing is checked until `verify`.
    public init(extra: [UInt8]?, index: UInt64, path: [Digest], note: SignedNote) {
        self.extra = extra
        self.index = index
        self.path = path
        self.note = note
    }

    /// The file's text.
    public var text: String {
        var lines = [Self.firstLine]
        if let extra { lines.append("extra \(Base64.encode(extra))") }
        lines.append("index \(index)")
        lines += path.map { Base64.encode($0.bytes) }
        return lines.map { $0 + "\n" }.joined() + "\n" + note.description
    }

    /// A proof from its file's bytes.
    ///
    /// - Throws: `TlogProofError` that names the line that is wrong.
    public init(_ bytes: [UInt8]) throws(TlogProofError) {
        guard bytes.count <= Self.byteCountMax else { throw .tooLong(bytes.count) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
        var rest = Substring(text)
        var number = 0
        func nextLine() throws(TlogProofError) -> Substring {
            number += 1
            guard let end = rest.utf8.firstIndex(of: 0x0a) else { throw .line(number, "missing") }
            defer { rest = Substring(rest.utf8[rest.utf8.index(after: end)...]) }
            return Substring(rest.utf8[..<end])
        }
        guard try nextLine().hasSameBytes(as: Self.firstLine) else {
            throw .line(1, "expected '\(Self.firstLine)'")
        }
        var line = try nextLine()
        var extra: [UInt8]?
        if let field = Self.field("extra", of: line) {
            guard let decoded = Base64.decode(String(field)) else {
                throw .line(number, "the extra data must be base64")
            }
            extra = decoded
            line = try nextLine()
        }
        guard let index = Self.field("index", of: line).flatMap(Decimal.parse) else {
            throw .line(number, "expected 'index' and a decimal number")
        }
        var path: [Digest] = []
        line = try nextLine()
        while !line.isEmpty {
            guard let hash = Base64.decode(String(line)).flatMap({ Digest($0) }) else {
                throw .line(number, "expected a base64 hash of 32 bytes")
            }
            guard path.count < UInt64.bitWidth else { throw .line(number, "the path is too long") }
            path.append(hash)
            line = try nextLine()
        }
        do {
            note = try SignedNote(String(rest))
        } catch {
            throw .note(error)
        }
        self.extra = extra
        self.index = index
        self.path = path
    }

    private static func field(_ name: String, of line: Substring) -> Substring? {
        let prefix = name + " "
        guard line.utf8.starts(with: prefix.utf8) else { return nil }
        return Substring(line.utf8.dropFirst(prefix.utf8.count))
    }
}

extension TlogProof {
    /// Checks the whole proof: who signed the checkpoint, the quorum, and the entry's inclusion.
    ///
    /// - Parameters:
    ///   - leaf: the hash of the entry that the caller knows or rebuilt.
    ///   - policy: which logs and witnesses count.
    /// - Returns: the checkpoint and who signed it.
    /// - Throws: `TlogProofError` if any of the three fails.
    public func verify(
        leaf: Digest,
        policy: TrustPolicy
    ) throws(TlogProofError) -> CheckpointVerdict {
        let verdict: CheckpointVerdict
        do {
            verdict = try policy.evaluate(note)
        } catch {
            throw .checkpoint(error)
        }
        guard verdict.isQuorumMet else { throw .quorumNotMet }
        do {
            let proof = InclusionProof(index: index, size: verdict.checkpoint.size, path: path)
            try proof.verify(leaf: leaf, root: verdict.checkpoint.root)
        } catch {
            throw .inclusion(error)
        }
        return verdict
    }
}

/// Why a proof file was refused.
public enum TlogProofError: Error, Hashable, CustomStringConvertible {
    /// The file has more bytes than `TlogProof.byteCountMax`.
    case tooLong(Int)
    /// The file is not UTF-8.
    case notUTF8
    /// A line (from 1) is wrong.
    case line(Int, String)
    /// The checkpoint note is malformed.
    case note(NoteError)
    /// The checkpoint is not one that the policy can judge.
    case checkpoint(CheckpointRefusal)
    /// Too few trusted witnesses signed the checkpoint.
    case quorumNotMet
    /// The entry is not in the tree.
    case inclusion(ProofError)

    /// A sentence that says what is wrong and where.
    public var description: String {
        switch self {
        case .tooLong(let count):
            "the proof has \(count) bytes, the limit is \(TlogProof.byteCountMax)"
        case .notUTF8: "the proof is not UTF-8"
        case .line(let number, let problem): "line \(number) of the proof: \(problem)"
        case .note(let error): "the proof's checkpoint: \(error)"
        case .checkpoint(let refusal): "the proof's checkpoint: \(refusal)"
        case .quorumNotMet: "the proof's checkpoint lacks the quorum of witnesses"
        case .inclusion(let error): "the entry is not proven to be in the log: \(error)"
        }
    }
}
