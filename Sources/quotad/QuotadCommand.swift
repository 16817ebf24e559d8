import ArgumentParser
import Foundation
import NodeService

/// Starts the program and turns every ending into one of four exit codes.
@main
enum Program {
    static func main() async {
        do {
            var command = try QuotadCommand.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let code as ExitCode {
            exit(code.rawValue)
        } catch {
            let message = QuotadCommand.fullMessage(for: error)
            let isHelp = QuotadCommand.exitCode(for: error) == .success
            let output = isHelp ? FileHandle.standardOutput : FileHandle.standardError
            output.write(Data((message + "\n").utf8))
            exit(isHelp ? 0 : 2)
        }
    }
}

/// The node of a quota ledger.
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
            TrustPolicyCommand.self, ExportCommand.self, KeysCommand.self, RecoverCommand.self,
        ]
    )
}
