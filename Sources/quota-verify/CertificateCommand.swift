import ArgumentParser
import Ledger
import LogReader
import Verifier

/// `quota-verify certificate` says whether a printed page can be believed.
struct CertificateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate",
        abstract: "Does every word on this certificate follow from its proof?",
        discussion: """
            Takes a certificate (.html) as 'quotactl certificate' makes it: reads the attached proof, \
            checks it, makes the page again, and compares every byte.
            """
    )

    @Argument(help: "The .html file, or - for standard input.")
    var file: String

    @OptionGroup var options: PolicyOptions

    @OptionGroup var issuer: IssuerOptions

    func run() async throws {
        try await answer("what the certificate says", asJSON: options.json) {
            let trust = try options.trust()
            let keys = try issuer.keys(options.epochs)
            let bytes = try InputFile.read(file, limit: UnverifiedCertificate.byteCountMax)
            let certificate = try UnverifiedCertificate(bytes)
            let verified = try trust.judge(size: \.statement.size) {
                policy throws(VerificationFailure) in
                try certificate.verify(policy, issuerKeys: keys)
            }
            if let maxAge = options.maxAge {
                try verified.statement.checkFresh(at: options.time, maxAge: maxAge)
            }
            return report(verified, madeAt: certificate.madeAt)
        }
    }

    private func report(
        _ verified: VerifiedDisclosure,
        madeAt: UInt64
    ) -> Report<DisclosureFacts> {
        let statement = verified.statement
        let identity = statement.statement.identity
        var details = [
            "Every word on the page follows from the attached proof.",
            "Leaf \(statement.index) of \(statement.size), root \(statement.root), signed by "
                + "\(statement.signers.count) of \(statement.trusted) trusted log keys, "
                + "\(statement.required) needed.",
        ]
        details += statement.issuerProven
        details += verified.openings.map { "It opens \($0.field): \($0.value)" }
        return Report(
            verdict: .proven,
            summary:
                "The certificate is genuine: the \(identity.kind.rawValue) '\(identity.subject)' by "
                + "\(identity.issuer) is in the ledger \(statement.origin).",
            details: details,
            notProven: statement.issuerNotProven + [
                "that the page was made at \(Words.time(madeAt)): its maker chose that time;",
                "that the statement still counts: a later leaf may cancel it;",
                Explanation.selfReported + ".",
            ],
            facts: DisclosureFacts(verified)
        )
    }
}
