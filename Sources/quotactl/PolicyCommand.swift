import ArgumentParser

/// `quotactl policy`: the rules that claims are judged by.
struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Policies: suppose another, check one, compare two, show what is in force.",
        subcommands: [
            PolicySimulateCommand.self, PolicyCheckCommand.self, PolicyDiffCommand.self,
            PolicyShowCommand.self,
        ]
    )
}
