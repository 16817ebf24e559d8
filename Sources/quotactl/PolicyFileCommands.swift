import ArgumentParser
import QuotaRules
import Reporting

/// `quotactl policy check`: whether a policy file can be read, and what it says.
struct PolicyCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks a policy file: what is wrong with it by path, else what it says.",
        discussion: """
            Ends with 2 and the path if the file is no policy. Warnings do not make it one less.

            Examples:
              quotactl policy check rule.json
              quotactl policy check rule.json --catalogue chips.json
            """
    )

    @Argument(help: ArgumentHelp("The policy file, JSON.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("The chip catalogue that it would judge with.", valueName: "file"))
    var catalogue: String?

    @Flag(help: "Answer in JSON.")
    var json = false

    func run() throws {
        let summary = PolicySummary(
            try PolicyFile.policy(file),
            catalogue: try catalogue.map { try PolicyFile.catalogue($0) }
        )
        Terminal.write(json ? summary.json : summary.text)
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

    @Flag(help: "Answer in JSON.")
    var json = false

    @Flag(help: "Answer in CSV.")
    var csv = false

    func run() throws {
        let comparison = PolicyComparison(
            try PolicyFile.policy(old),
            try PolicyFile.policy(new)
        )
        let section = comparison.section
        Terminal.write(json ? section.jsonText : csv ? section.csv() : section.text)
    }
}
