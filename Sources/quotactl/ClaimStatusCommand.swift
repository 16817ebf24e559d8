import APIModel
import ArgumentParser
import Client

/// `quotactl claim status`.
struct ClaimStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Says where one claim stands."
    )

    @Argument(help: "The claim's id, or the hash of its entry.")
    var claim: String

    @OptionGroup(title: "Common options") var common: CommonOptions

    @Option(help: ArgumentHelp("The member that made it. Default: the profile.", valueName: "id"))
    var issuer: String?

    func run() async throws {
        let issuer = try self.issuer ?? common.profile().member
        let document = try await common.withClient { client in
            let entry = try await ClaimLookup.entry(claim, issuer: issuer, through: client)
            return try await client.statement(entry)
        }
        guard !common.json else { return Terminal.writeJSON(document) }
        var lines = [
            "\((document.state ?? document.kind).padding(to: 9))  \(document.subject ?? claim)"
                + "  by \(document.issuer ?? "-")",
            "  entry    \(document.entry) (leaf \(document.index), block \(document.height))",
            "  time     \(document.time.text)",
        ]
        lines += (document.decision.map(Wording.admission) ?? []).map { "  " + $0 }
        Terminal.write(lines.map { $0 + "\n" }.joined())
    }
}
