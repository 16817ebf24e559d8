public import QuotaCrypto

/// Signs notes with a key of type 0x01: the log's own line.
public struct NoteSigner: Sendable {
    /// The public side.
    public let key: NoteKey
    private let privateKey: Ed25519.PrivateKey

    /// A signer under a name; for a log, its origin.
    ///
    /// - Throws: `NoteError.invalidKeyName`.
    public init(name: String, privateKey: Ed25519.PrivateKey) throws(NoteError) {
        key = try NoteKey(name: name, type: .ed25519, publicKey: privateKey.publicKey)
        self.privateKey = privateKey
    }

    /// The signature line of a text, which must end in a newline.
    public func sign(_ text: String) -> NoteSignature {
        NoteSignature(
            name: key.name,
            keyID: key.keyID,
            bytes: privateKey.sign(Array(text.utf8))
        )
    }
}

/// Cosigns checkpoints with a key of type 0x04.
public struct Cosigner: Sendable {
    /// The public side.
    public let key: NoteKey
    private let privateKey: Ed25519.PrivateKey

    /// A cosigner under its own name, with a key that signs nothing else.
    ///
    /// - Throws: `NoteError.invalidKeyName`.
    public init(name: String, privateKey: Ed25519.PrivateKey) throws(NoteError) {
        key = try NoteKey(name: name, type: .cosignature, publicKey: privateKey.publicKey)
        self.privateKey = privateKey
    }

    /// The cosignature line of a checkpoint.
    ///
    /// It states that at `timestamp` (POSIX seconds, at most 2^63 - 1) this was the largest
    /// consistent tree that the cosigner had seen for the origin; the caller has made sure of that.
    public func cosign(_ checkpoint: Checkpoint, timestamp: UInt64) -> NoteSignature {
        precondition(timestamp <= Cosignature.timestampMax, "a time fits 63 bits")
        let message = Cosignature.message(text: checkpoint.text, timestamp: timestamp)
        return NoteSignature(
            name: key.name,
            keyID: key.keyID,
            bytes: timestamp.bigEndianBytes + privateKey.sign(message)
        )
    }
}

/// The bytes behind a timestamped Ed25519 cosignature.
///
/// Source: C2SP tlog-cosignature v1.1.0-rc.1.
enum Cosignature {
    /// The latest time that a cosignature can state.
    static let timestampMax = UInt64(Int64.max)

    /// `cosignature/v1`, the time, and the whole checkpoint text.
    static func message(text: String, timestamp: UInt64) -> [UInt8] {
        Array("cosignature/v1\ntime \(timestamp)\n\(text)".utf8)
    }

    /// Whether a line is the key's cosignature of the checkpoint in `text`.
    static func isValid(_ signature: NoteSignature, of text: String, by key: NoteKey) -> Bool {
        guard let timestamp = signature.timestamp, timestamp <= timestampMax else { return false }
        return key.publicKey.isValid(
            Array(signature.bytes.dropFirst(8)),
            for: message(text: text, timestamp: timestamp)
        )
    }
}
