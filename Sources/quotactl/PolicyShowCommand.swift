import ArgumentParser
import Reporting

/// `quotactl policy show`: which policies hold, are to come, and were.
struct PolicyShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows the policy in force, what is scheduled, and every version before.",
        discussion: """
            Replays the log as 'quotactl report' does, so that no node is believed.

            Examples:
              quotactl policy show
              quotactl policy show --json
            """
    )

    @OptionGroup var options: LedgerOptions

    func run() async throws {
        guard let report = try await options.book().book.report(ReportQuery(.policies)) else {
            throw UsageError("the ledger has no block")
        }
        options.show(report)
    }
}
