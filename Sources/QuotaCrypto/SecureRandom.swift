import CSodium

/// The operating system's random bytes.
///
/// For shells only: nothing that decides may call it.
public enum SecureRandom {
    /// `count` unpredictable bytes.
    public static func bytes(_ count: Int) -> [UInt8] {
        Sodium.start()
        var bytes = [UInt8](repeating: 0, count: count)
        randombytes_buf(&bytes, count)
        return bytes
    }
}
