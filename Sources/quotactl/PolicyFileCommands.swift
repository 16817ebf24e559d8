import ArgumentParser
import QuotaRules
import Reporting

/// `quotactl policy check`: whether a policy file can be read, and what it says.
struct PolicyCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks a policy file: what is wrong with it by path, else what it says.",
        discussion: """
            Ends with 2 and everything that is wrong if the file is no policy: a place and a reason \
            each, with --json a list of {path, problem}. What may follow from another problem shows \
            when that is mended. Warnings do not make it one less.

            Examples:
              quotactl policy check rule.json
              quotactl policy check rule.json --catalogue chips.json
            """
    )

    @Argument(help: ArgumentHelp("The policy file, JSON.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("The chip catalogue that it would judge with.", valueName: "file"))
    var catalogue: String?

    @OptionGroup var common: CommonOptions

    func run() throws {
        let policy: Policy
        do {
            policy = try PolicyFile.policy(file)
        } catch let error as PolicyFile.Problems where common.json {
            Terminal.writeJSON(error.problems)
            throw ExitCode(Ending.Exit.usage.rawValue)
        }
        let summary = PolicySummary(
            policy,
            catalogue: try catalogue.map { try PolicyFile.catalogue($0) }
        )
        Terminal.write(common.json ? summary.json : summary.text)
    }
}

/// `quotactl policy diff`: what changes between two policy files.
struct PolicyDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Says what changes from one policy file to another, by path.",
        discussion: """
            Entries of lists are compared by their id, so that moving one is no change.

            Examples:
              quotactl policy diff rule-1.json rule-2.json
              quotactl policy diff rule-1.json rule-2.json --csv
            """
    )

    @Argument(help: ArgumentHelp("The old policy file.", valueName: "old"))
    var old: String

    @Argument(help: ArgumentHelp("The new policy file.", valueName: "new"))
    var new: String

    @OptionGroup var common: CommonOptions

    @Flag(help: "Answer in CSV.")
    var csv = false

    func run() throws {
        let comparison = PolicyComparison(
            try PolicyFile.policy(old),
            try PolicyFile.policy(new)
        )
        let section = comparison.section
        Terminal.write(common.json ? section.jsonText : csv ? section.csv() : section.text)
    }
}
