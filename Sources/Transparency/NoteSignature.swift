import QuotaCrypto

/// One signature line of a note.
public struct NoteSignature: Sendable {
    /// The bytes that a 0x04 signature has: eight of time, then Ed25519.
    static let cosignatureByteCount = 8 + Ed25519.signatureByteCount

    /// The name of the key that claims to have signed.
    public let name: String
    /// That key's ID.
    public let keyID: UInt32
    /// The signature as its type defines it; for 0x04, the time comes first.
    public let bytes: [UInt8]

    /// A signature line's parts.
    public init(name: String, keyID: UInt32, bytes: [UInt8]) {
        self.name = name
        self.keyID = keyID
        self.bytes = bytes
    }

    /// The line with its newline.
    public var line: String {
        "\(Self.dash) \(name) \(Base64.encode(keyID.bigEndianBytes + bytes))\n"
    }

    /// The time in a signature that has the length of a 0x04 one: POSIX seconds, not verified here.
    public var timestamp: UInt64? {
        guard bytes.count == Self.cosignatureByteCount else { return nil }
        return bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static let dash = "\u{2014}"

    /// A signature from one line without its newline; nil if the line is malformed.
    init?(line: Substring) {
        guard line.unicodeScalars.first == "\u{2014}" else { return nil }
        let fields = line.unicodeScalars.split(separator: " ", omittingEmptySubsequences: false)
        guard fields.count == 3, fields[0].count == 1, NoteKey.isValid(name: Substring(fields[1])),
            let blob = Base64.decode(String(fields[2])), blob.count > 4
        else { return nil }
        name = String(fields[1])
        keyID = blob.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        bytes = Array(blob.dropFirst(4))
    }

    /// Whether two lines are by the same key: same name, same ID.
    public func isSameKey(as other: NoteSignature) -> Bool {
        keyID == other.keyID && name.hasSameBytes(as: other.name)
    }
}

extension NoteSignature: Hashable {
    /// Whether the lines are the same, byte by byte.
    public static func == (left: NoteSignature, right: NoteSignature) -> Bool {
        left.isSameKey(as: right) && left.bytes == right.bytes
    }

    /// Feeds key ID and signature.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(keyID)
        hasher.combine(bytes)
    }
}
