import ArgumentParser
import Reporting

/// `quotactl report NAME`: a report made on this machine from the leaves of the ledger.
struct ReportLedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract:
            "Makes one of the ledger's reports on this machine (the word 'ledger' may be left out).",
        discussion: """
            Downloads the log from a node, compares it with a checkpoint that the trust policy \
            accepts, replays it and prints the report. Two nodes at one checkpoint give the same \
            bytes.

            Reports: \(ReportKind.allCases.map(\.rawValue).joined(separator: ", ")).

            Examples:
              quotactl report party --country MY --period 2026-Q1
              quotactl report roll-forward --by quarter --csv > quarters.csv
              quotactl report exceptions --json
            """
    )

    @Argument(help: ArgumentHelp("Which report.", valueName: "name"))
    var kind: ReportKind

    @Option(help: ArgumentHelp("Only this country.", valueName: "cc"))
    var country: String?

    @Option(help: ArgumentHelp("Only this exporter, a member id.", valueName: "id"))
    var exporter: String?

    @Option(help: "Only this period: 2026, 2026-Q1, 2026-03, or all.")
    var period = ReportPeriod.all

    @Option(help: "How long the periods of a roll-forward are.")
    var by = ReportPeriod.Step.month

    @OptionGroup var options: LedgerOptions

    func run() async throws {
        var query = ReportQuery(kind)
        query.country = country
        query.exporter = exporter
        query.period = period
        query.step = by
        guard let report = try await options.book().book.report(query) else {
            throw UsageError("the ledger has no block")
        }
        options.show(report)
    }
}
