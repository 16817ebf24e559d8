import MerkleLog
public import QuotaCrypto

/// A request to a witness to cosign a checkpoint: the body of `POST add-checkpoint`.
///
/// Text form: `old <size>`, then up to 63 lines with the base64 hashes of a consistency proof, an empty
/// line, and the signed note. Source: C2SP tlog-witness v1.0.0.
public struct WitnessRequest: Hashable, Sendable {
    /// The most bytes of a request.
    public static let byteCountMax = SignedNote.byteCountMax + 4_096
    /// The most hashes of a proof.
    public static let hashesMax = 63

    /// The size that the client believes the witness cosigned last.
    public let oldSize: UInt64
    /// The hashes of the proof from the old size to the checkpoint's.
    public let hashes: [Digest]
    /// The signed checkpoint.
    public let note: SignedNote

    /// A request from its parts.
    public init(oldSize: UInt64, hashes: [Digest], note: SignedNote) {
        self.oldSize = oldSize
        self.hashes = hashes
        self.note = note
    }

    /// The body's text.
    public var text: String {
        "old \(oldSize)\n" + hashes.map { Base64.encode($0.bytes) + "\n" }.joined() + "\n"
            + note.description
    }

    /// A request from a body.
    ///
    /// - Throws: `WitnessRequestError` that names the line that is wrong.
    public init(_ bytes: [UInt8]) throws(WitnessRequestError) {
        guard bytes.count <= Self.byteCountMax, let text = String(validating: bytes, as: UTF8.self)
        else { throw WitnessRequestError("the body is too long, or not UTF-8") }
        var rest = Substring(text)
        var number = 0
        func nextLine() throws(WitnessRequestError) -> Substring {
            number += 1
            guard let end = rest.utf8.firstIndex(of: 0x0a) else {
                throw WitnessRequestError("line \(number) is missing")
            }
            defer { rest = Substring(rest.utf8[rest.utf8.index(after: end)...]) }
            return Substring(rest.utf8[..<end])
        }
        let first = try nextLine()
        guard first.utf8.starts(with: "old ".utf8),
            let old = Decimal.parse(Substring(first.utf8.dropFirst(4)))
        else { throw WitnessRequestError("line 1: expected 'old' and a decimal size") }
        var hashes: [Digest] = []
        var line = try nextLine()
        while !line.isEmpty {
            guard let hash = Base64.decode(String(line)).flatMap({ Digest($0) }) else {
                throw WitnessRequestError("line \(number): expected a base64 hash of 32 bytes")
            }
            guard hashes.count < Self.hashesMax else {
                throw WitnessRequestError("line \(number): more than \(Self.hashesMax) hashes")
            }
            hashes.append(hash)
            line = try nextLine()
        }
        do {
            note = try SignedNote(String(rest))
        } catch {
            throw WitnessRequestError("the checkpoint: \(error.description)")
        }
        oldSize = old
        self.hashes = hashes
    }

    /// Whether the proof shows that the checkpoint extends a tree that the witness cosigned.
    public func isConsistent(with old: Checkpoint, new: Checkpoint) -> Bool {
        let proof = ConsistencyProof(oldSize: old.size, newSize: new.size, path: hashes)
        return (try? proof.verify(oldRoot: old.root, newRoot: new.root)) != nil
    }
}

/// Why a body is no request to a witness.
public struct WitnessRequestError: Error, Hashable, CustomStringConvertible {
    /// A sentence that names the line.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
