import ArgumentParser
import Ledger
import LogReader
import QuotaCrypto
import Verifier

/// `quota-verify disclosure` says whether an opened value belongs to a statement in the ledger.
struct DisclosureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disclosure",
        abstract: "Does this opened value belong to a statement in the ledger?",
        discussion: """
            Takes a disclosure (.disclosure): a statement with receipts, and the salts and values behind \
            some of its salted digests. Shows the values that the issuer fixed when it signed.
            """
    )

    @Argument(help: "The .disclosure file, or - for standard input.")
    var file: String

    @OptionGroup var options: PolicyOptions

    @OptionGroup var issuer: IssuerOptions

    func run() async throws {
        try await answer("what the opened values say", asJSON: options.json) {
            let trust = try options.trust()
            let keys = try issuer.keys(options.epochs)
            let bytes = try InputFile.read(file, limit: UnverifiedDisclosure.byteCountMax)
            let verified = try trust.judge(size: \.statement.size) {
                policy throws(VerificationFailure) in
                try UnverifiedDisclosure(bytes).verify(policy, issuerKeys: keys)
            }
            if let maxAge = options.maxAge {
                try verified.statement.checkFresh(at: options.time, maxAge: maxAge)
            }
            return report(verified)
        }
    }

    private func report(_ verified: VerifiedDisclosure) -> Report<DisclosureFacts> {
        let statement = verified.statement
        let identity = statement.statement.identity
        let values = verified.openings.map { "\($0.field): \($0.value)" }
        var details = values.map { "It says \($0)" }
        details.append(
            "Leaf \(statement.index) of \(statement.size), root \(statement.root), signed by "
                + "\(statement.signers.count) of \(statement.trusted) trusted log keys, "
                + "\(statement.required) needed."
        )
        details += statement.issuerProven
        if !verified.closed.isEmpty {
            details.append("Still closed: \(verified.closed.joined(separator: ", ")).")
        }
        return Report(
            verdict: .proven,
            summary: "\(Words.count(verified.openings.count, "opened value")) "
                + "\(verified.openings.count == 1 ? "belongs" : "belong") to the "
                + "\(identity.kind.rawValue) '\(identity.subject)' by \(identity.issuer) in the ledger "
                + "\(statement.origin).",
            details: details,
            notProven: statement.issuerNotProven + [
                "that the values are true: the issuer fixed them when it signed, no more;",
                "what the closed values are;",
                "that the statement still counts: a later leaf may cancel it.",
            ],
            facts: DisclosureFacts(verified)
        )
    }
}

/// A proven disclosure as data.
struct DisclosureFacts: Encodable {
    struct Value: Encodable {
        let field: String
        let value: String
        let digest: String
    }

    let values: [Value]
    let closed: [String]
    let statement: ReceiptFacts

    init(_ verified: VerifiedDisclosure) {
        values = verified.openings.map {
            Value(field: $0.field, value: $0.value, digest: $0.digest.description)
        }
        closed = verified.closed
        statement = ReceiptFacts(verified.statement)
    }
}
