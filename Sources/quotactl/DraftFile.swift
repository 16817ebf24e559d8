import APIModel
import CBOR
import Client
import Foundation
import Ledger

/// Drafts of statements that wait for signatures.
enum DraftFile {
    /// A draft for programs.
    struct Document: Encodable {
        let kind: String
        let issuer: String
        let subject: String
        let origin: String
        let time: Timestamp
        let body: JSONValue
    }

    /// Reads a draft.
    static func read(_ path: String) throws -> StatementDraft {
        do {
            return try StatementDraft.decode(try HomeFile.read(path))
        } catch let error as StatementError {
            throw UsageError("\(path) holds no draft: \(error)")
        }
    }

    /// Reads an approval of a draft of a kind.
    static func approval(_ path: String, of kind: StatementKind) throws -> Approval {
        do {
            return try Approval.decode(try HomeFile.read(path), kind: kind)
        } catch let error as StatementError {
            throw UsageError("\(path) holds no approval of such a draft: \(error)")
        }
    }

    /// What a draft says, for programs.
    static func document(_ draft: StatementDraft) -> Document {
        Document(
            kind: draft.kind.rawValue,
            issuer: draft.issuer,
            subject: draft.subject,
            origin: draft.audience,
            time: Timestamp(seconds: draft.issuedAt),
            body: (try? CBORValue.decode(draft.bodyBytes)).map { JSONValue($0) } ?? .null
        )
    }

    /// What a draft says, for people: every field, nothing left out.
    static func text(_ draft: StatementDraft) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let body = (try? encoder.encode(document(draft).body)).map {
            String(decoding: $0, as: UTF8.self)
        }
        return """
            \(draft.kind.rawValue.padding(to: 9))  \(draft.subject)  by \(draft.issuer)
              origin   \(draft.audience)
              time     \(Timestamp(seconds: draft.issuedAt).text)
            \(body ?? "")

            """
    }
}
