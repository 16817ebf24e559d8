import ArgumentParser

/// The root command.
@main
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quota-bench",
        abstract: "Measures a ledger on this machine, or makes a large one for its readers.",
        discussion: "Without a subcommand: cluster.",
        subcommands: [ClusterCommand.self, HistoryCommand.self],
        defaultSubcommand: ClusterCommand.self
    )
}
