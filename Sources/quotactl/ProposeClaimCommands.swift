import APIModel
import ArgumentParser
import CBOR
import Client
import Ledger
import QuotaCrypto

// Proposals about single claims.

/// `quotactl propose override`.
struct ProposeOverrideCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "override",
        abstract: "Proposes that one claim may pass beyond the limits.",
        discussion: """
            The claim is a file that its exporter made with 'quotactl claim new --out'; exactly this \
            claim may then pass, once. The total is marked for ever.

            Example:
              quotactl propose override A-2026-050.cose --grounds "hospital cluster, cabinet decision 12"
            """
    )

    @Argument(help: "The claim's statement file.")
    var file: String

    @OptionGroup var proposal: ProposalOptions

    @Option(help: "Why; only a salted digest enters the ledger.")
    var grounds: String

    func run() async throws {
        let statement: Statement
        do {
            statement = try Statement.decode(try HomeFile.read(file))
        } catch let error as StatementError {
            throw UsageError("\(file) holds no statement: \(error)")
        }
        let identity = statement.identity
        guard identity.kind == .claim else {
            throw UsageError("\(file) holds a statement of kind \(identity.kind.rawValue)")
        }
        let claim = ClaimReference(issuer: identity.issuer, id: identity.subject)
        guard
            let reason = try PrivateReason.digest(
                grounds,
                of: .proposal,
                "override/\(claim)",
                proposal.common
            )
        else { return }
        try await proposal.submit(
            .override(
                ClaimOverride(
                    claim: claim,
                    body: SHA256.hash(statement.bodyBytes),
                    reason: reason
                )
            ),
            summary: "override for claim \(claim)"
        )
    }
}
