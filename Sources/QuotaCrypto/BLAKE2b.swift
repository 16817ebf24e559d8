import CSodium

/// BLAKE2b (RFC 7693), as libsodium's `crypto_generichash`.
public enum BLAKE2b {
    /// The lengths of keys and digests, in bytes.
    public static let lengths = 16...64

    /// The digest of `message` under a key; nil if the key or the digest has no length of ``lengths``.
    public static func keyedHash(
        _ message: [UInt8],
        key: [UInt8],
        byteCount: Int
    ) -> [UInt8]? {
        guard lengths.contains(key.count), lengths.contains(byteCount) else { return nil }
        Sodium.start()
        var digest = [UInt8](repeating: 0, count: byteCount)
        let status = crypto_generichash(
            &digest,
            byteCount,
            message,
            UInt64(message.count),
            key,
            key.count
        )
        return status == 0 ? digest : nil
    }
}
