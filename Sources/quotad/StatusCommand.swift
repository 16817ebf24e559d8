import APIModel
import ArgumentParser
import Client
import Foundation

/// Shows where a node stands.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows whether a node is alive, where it stands and whom it reaches.",
        discussion: "Exit code 0 if new statements become final, 1 if not, 3 if it does not answer."
    )

    @Option(help: "The node's HTTP address, such as http://127.0.0.1:8101.")
    var url: String

    @Flag(help: "Print the answer as JSON.")
    var json = false

    func run() async throws {
        guard let address = LedgerURL(url) else {
            throw ValidationError("--url: '\(url)' is no address")
        }
        let status = try await CommandFailure.reporting(code: 3) {
            try await LedgerClient.with(nodes: [address]) { try await $0.status() }
        }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(status), as: UTF8.self))
        } else {
            print(Self.text(status))
        }
        if !status.finality.isWorking { throw ExitCode(1) }
    }

    private static func text(_ status: StatusDocument) -> String {
        var lines = [
            "\(status.origin)  node of \(status.member), version \(status.version)",
            "  block       \(status.height)   size \(status.checkpoint.size)"
                + "   at \(status.checkpoint.time.text)",
            "  root        \(status.checkpoint.root)",
            "  epoch       \(status.epoch)   this node "
                + (status.isValidator ? "votes" : "does not vote: it follows and reads"),
            "  policy      \(status.policy)",
            "  pool        \(status.pool.statements) statements wait"
                + overdue(status.pool.overdueIntakes ?? 0),
            "  finality    \(status.finality.message)",
        ]
        if let voting = status.voting { lines.append("  votes       \(voting)") }
        if let sync = status.sync { lines.append("  sync        \(sync.message)") }
        for validator in status.validators {
            lines.append(
                "    \(validator.isReachable ? "up  " : "DOWN")  \(validator.member)"
                    + passedOver(validator.passedOver ?? 0)
            )
        }
        return lines.joined(separator: "\n")
    }

    private static func overdue(_ count: Int) -> String {
        count == 0 ? "" : "   \(count) since every validator has led"
    }

    private static func passedOver(_ count: UInt64) -> String {
        count == 0 ? "" : "   passed over \(count) statements that waited"
    }
}
