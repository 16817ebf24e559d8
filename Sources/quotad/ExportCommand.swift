import ArgumentParser
import Client
import Foundation

/// Writes a static copy of a ledger.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes the page, the log and the proofs as files for any file server.",
        discussion: """
            Asks a running node. Full tiles that are in the folder already are kept, so that a copy is \
            brought up to date by the same command. Whoever reads the copy checks it; whoever serves it \
            needs no key and can change nothing unnoticed.
            """
    )

    @Option(name: .customLong("static"), help: "The folder to write.")
    var folder: String

    @Option(help: "The node's HTTP address, such as http://127.0.0.1:8101.")
    var url: String

    @Flag(help: "Also write the state of every claim of a ledger of more than 25,600 leaves.")
    var claimProofs = false

    func run() async throws {
        guard let address = LedgerURL(url) else {
            throw ValidationError("--url: '\(url)' is no address")
        }
        let summary = try await CommandFailure.reporting(code: 3) {
            try await LedgerClient.with(nodes: [address]) { client in
                try await StaticExport(
                    client: client,
                    folder: folder,
                    wantsClaimProofs: claimProofs,
                    progress: { FileHandle.standardError.write(Data("\($0)\n".utf8)) }
                ).run()
            }
        }
        print(
            """
            \(folder): \(summary.written) files written, \(summary.kept) kept
              checkpoint  size \(summary.size)
              claims      \(summary.hasClaimProofs ? "with" : "without") the proof of each one's state
            """
        )
    }
}
