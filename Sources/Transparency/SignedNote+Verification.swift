import QuotaCrypto

/// A signature of a known key that holds.
public struct VerifiedSignature: Hashable, Sendable {
    /// The key that signed.
    public let key: NoteKey
    /// The signature line.
    public let signature: NoteSignature
    /// When a cosigner signed, in POSIX seconds, as it says itself; nil for type 0x01.
    public let timestamp: UInt64?
}

extension SignedNote {
    /// Verifies the signatures of the keys that the caller knows.
    ///
    /// Lines of unknown keys are ignored. Of several good lines of one key the latest counts.
    ///
    /// - Returns: one element for each key that signed, in the order of the lines.
    /// - Throws: `NoteError.badSignature` if any line of a known key does not hold, and
    ///   `.noKnownSignature` if there is none.
    public func verify(keys: [NoteKey]) throws(NoteError) -> [VerifiedSignature] {
        var verified: [VerifiedSignature] = []
        for signature in signatures {
            guard let key = keys.first(where: { $0.matches(signature) }) else { continue }
            let isValid =
                switch key.type {
                case .ed25519: key.publicKey.isValid(signature.bytes, for: Array(text.utf8))
                case .cosignature: Cosignature.isValid(signature, of: text, by: key)
                }
            guard isValid else { throw .badSignature(keyName: key.name) }
            let timestamp = key.type == .cosignature ? signature.timestamp : nil
            let new = VerifiedSignature(key: key, signature: signature, timestamp: timestamp)
            if let index = verified.firstIndex(where: { $0.key == key }) {
                if (verified[index].timestamp ?? 0) < (timestamp ?? 0) { verified[index] = new }
            } else {
                verified.append(new)
            }
        }
        guard !verified.isEmpty else { throw .noKnownSignature }
        return verified
    }
}
