import ArgumentParser
import Ledger
import NodeService
import Transparency

/// Prints the trust policy of a ledger.
struct TrustPolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust-policy",
        abstract: "Prints the C2SP trust policy that follows from a genesis statement.",
        discussion: """
            Everything in the genesis statement is checked first. The policy is all that a third party \
            needs to verify receipts, totals and checkpoints offline; it may use a stricter one.
            """
    )

    @Option(help: "The genesis file.")
    var genesis: String

    func run() async throws {
        try await CommandFailure.reporting {
            let state = try GenesisCommand.genesis(genesis).state
            print(try state.trustPolicy().text, terminator: "")
        }
    }
}
