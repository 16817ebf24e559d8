import APIModel
import ArgumentParser
import Client

/// `quotactl report`: reports as tables.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Prints reports on the ledger as text, JSON or CSV.",
        subcommands: [
            ReportLedgerCommand.self, ReportReconcileCommand.self, ReportPackCommand.self,
            ReportCountryCommand.self,
        ],
        defaultSubcommand: ReportLedgerCommand.self
    )
}

/// `quotactl report country`.
struct ReportCountryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "country",
        abstract: "Prints what a node says that countries consumed, at once and unproven.",
        discussion: """
            Without a country: one row for each country that used its cap. With one: every account \
            that belongs to it. The figures are the node's; 'quotactl proof' gets the proof of one.

            Examples:
              quotactl report country
              quotactl report country MY
              quotactl report country --csv > countries.csv
            """
    )

    @Argument(help: ArgumentHelp("Only this country.", valueName: "cc"))
    var country: String?

    @OptionGroup(title: "Common options") var common: CommonOptions

    @Flag(help: "Answer in CSV; amounts are plain decimals in the unit of their row.")
    var csv = false

    func validate() throws {
        guard !(csv && common.json) else {
            throw ValidationError("Give --csv or --json, not both.")
        }
    }

    func run() async throws {
        let document = try await common.withClient { try await $0.accounts(country: country) }
        guard !common.json else { return Terminal.writeJSON(document) }
        let report = CountryReport(document)
        Terminal.write(csv ? report.csv : report.text)
    }
}
