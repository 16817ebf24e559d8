import ArgumentParser
import Client
import Ledger

/// `quotactl submit`: statements that were signed earlier or elsewhere.
struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Submits statement files made with --out.",
        discussion: """
            The files hold one signed statement each. Sending one again is safe: a statement is \
            registered once.

            Example:
              quotactl submit A-2026-004.cose A-2026-005.cose
            """
    )

    @Argument(help: "The statement files, submitted in this order.")
    var files: [String]

    @OptionGroup(title: "Common options") var common: CommonOptions

    func run() async throws {
        let statements = try files.map { file in
            do {
                return try Statement.decode(try HomeFile.read(file))
            } catch let error as StatementError {
                throw UsageError("\(file) holds no statement: \(error)")
            }
        }
        var reports: [SubmissionReport] = []
        for statement in statements {
            let kind = statement.identity.kind.rawValue
            let report = try await Submission(common: common).submit(
                statement,
                summary: "\(kind) by \(statement.identity.issuer)"
            )
            if !common.json { report.show(asJSON: false) }
            reports.append(report)
        }
        if common.json { Terminal.writeJSON(reports) }
        if reports.contains(where: { $0.refusal != nil }) {
            throw ExitCode(Ending.Exit.refused.rawValue)
        }
    }
}
