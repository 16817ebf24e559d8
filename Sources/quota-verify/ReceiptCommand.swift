import ArgumentParser
import Ledger
import LogReader
import QuotaCrypto
import QuotaRules
import Verifier

/// `quota-verify receipt` says whether a statement is in the ledger.
struct ReceiptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt",
        abstract: "Is this statement in the ledger?",
        discussion: """
            Takes a Transparent Statement (.scitt): a signed statement with one receipt of each \
            validator. Proven if enough of the policy's log keys (n - floor((n-1)/3)) signed one root \
            to which the inclusion proofs lead. With --handoffs and --chain-id nothing else need be \
            known: the validators of every epoch follow from the genesis statement.
            """
    )

    @Argument(help: "The .scitt file, or - for standard input.")
    var file: String

    @OptionGroup var options: PolicyOptions

    @OptionGroup var issuer: IssuerOptions

    func run() async throws {
        try await answer("that the statement is in the ledger", asJSON: options.json) {
            let trust = try options.trust()
            let keys = try issuer.keys(options.epochs)
            let bytes = try InputFile.read(file, limit: 1 << 20)
            let unverified = try UnverifiedTransparentStatement(bytes)
            let verified = try trust.judge(size: \.size) { policy throws(VerificationFailure) in
                try unverified.verify(policy, issuerKeys: keys)
            }
            if let maxAge = options.maxAge {
                try verified.checkFresh(at: options.time, maxAge: maxAge)
            }
            return report(verified)
        }
    }

    private func report(_ verified: VerifiedTransparentStatement) -> Report<ReceiptFacts> {
        let identity = verified.statement.identity
        let signers = verified.signers
            .map { "\($0.name) (\(Words.time($0.issuedAt)))" }.joined(separator: ", ")
        var details = [
            "Leaf \(verified.index) of \(verified.size), root \(verified.root).",
            "Signed by \(verified.signers.count) of \(verified.trusted) trusted log keys, "
                + "\(verified.required) needed: \(signers).",
            "The newest quorum is of \(Words.time(verified.quorumTime)), "
                + "\(Words.age(of: verified.quorumTime, at: options.time)).",
        ]
        details += contents(verified.statement)
        details += verified.issuerProven
        if verified.ignored > 0 {
            details.append(
                "\(Words.count(verified.ignored, "receipt")) did not count: the policy does not list "
                    + "the key."
            )
        }
        return Report(
            verdict: .proven,
            summary:
                "The \(identity.kind.rawValue) '\(identity.subject)' by \(identity.issuer) is in "
                + "the ledger \(verified.origin).",
            details: details,
            notProven: notProven(verified),
            facts: ReceiptFacts(verified)
        )
    }

    private func contents(_ statement: Statement) -> [String] {
        guard case .claim(let claim) = statement.body else { return [] }
        let lines = claim.lines.map { "\($0.quantity) x \($0.sku)" }.joined(separator: ", ")
        return ["It claims \(lines) to \(claim.destination) under \(claim.authority)."]
    }

    private func notProven(_ verified: VerifiedTransparentStatement) -> [String] {
        [
            "that the statement still counts: leaf \(verified.size) or a later one may cancel it;",
            "that what it says is true, or that everything that happened was reported;",
        ] + verified.issuerNotProven
    }
}

/// A proven receipt as data.
struct ReceiptFacts: Encodable {
    struct Signer: Encodable {
        let name: String
        let kid: String
        let issuedAt: UInt64
    }

    let origin: String
    let kind: String
    let issuer: String
    let subject: String
    let index: UInt64
    let size: UInt64
    let root: String
    let leafHash: String
    let signers: [Signer]
    let required: Int
    let trusted: Int
    let ignored: Int
    let quorumTime: UInt64
    let isIssuerChecked: Bool

    init(_ verified: VerifiedTransparentStatement) {
        let identity = verified.statement.identity
        origin = verified.origin
        kind = identity.kind.rawValue
        issuer = identity.issuer
        subject = identity.subject
        index = verified.index
        size = verified.size
        root = verified.root.description
        leafHash = verified.statement.leafHash.description
        signers = verified.signers.map {
            Signer(name: $0.name, kid: $0.kid.description, issuedAt: $0.issuedAt)
        }
        required = verified.required
        trusted = verified.trusted
        ignored = verified.ignored
        quorumTime = verified.quorumTime
        isIssuerChecked = verified.isIssuerChecked
    }
}
