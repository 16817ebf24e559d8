import ArgumentParser
import Client
import Foundation

/// What every command takes.
struct CommonOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The member's folder. Default: QUOTA_HOME, or ~/.quota.",
            valueName: "folder"
        )
    )
    var home: String?

    @Option(
        help: ArgumentHelp(
            "A node's address; repeat it to name others to fall back on. Default: QUOTA_NODE, or "
                + "the profile.",
            valueName: "url"
        )
    )
    var node: [String] = []

    @Option(
        help: ArgumentHelp(
            "The trust policy that receipts are verified by. Default: the profile, or the file "
                + "trust-policy in the folder.",
            valueName: "file"
        )
    )
    var policy: String?

    @Flag(help: "Answer in JSON.")
    var json = false

    /// The member's folder.
    var memberHome: MemberHome { MemberHome(path: home) }

    /// The profile, with what the command line says in place of what the files say.
    func profile() throws -> Profile {
        var profile = try Profile.load(from: memberHome)
        let environment = ProcessInfo.processInfo.environment["QUOTA_NODE"]
        let named =
            node.isEmpty ? environment.map { $0.split(separator: " ").map(String.init) } : node
        if let named, !named.isEmpty {
            profile.nodes = try named.map { text in
                guard let url = LedgerURL(text) else {
                    throw UsageError("--node: '\(text)' is no address; write http://host:port")
                }
                return url
            }
        }
        if let policy { profile.policy = policy }
        return profile
    }

    /// The check of receipts, nil if no trust policy is configured.
    func receiptCheck() throws -> ReceiptCheck? {
        try profile().policy.map { try ReceiptCheck(policyFile: $0) }
    }

    /// Runs `body` with a client of the profile's nodes.
    func withClient<Result: Sendable>(
        _ body: (LedgerClient) async throws -> Result
    ) async throws -> Result {
        let shelf = IntakeShelf(folder: memberHome.intakesFolder, check: try? receiptCheck())
        return try await LedgerClient.with(nodes: profile().nodes, intakes: shelf, body)
    }
}

/// What every command takes that signs.
struct SigningOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The member id that signs. Default: the profile.", valueName: "id")
    )
    var member: String?

    @Option(
        help: ArgumentHelp("The ledger's origin. Default: the profile.", valueName: "origin")
    )
    var origin: String?

    @Option(
        help: ArgumentHelp(
            "The seed file of the statement key. Default: statement.seed in the folder.",
            valueName: "file"
        )
    )
    var key: String?

    @Option(
        help: ArgumentHelp(
            "The time on the statement, as 2026-03-01 or 2026-03-01T12:00:00Z. Default: now.",
            valueName: "time"
        )
    )
    var asOf: String?

    @Option(
        help: ArgumentHelp(
            "Write the statement to this file instead of submitting it.",
            valueName: "file"
        )
    )
    var out: String?
}
