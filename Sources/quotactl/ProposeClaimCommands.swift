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

/// `quotactl propose event`.
struct ProposeEventCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event",
        abstract: "Proposes what became of goods, where nobody may say so alone.",
        discussion: """
            Examples:
              quotactl propose event atlas/A-2026-004 --resolve --quantity 4 --from delivered --to lost
              quotactl propose event atlas/A-2026-004 --write-off --quantity 4 --from lost
            """
    )

    enum Kind: String, EnumerableFlag {
        case resolve, writeOff, correct

        static func help(for value: Kind) -> ArgumentHelp? {
            switch value {
            case .resolve: "A dispute about goods that stood in --from ends; they stand in --to."
            case .writeOff: "Lost or missing goods will not turn up."
            case .correct: "The books were wrong."
            }
        }
    }

    @Argument(help: ArgumentHelp("Whose claim, and which.", valueName: "issuer/claim"))
    var claim: StatementName

    @OptionGroup var proposal: ProposalOptions

    @Flag var kind: Kind

    @Option(help: Quantities.help)
    var quantity: Quantities

    @Option(help: "Where the goods stand, or stood before the dispute.")
    var from: Bucket

    @Option(help: "Where they will stand.")
    var to: Bucket?

    func run() async throws {
        try await proposal.submit(
            .event(EventBody(claim: claim.claim, event: try event())),
            summary: "\(kind.rawValue) on claim \(claim.claim)"
        )
    }

    private func event() throws -> ClaimEvent {
        if kind == .writeOff { return .writeOff(quantities: quantity.values, from: from) }
        guard let to else { throw UsageError("where will the goods stand? Give --to") }
        return kind == .resolve
            ? .resolve(quantities: quantity.values, from: from, to: to)
            : .correct(quantities: quantity.values, from: from, to: to)
    }
}
