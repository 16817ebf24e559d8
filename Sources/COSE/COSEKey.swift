public import CBOR
public import QuotaCrypto

/// Ed25519 public keys as COSE_Key maps (RFC 9053 section 7.2) and their thumbprints.
public enum COSEKey {
    /// The RFC 9679 thumbprint: SHA-256 of the deterministic map {1: 1, −1: 6, −2: x}.
    ///
    /// It serves as `kid` everywhere in the ledger.
    public static func thumbprint(_ key: Ed25519.PublicKey) -> Digest {
        SHA256.hash([0xA3, 0x01, 0x01, 0x20, 0x06, 0x21, 0x58, 0x20], key.bytes)
    }

    /// The map {1: 1 (OKP), 2: kid, 3: −8 (EdDSA), −1: 6 (Ed25519), −2: x}.
    public static func value(of key: Ed25519.PublicKey) -> CBORValue {
        COSEHeader.map([
            (1, 1), (2, .bytes(thumbprint(key).bytes)), (3, .integer(COSEHeader.algorithmEdDSA)),
            (-1, 6), (-2, .bytes(key.bytes)),
        ])
    }

    /// The encoded map.
    public static func encode(_ key: Ed25519.PublicKey) -> [UInt8] {
        value(of: key).encoded()
    }

    /// The key of an encoded map with exactly these five entries and the right thumbprint.
    ///
    /// - Throws: `COSEError` that names the offending part.
    public static func decode(_ bytes: [UInt8]) throws(COSEError) -> Ed25519.PublicKey {
        let value: CBORValue
        do {
            value = try CBORValue.decode(bytes)
        } catch {
            throw COSEError(.encoding, field: "key", problem: error.description)
        }
        return try decode(value)
    }

    /// The key of a decoded map with exactly these five entries and the right thumbprint.
    public static func decode(_ value: CBORValue) throws(COSEError) -> Ed25519.PublicKey {
        guard case .bytes(let point)? = value[.integer(-2)] else {
            throw COSEError(.structure, field: "key.-2", problem: "expected a byte string")
        }
        let key: Ed25519.PublicKey
        do {
            key = try Ed25519.PublicKey(point)
        } catch {
            throw COSEError(.structure, field: "key.-2", problem: error.description)
        }
        guard value == self.value(of: key) else {
            throw COSEError(
                .structure,
                field: "key",
                problem: "expected {1: 1, 2: thumbprint, 3: -8, -1: 6, -2: x} and nothing else"
            )
        }
        return key
    }
}
