import ArgumentParser
import NodeService

/// The node of a quota ledger.
@main
struct QuotadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quotad",
        abstract: "Runs a node of a quota ledger, and founds one.",
        discussion: """
            To found a ledger every member runs `init` and sends its card to the others. One of them \
            makes a draft, every founder signs it, one assembles the genesis statement, and all run \
            `run` with it. Compare the chain id by telephone.

            Exit codes: 0 done, 1 refused, 2 usage, 3 unreachable or unreadable.
            """,
        version: Node.version,
        subcommands: [
            InitCommand.self, GenesisCommand.self, RunCommand.self, StatusCommand.self,
            TrustPolicyCommand.self,
        ]
    )
}
