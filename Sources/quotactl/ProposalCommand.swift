import APIModel
import ArgumentParser
import Client
import Foundation

/// `quotactl proposal`.
struct ProposalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proposal",
        abstract: "Shows what is proposed, who voted, and what became of it.",
        subcommands: [ProposalListCommand.self, ProposalShowCommand.self]
    )
}

/// `quotactl proposal list`.
struct ProposalListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists proposals, the newest last."
    )

    @OptionGroup(title: "Common options") var common: CommonOptions

    @Flag(help: "Only those that can still be voted on.")
    var open = false

    func run() async throws {
        var document = try await common.withClient { try await $0.proposals() }
        if open { document.proposals.removeAll { $0.state != "open" } }
        guard !common.json else { return Terminal.writeJSON(document) }
        guard !document.proposals.isEmpty else {
            return Terminal.write(open ? "No proposal is open.\n" : "Nothing was proposed yet.\n")
        }
        let rows = document.proposals.map { proposal in
            "\(proposal.state.padding(to: 9))  \(proposal.issuer)/\(proposal.id)"
                + "  \(proposal.action["kind"]?.textValue ?? "?"), \(proposal.tally)"
        }
        Terminal.write(rows.map { $0 + "\n" }.joined())
    }
}

/// `quotactl proposal show`.
struct ProposalShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows one proposal whole, with its votes."
    )

    @Argument(help: ArgumentHelp("Whose, and which.", valueName: "issuer/id"))
    var proposal: StatementName

    @OptionGroup(title: "Common options") var common: CommonOptions

    func run() async throws {
        let document = try await common.withClient {
            try await $0.proposal(issuer: proposal.issuer, id: proposal.id)
        }
        guard !common.json else { return Terminal.writeJSON(document) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let action = String(decoding: try encoder.encode(document.action), as: UTF8.self)
        var lines = [
            "\(document.state.padding(to: 9))  \(document.issuer)/\(document.id)",
            "  leaf     \(document.index)",
            "  opened   \(document.opened.text)",
            "  ends     \(document.ends.text)",
        ]
        if let closed = document.closed { lines.append("  closed   \(closed.text)") }
        if let reason = document.reason { lines.append("  reason   \(reason)") }
        lines += document.votes.map {
            "  vote     \($0.choice.padding(to: 8)) \($0.member) (leaf \($0.index))"
        }
        Terminal.write(lines.map { $0 + "\n" }.joined() + action + "\n")
    }
}

extension ProposalDocument {
    /// How many are for it and against it.
    fileprivate var tally: String {
        let approvals = votes.count { $0.choice == "approve" }
        return "\(approvals) for, \(votes.count - approvals) against"
    }
}
