internal import ArgumentParser

/// `quota-sim`: the deterministic simulator of the agreement.
@main
struct SimulatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quota-sim",
        abstract: "Run whole clusters in one thread, with faults drawn from a seed.",
        subcommands: [
            RunCommand.self, CampaignCommand.self, MutantsCommand.self, TwinsCommand.self,
            ForensicsCommand.self,
        ]
    )
}
