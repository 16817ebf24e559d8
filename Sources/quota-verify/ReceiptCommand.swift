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

    @Option(
        help: ArgumentHelp(
            "The ledger's genesis statement: its founders' keys check the issuer's own signature.",
            valueName: "file"
        )
    )
    var genesis: String?

    func run() async throws {
        try await answer("that the statement is in the ledger", asJSON: options.json) {
            let trust = try options.trust()
            let keys = try issuerKeys()
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

    /// The founders' statement keys, by the genesis statement that was given by itself or with the steps.
    private func issuerKeys() throws -> [Ed25519.PublicKey] {
        guard genesis == nil, let handOffs = try options.epochs.verified() else {
            return try Self.issuerKeys(genesis)
        }
        return handOffs.genesis.members.map(\.card.statementKey)
    }

    /// The statement keys of a ledger's founders, by its genesis statement; none without one.
    static func issuerKeys(_ genesis: String?) throws -> [Ed25519.PublicKey] {
        guard let genesis else { return [] }
        let bytes = try InputFile.read(genesis, limit: Statement.maximumBytes)
        do throws(LedgerError) {
            return try LedgerState.genesis(bytes).state.members.map(\.card.statementKey)
        } catch {
            throw Unreadable(genesis, error.description)
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
        if verified.isIssuerChecked {
            details.append("The issuer's own signature holds, by its key in the genesis statement.")
        }
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
        var lines = [
            "that the statement still counts: leaf \(verified.size) or a later one may cancel it;",
            "that what it says is true, or that everything that happened was reported;",
        ]
        if !verified.isIssuerChecked {
            lines.append(
                "that \(verified.statement.identity.issuer) signed it, except by the word of the "
                    + "signers above (give --genesis to check);"
            )
        }
        return lines
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
