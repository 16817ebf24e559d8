import Foundation
package import Ledger
package import QuotaCrypto

/// A member's home directory: keys, card, profile, and the private side of salted digests.
package struct MemberHome: Hashable, Sendable {
    /// The directory.
    package let path: String

    /// The home at `path`, or at `QUOTA_HOME`, or at `~/.quota`.
    package init(
        path: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        let chosen = path ?? environment["QUOTA_HOME"] ?? "~/.quota"
        self.path = (chosen as NSString).expandingTildeInPath
    }

    /// The seed of the statement key.
    package var seedFile: String { file("statement.seed") }
    /// The member card.
    package var cardFile: String { file("card.cose") }
    /// The profile.
    package var profileFile: String { file("profile.json") }
    /// The trust policy that receipts are verified by.
    package var trustPolicyFile: String { file("trust-policy") }
    /// What nodes signed when they took statements.
    package var intakesFolder: String { file("intakes") }
    /// The salts and values behind salted digests.
    package var disclosuresFile: String { file("disclosures.jsonl") }

    private func file(_ name: String) -> String { path + "/" + name }

    /// Makes a new statement key; never replaces one.
    package func makeStatementKey() throws -> Ed25519.PrivateKey {
        guard !HomeFile.exists(seedFile) else {
            throw HomeFile.Failure(
                path: seedFile,
                problem: "a key is there already; move it away first, since nothing can make it"
                    + " again"
            )
        }
        let seed = SecretSeed.random()
        let text = Hex.encode(seed.bytes) + "\n"
        try HomeFile.write(Array(text.utf8), to: seedFile, isSecret: true)
        return try seed.key(for: .statement)
    }

    /// The statement key of this home, or of the seed file at `path`.
    package func statementKey(path: String? = nil) throws -> Ed25519.PrivateKey {
        let file = path ?? seedFile
        guard HomeFile.exists(file) else {
            throw HomeFile.Failure(
                path: file,
                problem: "there is no statement key; make one with: quotactl key new"
            )
        }
        let text = String(decoding: try HomeFile.read(file, isSecret: true), as: UTF8.self)
        let digits = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let bytes = Hex.decode(digits), bytes.count == SecretSeed.byteCount else {
            // Quote nothing: what stands here may be most of a secret.
            throw HomeFile.Failure(path: file, problem: "expected 64 hexadecimal digits")
        }
        return try SecretSeed(bytes).key(for: .statement)
    }

    /// The member card and the statement that carries it, nil if there is none.
    package func card() throws -> (card: MemberCard, statement: Statement)? {
        guard HomeFile.exists(cardFile) else { return nil }
        let statement: Statement
        do {
            statement = try Statement.decode(try HomeFile.read(cardFile))
        } catch let error as StatementError {
            throw HomeFile.Failure(path: cardFile, problem: "is no member card: \(error)")
        }
        guard case .member(let card) = statement.body else {
            throw HomeFile.Failure(
                path: cardFile,
                problem: "holds a statement of kind \(statement.identity.kind.rawValue)"
            )
        }
        return (card, statement)
    }
}
