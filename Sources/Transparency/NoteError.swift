public import QuotaCrypto

/// Why a note, a verifier key or a signature was refused.
public enum NoteError: Error, Hashable, CustomStringConvertible {
    /// The note has more bytes than `SignedNote.byteCountMax`.
    case tooLong(Int)
    /// The note is not UTF-8.
    case notUTF8
    /// The text has a control character other than newline, or does not end in a newline.
    case malformedText
    /// No empty line divides text and signatures, or no signature follows it.
    case noSignatures
    /// Signature line number `line` (from 1) does not have the one form.
    case malformedSignatureLine(Int)
    /// The note has more signature lines than `SignedNote.signaturesMax`.
    case tooManySignatures
    /// A key name is empty, too long, or has a space or `+`.
    case invalidKeyName
    /// A verifier key is not of the form `name+id+key`.
    case malformedVerifierKey(String)
    /// The signature type is not 0x01 or 0x04.
    case unsupportedKeyType(UInt8)
    /// The public key may not be used.
    case unacceptablePublicKey(CryptoError)
    /// The key ID is not the one that name and key give.
    case keyIDMismatch
    /// The signature of a known key is wrong, so the note as a whole is refused.
    case badSignature(keyName: String)
    /// No known key signed the note.
    case noKnownSignature

    /// A sentence that says what is wrong.
    public var description: String {
        switch self {
        case .tooLong(let count):
            "the note has \(count) bytes, the limit is \(SignedNote.byteCountMax)"
        case .notUTF8: "the note is not UTF-8"
        case .malformedText:
            "the note's text must end in a newline and have no other control character"
        case .noSignatures: "the note has no signatures after an empty line"
        case .malformedSignatureLine(let line): "signature line \(line) is malformed"
        case .tooManySignatures:
            "the note has more than \(SignedNote.signaturesMax) signature lines"
        case .invalidKeyName:
            "a key name must have 1 to \(NoteKey.nameBytesMax) bytes, no space and no '+'"
        case .malformedVerifierKey(let problem): "malformed verifier key: \(problem)"
        case .unsupportedKeyType(let type):
            "unsupported signature type \(type); expected 1 (Ed25519) or 4 (cosignature)"
        case .unacceptablePublicKey(let error): "unusable public key: \(error)"
        case .keyIDMismatch: "the key ID does not belong to the name and key"
        case .badSignature(let name): "the signature of '\(name)' is wrong"
        case .noKnownSignature: "no known key signed the note"
        }
    }
}
