/// Why key material was refused.
public enum CryptoError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A key or seed has the wrong number of bytes.
    case wrongLength(expected: Int, actual: Int)
    /// The bytes are not a public key that may be registered: not canonical, not on the curve, not
    /// of prime order, or the identity.
    case unacceptablePublicKey
    /// The library behind this target accepts or refuses a test signature that it should not.
    case libraryMismatch(testCase: String)

    /// The reason as a sentence without a final stop.
    public var description: String {
        switch self {
        case .wrongLength(let expected, let actual):
            "expected \(expected) bytes, found \(actual)"
        case .unacceptablePublicKey:
            "the bytes are not a canonical Ed25519 point of prime order"
        case .libraryMismatch(let testCase):
            "the installed libsodium breaks the ledger's Ed25519 rule in the case '\(testCase)'"
        }
    }
}
