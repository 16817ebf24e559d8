public import QuotaCrypto

/// A key that signs notes: its name, its signature type and the public key.
///
/// Text form ("vkey"): `<name>+<key ID, 8 hex digits>+<base64(type || public key)>`.
/// Source: C2SP signed-note v1.0.0.
public struct NoteKey: Sendable {
    /// The signature types that this ledger makes and verifies.
    public enum SignatureType: UInt8, Hashable, Sendable {
        /// Ed25519 over the note's text.
        case ed25519 = 0x01
        /// Timestamped Ed25519 cosignature of a checkpoint.
        case cosignature = 0x04
    }

    /// The longest name of a known key, in bytes.
    public static let nameBytesMax = 255

    /// The key's name; for a log, its origin.
    public let name: String
    /// What the key signs.
    public let type: SignatureType
    /// The Ed25519 key.
    public let publicKey: Ed25519.PublicKey
    /// The first four bytes of SHA-256(name || 0x0A || type || public key), big-endian.
    public let keyID: UInt32

    /// A key under a name.
    ///
    /// - Throws: `NoteError.invalidKeyName` for an empty name, one with a space or `+`, or one longer
    ///   than 255 bytes.
    public init(
        name: String,
        type: SignatureType,
        publicKey: Ed25519.PublicKey
    ) throws(NoteError) {
        guard Self.isValid(name: name), name.utf8.count <= Self.nameBytesMax else {
            throw .invalidKeyName
        }
        self.name = name
        self.type = type
        self.publicKey = publicKey
        var hasher = SHA256()
        hasher.update(name)
        hasher.update(byte: 0x0a)
        hasher.update(byte: type.rawValue)
        hasher.update(publicKey.bytes)
        keyID = hasher.finalize().bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// A key from its text form.
    ///
    /// - Throws: `NoteError` that names the part that is wrong: form, name, type, key or key ID.
    public init(vkey: String) throws(NoteError) {
        let parts = vkey.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .malformedVerifierKey("expected name+id+key") }
        guard let statedID = Hex.decode(String(parts[1])), statedID.count == 4 else {
            throw .malformedVerifierKey("the key ID must be 8 lower-case hex digits")
        }
        guard let material = Base64.decode(String(parts[2])), let first = material.first else {
            throw .malformedVerifierKey("the key must be base64")
        }
        guard let type = SignatureType(rawValue: first) else { throw .unsupportedKeyType(first) }
        let publicKey: Ed25519.PublicKey
        do {
            publicKey = try Ed25519.PublicKey(Array(material.dropFirst()))
        } catch {
            throw .unacceptablePublicKey(error)
        }
        try self.init(name: String(parts[0]), type: type, publicKey: publicKey)
        guard statedID == idBytes else { throw .keyIDMismatch }
    }

    /// The text form.
    public var vkey: String {
        let material = Base64.encode([type.rawValue] + publicKey.bytes)
        return "\(name)+\(Hex.encode(idBytes))+\(material)"
    }

    private var idBytes: [UInt8] { keyID.bigEndianBytes }

    /// Whether a signature line claims to be by this key: same name, same ID.
    public func matches(_ signature: NoteSignature) -> Bool {
        keyID == signature.keyID && name.hasSameBytes(as: signature.name)
    }

    /// The rule for key names: not empty, no Unicode space, no `+`, no control character.
    static func isValid(name: some StringProtocol) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && $0 != "+" && !$0.properties.isWhitespace
            }
    }
}

extension NoteKey: Hashable {
    /// Whether both are the same key under the same name, byte by byte.
    public static func == (left: NoteKey, right: NoteKey) -> Bool {
        left.type == right.type && left.publicKey == right.publicKey
            && left.name.hasSameBytes(as: right.name)
    }

    /// Feeds type and public key.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(type)
        hasher.combine(publicKey)
    }
}

extension StringProtocol {
    /// Equality of the UTF-8 bytes; `==` would equate different spellings of a character.
    func hasSameBytes(as other: some StringProtocol) -> Bool {
        utf8.elementsEqual(other.utf8)
    }
}

extension FixedWidthInteger {
    /// The bytes, most significant first.
    var bigEndianBytes: [UInt8] {
        stride(from: Self.bitWidth - 8, through: 0, by: -8).map {
            UInt8(truncatingIfNeeded: self >> Self($0))
        }
    }
}
