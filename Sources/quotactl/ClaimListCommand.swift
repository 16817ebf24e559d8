import APIModel
import ArgumentParser
import Client
import Reporting

/// `quotactl claim list`.
struct ClaimListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists claims on the ledger, oldest first.",
        discussion: """
            Examples:
              quotactl claim list
              quotactl claim list --all --country MY --state admitted
            """
    )

    @OptionGroup(title: "Common options") var common: CommonOptions

    @Option(
        help: ArgumentHelp("Only claims of this member. Default: the profile.", valueName: "id")
    )
    var issuer: String?

    @Flag(help: "Claims of all members.")
    var all = false

    @Option(help: ArgumentHelp("Only claims to this country.", valueName: "cc"))
    var country: String?

    @Option(help: ArgumentHelp("Only claims that use this authority.", valueName: "route"))
    var authority: String?

    @Option(help: "Only claims in this state, such as reserved, delivered or cancelled.")
    var state: String?

    func run() async throws {
        let issuer = all ? nil : try self.issuer ?? common.profile().member
        let filter = ClaimFilter(
            issuer: issuer,
            state: state,
            country: country,
            authority: authority
        )
        let claims = try await common.withClient { try await $0.allClaims(filter) }
        guard !common.json else { return Terminal.writeJSON(claims) }
        var table = TextTable([
            ("claim", .left), ("issuer", .left), ("state", .left), ("route", .left),
            ("to", .left), ("goods", .left), ("exported", .left), ("leaf", .right),
        ])
        for claim in claims {
            let goods = claim.lines.map { "\(Amount.grouped($0.quantity)) x \($0.sku)" }
            table.add([
                claim.claim, claim.issuer, claim.state, claim.authority, claim.destination,
                goods.joined(separator: ", "), claim.exported, String(claim.index),
            ])
        }
        Terminal.write(table.text)
    }
}
