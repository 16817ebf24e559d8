import CSodium

/// Bytes that only one member can read, sealed to the statement key that stands on the ledger.
///
/// A member has one public key on the ledger, Ed25519. Its X25519 key is the birational image of that
/// point (RFC 7748 section 4.1, `crypto_sign_ed25519_pk_to_curve25519`), so that nobody needs a further
/// directory of keys. The box is libsodium's `crypto_box_seal`: a fresh X25519 key pair, its public half
/// first, then XSalsa20-Poly1305 under a nonce that is BLAKE2b of both public keys; 48 bytes longer than
/// what is inside. It does not say who sealed it: what is inside must carry its own signature. Whoever
/// steals the statement's seed can open boxes of the past.
public enum SealedBox {
    /// By how many bytes a box is longer than what is inside.
    public static let overheadByteCount = Int(crypto_box_sealbytes())

    /// Seals bytes to the holder of a statement key.
    ///
    /// - Returns: The box, different each time; nil if the key has no X25519 form, which no registered
    ///   key lacks.
    public static func seal(_ bytes: [UInt8], to key: Ed25519.PublicKey) -> [UInt8]? {
        guard let point = montgomery(key) else { return nil }
        var box = [UInt8](repeating: 0, count: bytes.count + overheadByteCount)
        guard crypto_box_seal(&box, bytes, UInt64(bytes.count), point) == 0 else { return nil }
        return box
    }

    /// Opens a box with the statement key that it was sealed to.
    ///
    /// - Returns: What is inside; nil if the box is damaged or for somebody else.
    public static func open(_ box: [UInt8], with key: Ed25519.PrivateKey) -> [UInt8]? {
        guard box.count >= overheadByteCount, let point = montgomery(key.publicKey) else {
            return nil
        }
        var bytes = [UInt8](repeating: 0, count: box.count - overheadByteCount)
        let isOpen = key.withMontgomerySecret { secret in
            crypto_box_seal_open(&bytes, box, UInt64(box.count), point, secret) == 0
        }
        return isOpen ? bytes : nil
    }

    private static func montgomery(_ key: Ed25519.PublicKey) -> [UInt8]? {
        Sodium.start()
        var point = [UInt8](repeating: 0, count: Int(crypto_box_publickeybytes()))
        return crypto_sign_ed25519_pk_to_curve25519(&point, key.bytes) == 0 ? point : nil
    }
}
