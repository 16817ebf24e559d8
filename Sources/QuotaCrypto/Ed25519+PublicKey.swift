import CSodium

extension Ed25519 {
    /// A public key that passed the registration rule.
    ///
    /// The rule: 32 bytes, canonical encoding, on the curve, of prime order, not the identity. With
    /// such keys the releases of libsodium, OpenSSL, Go and Node accept the same signatures.
    public struct PublicKey: Hashable, Sendable {
        /// How many bytes a public key has.
        public static let byteCount = 32

        private let point: Digest

        /// Registers a key.
        ///
        /// - Parameter bytes: The 32-byte encoding of RFC 8032 section 5.1.2.
        /// - Throws: `CryptoError.wrongLength` or `.unacceptablePublicKey`.
        public init(_ bytes: [UInt8]) throws(CryptoError) {
            guard let point = Digest(bytes) else {
                throw .wrongLength(expected: PublicKey.byteCount, actual: bytes.count)
            }
            Sodium.start()
            guard crypto_core_ed25519_is_valid_point(bytes) == 1 else {
                throw .unacceptablePublicKey
            }
            self.point = point
        }

        /// The 32-byte encoding.
        public var bytes: [UInt8] { point.bytes }

        /// Whether `signature` is this key's signature of `message`.
        ///
        /// Checks exactly 64 bytes, S below the group order, R neither of small order nor in a second
        /// spelling, and `enc(S·B − h·A) == R` byte by byte (no cofactor).
        public func isValid(_ signature: [UInt8], for message: [UInt8]) -> Bool {
            guard signature.count == Ed25519.signatureByteCount else { return false }
            Sodium.start()
            return point.withPointer { key in
                crypto_sign_verify_detached(signature, message, UInt64(message.count), key) == 0
            }
        }
    }
}

extension Ed25519.PublicKey: Comparable {
    /// Whether `left` comes before `right` in the order of their bytes.
    public static func < (left: Self, right: Self) -> Bool {
        left.point < right.point
    }
}

extension Ed25519.PublicKey: CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    public var description: String { point.description }
}
