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
package final class DisclosureBook {
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

    /// A value that a statement will carry as a digest.
    package struct Request: Hashable, Sendable {
        /// The kind of statement.
        package let kind: String
        /// The subject of the statement.
        package let subject: String
        /// What it is, such as `name`.
        package let field: String
        /// The value.
        package let value: String

        /// Makes a request.
        package init(kind: String, subject: String, field: String, value: String) {
            self.kind = kind
            self.subject = subject
            self.field = field
            self.value = value
        }
    }

    private let path: String
    private var known: [Request: SaltedValue]?

    /// The book of a home.
    package init(home: MemberHome) {
        path = home.disclosuresFile
    }

    /// All entries, oldest first.
    package func entries() throws -> [Entry] {
        guard HomeFile.exists(path) else { return [] }
        let lines = String(decoding: try HomeFile.read(path), as: UTF8.self).split(separator: "\n")
        let decoder = JSONDecoder()
        return try lines.enumerated().map { number, line in
            do {
                return try decoder.decode(Entry.self, from: Data(line.utf8))
            } catch {
                throw HomeFile.Failure(path: path, problem: "line \(number + 1) cannot be read")
            }
        }
    }

    /// The salted values of some fields, those on file where they were made before.
    ///
    /// They are on disk before they are returned: a digest whose salt is lost can never be
    /// disclosed.
    package func secrets(_ requests: [Request]) throws -> [SaltedValue] {
        var known = try self.known ?? readKnown()
        var bytes: [UInt8] = []
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let secrets = try requests.map { request in
            if let secret = known[request] { return secret }
            let secret = SaltedValue(field: request.field, value: request.value)
            let entry = Entry(kind: request.kind, subject: request.subject, secret: secret)
            bytes += Array(try encoder.encode(entry)) + [0x0A]
            known[request] = secret
            return secret
        }
        if !bytes.isEmpty { try HomeFile.append(bytes, to: path, isSecret: true) }
        self.known = known
        return secrets
    }

    /// The salted value of one field.
    package func secret(
        kind: String,
        subject: String,
        field: String,
        value: String
    ) throws -> SaltedValue {
        let request = Request(kind: kind, subject: subject, field: field, value: value)
        return try secrets([request])[0]
    }

    private func readKnown() throws -> [Request: SaltedValue] {
        var known: [Request: SaltedValue] = [:]
        for entry in try entries() {
            let request = Request(
                kind: entry.kind,
                subject: entry.subject,
                field: entry.secret.field,
                value: entry.secret.value
            )
            known[request] = entry.secret
        }
        return known
    }
}
