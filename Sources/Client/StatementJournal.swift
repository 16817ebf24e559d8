import Foundation
import Ledger
package import QuotaCrypto

/// What was sent from one file, kept beside it, so that a second run sends the same bytes.
///
/// One JSON object a line. A statement's bytes follow from its body, its time and the key, so the
/// journal holds the time, and the digest of the body to see whether the row was changed since.
package struct StatementJournal: Sendable {
    private struct Line: Codable {
        let subject: String
        let body: String
        let issuedAt: UInt64
    }

    /// The file.
    package let path: String
    private var lines: [String: Line] = [:]

    /// Opens the journal at `path`, which need not exist.
    package init(path: String) throws {
        self.path = path
        guard HomeFile.exists(path) else { return }
        let text = String(decoding: try HomeFile.read(path), as: UTF8.self)
        let parts = text.split(separator: "\n")
        for (number, part) in parts.enumerated() {
            guard let line = try? JSONDecoder().decode(Line.self, from: Data(part.utf8)) else {
                // A crash can cut the last line short; nothing was sent before it was whole.
                if number == parts.count - 1, !text.hasSuffix("\n") { break }
                throw HomeFile.Failure(
                    path: path,
                    problem: "line \(number + 1) cannot be read; if the file is lost, claims that"
                        + " are on the ledger are still recognised"
                )
            }
            lines[line.subject] = line
        }
    }

    /// The time that the statement about `subject` with this body was given before.
    package func time(of subject: String, body: Digest) -> UInt64? {
        guard let line = lines[subject], line.body == body.description else { return nil }
        return line.issuedAt
    }

    /// Notes the times of statements, durably, before they are sent.
    package mutating func note(
        _ entries: [(subject: String, body: Digest, issuedAt: UInt64)]
    ) throws {
        var bytes: [UInt8] = []
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        for entry in entries
        where time(of: entry.subject, body: entry.body) != entry.issuedAt {
            let line = Line(
                subject: entry.subject,
                body: entry.body.description,
                issuedAt: entry.issuedAt
            )
            lines[entry.subject] = line
            bytes += Array(try encoder.encode(line)) + [0x0A]
        }
        guard !bytes.isEmpty else { return }
        try HomeFile.append(bytes, to: path)
    }
}
