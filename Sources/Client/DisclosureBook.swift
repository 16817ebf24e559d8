import CBOR
import Foundation
package import QuotaCrypto

/// A private value that stands on the ledger as a salted digest only.
///
/// The digest is SHA-256 of the deterministic CBOR array `[salt, field, value]` with a salt of 16
/// random bytes, so that nobody can try out names, and the holder can disclose one field by
/// handing over salt and value.
package struct SaltedValue: Codable, Hashable, Sendable {
    /// What it is, such as `name`.
    package let field: String
    /// The value.
    package let value: String
    /// The salt, 32 hexadecimal digits.
    package let salt: String

    /// The bytes of a salt.
    package static let saltByteCount = 16

    /// A value with a fresh salt.
    package init(field: String, value: String) {
        self.field = field
        self.value = value
        salt = Hex.encode(SecureRandom.bytes(Self.saltByteCount))
    }

    /// The salted digest.
    package var digest: Digest {
        let salt = CBORValue.bytes(Hex.decode(salt) ?? [])
        return SHA256.hash(CBORValue.array([salt, .text(field), .text(value)]).encoded())
    }
}

/// The salts and values behind the digests of one home: `disclosures.jsonl`, one entry a line.
package struct DisclosureBook: Sendable {
    /// One entry: whose value it is and what hides behind the digest.
    package struct Entry: Codable, Hashable, Sendable {
        /// The kind of statement that carries the digest, such as `organisation`.
        package let kind: String
        /// The subject of that statement.
        package let subject: String
        /// The value with its salt.
        package let secret: SaltedValue
        /// The digest, lower-case hex.
        package let digest: String

        /// Makes an entry.
        package init(kind: String, subject: String, secret: SaltedValue) {
            self.kind = kind
            self.subject = subject
            self.secret = secret
            digest = secret.digest.description
        }
    }

    private let path: String

    /// The book of a home.
    package init(home: MemberHome) {
        path = home.disclosuresFile
    }

    /// All entries, oldest first.
    package func entries() throws -> [Entry] {
        guard HomeFile.exists(path) else { return [] }
        let lines = String(decoding: try HomeFile.read(path), as: UTF8.self).split(separator: "\n")
        return try lines.enumerated().map { number, line in
            do {
                return try JSONDecoder().decode(Entry.self, from: Data(line.utf8))
            } catch {
                throw HomeFile.Failure(path: path, problem: "line \(number + 1) cannot be read")
            }
        }
    }

    /// The salted value of a field, the one on file if it was made before with the same value.
    ///
    /// It is on disk before it is returned: a digest whose salt is lost can never be disclosed.
    package func secret(
        kind: String,
        subject: String,
        field: String,
        value: String
    ) throws -> SaltedValue {
        let known = try entries().last {
            $0.kind == kind && $0.subject == subject && $0.secret.field == field
                && $0.secret.value == value
        }
        if let known { return known.secret }
        let entry = Entry(
            kind: kind,
            subject: subject,
            secret: SaltedValue(field: field, value: value)
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let line = Array(try encoder.encode(entry)) + [0x0A]
        try HomeFile.append(line, to: path, isSecret: true)
        return entry.secret
    }
}
