import ArgumentParser
import Foundation
import QuotaFiles
import QuotaRules

/// `quota-bench history`: a ledger of many statements, as a folder.
struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Makes a ledger of many statements in one process.",
        discussion: """
            Writes it as a folder of tlog-tiles with a signed checkpoint and a trust policy, which \
            quota-verify and quotactl read with --folder, and with the page and the proofs of its first \
            screen and of two pages of claims, for any file server.

            Examples:
              quota-bench history --statements 100000 --folder /tmp/ledger
              quota-verify audit --folder /tmp/ledger --policy /tmp/ledger/trust-policy
            """
    )

    @Option(help: "At least so many statements.")
    var statements = 100_000

    @Option(help: "Statements offered for one block.")
    var perBlock = 500

    @Option(help: "The seed that everything is drawn from.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("The folder to write.", valueName: "folder"))
    var folder: String

    @Option(help: "The policy file.")
    var policy = "Node/policies/us-ai-diffusion-2025.json"

    @Option(help: "The chip catalogue file.")
    var catalogue = "Node/catalogues/chips-2026.json"

    func run() throws {
        var history = try BenchHistory(
            policy: try Policy.decode(
                Policy.document(
                    try JSONDocument.read(policy),
                    adoptedBecause: "A measurement with the policy as it is written."
                )
            ),
            catalogue: try ChipCatalogue.decode(try JSONDocument.read(catalogue)),
            seed: seed
        )
        let clock = ContinuousClock()
        let began = clock.now
        var shown = 0
        try history.run(count: statements, perBlock: perBlock) { made in
            guard made * 10 / statements > shown else { return }
            shown = made * 10 / statements
            FileHandle.standardError.write(Data("quota-bench: \(made) leaves\n".utf8))
        }
        try history.write(to: URL(filePath: folder))
        let seconds = began.duration(to: clock.now) / .seconds(1)
        print("\(history.leaves.count) leaves in \(Int(seconds)) s: \(folder)")
    }
}
