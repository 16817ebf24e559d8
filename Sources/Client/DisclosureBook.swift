import Foundation
package import Ledger
package import QuotaCrypto
package import Verifier

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
    package var digest: Digest { opening.digest }

    /// What proves the value to whoever is given it.
    package var opening: Opening {
        Opening(salt: Hex.decode(salt) ?? [], field: field, value: value)
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

    /// What opens the digests of one statement, the newest of each field last.
    package func openings(kind: String, subject: String) throws -> [Opening] {
        try entries().filter { $0.kind == kind && $0.subject == subject }.map(\.secret.opening)
    }

    /// What opens the named fields of a statement.
    ///
    /// - Throws: ``HomeFile/Failure`` for a field that the statement does not hide, or whose salt is not
    ///   in this book.
    package func openings(of statement: Statement, fields: [String]) throws -> [Opening] {
        guard !fields.isEmpty else { return [] }
        let identity = statement.identity
        let known = try openings(kind: identity.kind.rawValue, subject: identity.subject)
        let digests = SaltedDigests(statement)
        return try fields.map { field in
            guard digests.names.contains(field) else {
                let names =
                    digests.names.isEmpty ? "nothing" : digests.names.joined(separator: ", ")
                throw HomeFile.Failure(
                    path: path,
                    problem: "'\(identity.subject)' hides no '\(field)'; it hides: \(names)"
                )
            }
            guard let opening = known.last(where: { $0.field == field && digests.hold($0) }) else {
                throw HomeFile.Failure(
                    path: path,
                    problem:
                        "the salt of '\(field)' is not here: only who made the statement has it"
                )
            }
            return opening
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
