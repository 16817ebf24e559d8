import APIModel
import ArgumentParser
import Client
import Transparency
import Verifier

/// `quotactl proof`: proofs as files.
struct ProofCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proof",
        abstract: "Downloads proofs that anybody can check without a network.",
        subcommands: [ProofTotalCommand.self],
        defaultSubcommand: ProofTotalCommand.self
    )
}

/// `quotactl proof total`.
struct ProofTotalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "total",
        abstract: "Downloads the proof of what a country consumed (.tlog-proof).",
        discussion: """
            Check the file with 'quota-verify total FILE --policy trust-policy'. With a trust policy \
            it is checked here before it is written.

            Examples:
              quotactl proof KE
              quotactl proof total MY --out malaysia.tlog-proof
            """
    )

    @Argument(help: ArgumentHelp("The country.", valueName: "cc"))
    var country: String

    @OptionGroup(title: "Common options") var common: CommonOptions

    @Option(help: "The limit's id. Default: the country cap of the policy.")
    var limit: String?

    @Option(help: "The period. Default: the one of the last block.")
    var period: String?

    @Option(
        help: ArgumentHelp("Where to write it. Default: CC.tlog-proof.", valueName: "file")
    )
    var out: String?

    func run() async throws {
        let query = TotalQuery(country: country, limit: limit, period: period)
        let check = try common.receiptCheck()
        let file = out ?? "\(country).tlog-proof"
        let bytes = try await common.withClient { client in
            try await client.totalProof(query)
        }
        let verified = try check.map { check in
            let verified = try UnverifiedTotal(bytes).verify(check.policy)
            try verified.account.check(country: country, limit: limit, period: period)
            return verified
        }
        try HomeFile.write(bytes, to: file, replacing: true)
        let report = Report(file: file, bytes: bytes.count, isVerified: verified != nil)
        guard !common.json else { return Terminal.writeJSON(report) }
        Terminal.write("written    \(file) (\(bytes.count) bytes)\n")
        Terminal.write(
            verified.map { "  proof    verified at checkpoint \($0.checkpoint.checkpoint.size)\n" }
                ?? "  proof    unverified: give --policy FILE to verify\n"
        )
    }

    private struct Report: Encodable {
        let file: String
        let bytes: Int
        let isVerified: Bool
    }
}
