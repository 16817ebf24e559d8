import CSodium

extension Ed25519 {
    /// A signing key.
    ///
    /// Its memory is erased when the last copy goes.
    public struct PrivateKey: Sendable {
        private let secret: SecretBytes

        /// The key that verifies this key's signatures.
        public let publicKey: PublicKey

        /// The key that RFC 8032 section 5.1.5 derives from a seed.
        ///
        /// - Parameter seed: 32 secret bytes.
        /// - Throws: `CryptoError.wrongLength`.
        public init(seed: [UInt8]) throws(CryptoError) {
            guard seed.count == Int(crypto_sign_SEEDBYTES) else {
                throw .wrongLength(expected: Int(crypto_sign_SEEDBYTES), actual: seed.count)
            }
            Sodium.start()
            var point = [UInt8](repeating: 0, count: Int(crypto_sign_PUBLICKEYBYTES))
            secret = SecretBytes(count: Int(crypto_sign_SECRETKEYBYTES)) { bytes in
                _ = crypto_sign_seed_keypair(&point, bytes, seed)
            }
            publicKey = try PublicKey(point)
        }

        /// The 64-byte signature of `message` (deterministic nonce, RFC 8032).
        public func sign(_ message: [UInt8]) -> [UInt8] {
            secret.withBytes { key in
                var signature = [UInt8](repeating: 0, count: Ed25519.signatureByteCount)
                crypto_sign_detached(&signature, nil, message, UInt64(message.count), key)
                return signature
            }
        }

        /// Calls `body` with the X25519 secret that belongs to this key, which is erased afterwards.
        func withMontgomerySecret<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
            let scalar = secret.withBytes { key in
                SecretBytes(count: Int(crypto_box_secretkeybytes())) { bytes in
                    _ = crypto_sign_ed25519_sk_to_curve25519(bytes, key)
                }
            }
            return scalar.withBytes(body)
        }
    }
}
