import CSodium

/// What a derived key may sign.
///
/// A key never signs for two purposes.
public enum KeyPurpose: String, CaseIterable, Hashable, Sendable {
    /// Consensus votes.
    case vote
    /// Checkpoints of the log (C2SP note type 0x01) and COSE receipts.
    case log
    /// Cosignatures (C2SP note type 0x04).
    case cosigner
    /// Connections between nodes.
    case transport
    /// Statements of a member that keeps them under a seed of their own.
    case statement

    /// The eight-byte context of libsodium's `crypto_kdf`.
    ///
    /// Never change one: it is part of the key.
    var derivationContext: String {
        switch self {
        case .vote: "QLvote__"
        case .log: "QLlog___"
        case .cosigner: "QLcosign"
        case .transport: "QLtransp"
        case .statement: "QLstmt__"
        }
    }
}

/// The one secret of a node, from which its keys are derived.
///
/// The memory is erased when the last copy goes.
public struct SecretSeed: Sendable {
    /// How many bytes a seed has.
    public static let byteCount = 32

    private let secret: SecretBytes

    /// A seed of exactly 32 bytes.
    ///
    /// - Throws: `CryptoError.wrongLength`.
    public init(_ bytes: [UInt8]) throws(CryptoError) {
        guard bytes.count == SecretSeed.byteCount else {
            throw .wrongLength(expected: SecretSeed.byteCount, actual: bytes.count)
        }
        secret = SecretBytes(count: SecretSeed.byteCount) { pointer in
            pointer.update(from: bytes, count: SecretSeed.byteCount)
        }
    }

    private init(randomBytes: Void) {
        Sodium.start()
        secret = SecretBytes(count: SecretSeed.byteCount) { pointer in
            randombytes_buf(pointer, SecretSeed.byteCount)
        }
    }

    /// A new seed from the operating system's generator.
    public static func random() -> SecretSeed {
        SecretSeed(randomBytes: ())
    }

    /// The secret bytes, for the shell that stores them.
    ///
    /// Handle with care.
    public var bytes: [UInt8] {
        secret.withBytes { Array(UnsafeBufferPointer(start: $0, count: SecretSeed.byteCount)) }
    }

    /// The Ed25519 key for one purpose, from `crypto_kdf_derive_from_key` (BLAKE2b) with subkey
    /// number 1.
    ///
    /// - Throws: `CryptoError` if libsodium derives no usable key, which no seed is known to cause.
    public func key(for purpose: KeyPurpose) throws(CryptoError) -> Ed25519.PrivateKey {
        var derived = keySeed(for: purpose)
        defer { sodium_memzero(&derived, derived.count) }
        return try Ed25519.PrivateKey(seed: derived)
    }

    /// The seed of the key for one purpose, for a library that must hold the key itself (TLS).
    ///
    /// Handle with care.
    public func keySeed(for purpose: KeyPurpose) -> [UInt8] {
        Sodium.start()
        var derived = [UInt8](repeating: 0, count: SecretSeed.byteCount)
        _ = secret.withBytes { master in
            crypto_kdf_derive_from_key(
                &derived,
                derived.count,
                1,
                purpose.derivationContext,
                master
            )
        }
        return derived
    }
}
