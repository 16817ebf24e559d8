import QuotaCrypto
package import Transparency

/// A witness that is no member of the ledger, and that the operator asks to cosign it.
package struct OutsideWitness: Hashable, Sendable {
    /// The most witnesses that one node asks.
    static let countMax = 16

    /// The witness's address without a final slash; `/add-checkpoint` is appended.
    package let url: String
    /// The key of its cosignatures.
    package let key: NoteKey

    /// A witness, or nil if the address is none of http or https or the key makes no cosignatures.
    package init?(url: String, key: NoteKey) {
        let rest = ["https://", "http://"].first(where: url.hasPrefix).map {
            url.dropFirst($0.count)
        }
        guard let rest, !rest.isEmpty, !rest.hasPrefix("/"), !url.hasSuffix("/"),
            url.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != 0x23 && $0 != 0x3f }),
            key.type == .cosignature
        else { return nil }
        self.url = url
        self.key = key
    }
}

/// What this node knows of an outside witness, and what the witness's answers mean.
///
/// Source: C2SP tlog-witness v1.0.0, the client of `add-checkpoint`.
struct WitnessDialogue: Sendable {
    /// What follows from an answer.
    enum Outcome: Hashable {
        /// The witness cosigned; the note has its line alone.
        case cosigned(SignedNote)
        /// It was asked with another size than the one that it cosigned last; ask again now.
        case askAgain
        /// It has cosigned a larger checkpoint, by way of another node; nothing to ask until this
        /// node has published as much.
        case ahead
        /// It did not cosign; why, in a sentence without an end.
        case failed(String)
    }

    /// The most bytes of an answer that are read.
    static let answerBytesMax = 16_384
    /// The media type of an answer that tells the size cosigned last.
    static let sizeType = "text/x.tlog.size"

    let key: NoteKey
    /// The size that the witness cosigned last, as far as this node knows.
    private(set) var size: UInt64 = 0
    /// The largest size whose cosignature this node has.
    private(set) var cosignedSize: UInt64 = 0
    /// The renewal of this node's own cosignature with which it was asked for.
    private var cosignedRenewal: UInt64 = 0

    init(key: NoteKey) {
        self.key = key
    }

    /// Whether a published checkpoint of this size is worth a request: it is larger than the one that the
    /// witness cosigned, or this node has renewed its own cosignature since.
    func wants(_ published: UInt64, renewal: UInt64) -> Bool {
        published >= size && (published > cosignedSize || renewal > cosignedRenewal)
    }

    /// Judges the answer to a request for `note`, a checkpoint of `asked` leaves, that named ``size`` at
    /// this renewal.
    mutating func take(
        status: Int,
        type: String,
        body: [UInt8],
        to note: SignedNote,
        size asked: UInt64,
        renewal: UInt64
    ) -> Outcome {
        switch status {
        case 200:
            let outcome = cosignature(body, of: note, size: asked)
            if case .cosigned = outcome { cosignedRenewal = renewal }
            return outcome
        case 409: return conflict(type: type, body: body, asked: asked)
        case 403: return .failed("it trusts no key that signed the checkpoint (403)")
        case 404: return .failed("it does not know this ledger's origin (404)")
        case 422: return .failed("it does not find the checkpoint consistent with its own (422)")
        default: return .failed("it answers \(status)")
        }
    }

    private mutating func cosignature(
        _ body: [UInt8],
        of note: SignedNote,
        size asked: UInt64
    ) -> Outcome {
        guard let lines = String(validating: body, as: UTF8.self),
            let answer = try? SignedNote(note.text + "\n" + lines),
            let line = try? answer.verify(keys: [key]).first?.signature,
            let cosigned = try? SignedNote(text: note.text, signatures: [line])
        else { return .failed("its answer holds no good cosignature by \(key.name)") }
        size = asked
        cosignedSize = asked
        return .cosigned(cosigned)
    }

    private mutating func conflict(type: String, body: [UInt8], asked: UInt64) -> Outcome {
        guard type == Self.sizeType, body.last == 0x0a,
            let text = String(validating: body.dropLast(), as: UTF8.self),
            let told = Decimal.parse(Substring(text)), told != size
        else { return .failed("it answers 409 without another size") }
        size = told
        return told > asked ? .ahead : .askAgain
    }
}
