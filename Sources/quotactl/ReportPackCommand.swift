import ArgumentParser
import Client
import Ledger
import LogReader
import MerkleLog
import Reporting
import Transparency
import Verifier

/// `quotactl report pack`: all totals with their proofs, in one file.
struct ReportPackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack",
        abstract: "Writes every total with its proof into one file (the public proof pack).",
        discussion: """
            Anybody checks the file without a network: 'quota-verify pack FILE --policy trust-policy'.

            Examples:
              quotactl report pack
              quotactl report pack --country MY --out malaysia.pack.json
            """
    )

    @Option(help: ArgumentHelp("Only accounts of this country.", valueName: "cc"))
    var country: String?

    @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
    var out = "totals.pack.json"

    @OptionGroup var options: LedgerOptions

    func run() async throws {
        let policy = try options.trustPolicy()
        let (log, checkpoint) = try await options.newest(policy)
        let ledger = try await options.replay(log, checkpoint, policy, label: "replaying") {
            _,
            _,
            _ in
        }
        let size = ledger.state.size
        let inclusion = try await FetchedTiles.computed(size: size, of: log) { source in
            try InclusionProof(index: size - 1, size: size, from: source)
        }
        let text = ProofPack.text(
            of: ledger.state,
            path: inclusion.path,
            note: checkpoint.note,
            country: country
        )
        try HomeFile.write(Array(text.utf8), to: out, replacing: true)
        let accounts = country.map { ledger.state.accounts(of: $0) } ?? ledger.state.accounts
        guard !options.common.json else {
            return Terminal.writeJSON(Written(file: out, size: size, totals: accounts.count))
        }
        Terminal.write(
            "written    \(out) (\(accounts.count) totals at checkpoint \(size))\n"
                + "  check    quota-verify pack \(out) --policy TRUST-POLICY\n"
        )
    }

    private struct Written: Encodable {
        let file: String
        let size: UInt64
        let totals: Int
    }
}
