internal import ArgumentParser
internal import Simulation

/// `quota-sim run`: many seeds, or one with its trace.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Check the promises of the ledger's agreement over many seeds.",
        discussion: """
            Each seed draws a cluster, its faults (loss, delay, partitions, crashes …) and its \
            clients. After every event the promises are checked: one chain, no statement lost, no \
            cap exceeded, no vote that the protocol forbids. Then everything heals, and all \
            statements must be settled and the cluster fall silent. The same seed gives the same \
            run and the same hash on every machine.

            Exit status: 0 all promises kept, 1 one was broken, 64 wrong usage.
            """
    )

    @Option(help: "How many seeds to run.")
    var seeds: UInt64 = 2_000

    @Option(help: "The first seed.")
    var start: UInt64 = 1

    @Option(help: "Run this one seed only.")
    var seed: UInt64?

    @Option(help: "Sizes of clusters, used in turn.")
    var members: MemberCounts = MemberCounts(values: [4, 7])

    @Option(help: ArgumentHelp("The kind of world.", discussion: Scenario.names))
    var scenario: Scenario = .swarm

    @Option(help: ArgumentHelp("A kind of fault that shall not exist.", valueName: "fault"))
    var without: [Fault] = []

    @Option(help: "How many seeds to run at the same time.")
    var threads: Int = 2

    @Option(
        name: .customLong("break"),
        help: ArgumentHelp(
            "Break a rule of the protocol in all members, to see that it is noticed.",
            discussion: "One of: \(SeedOptions.ruleNames.joined(separator: ", ")).",
            valueName: "rule"
        )
    )
    var brokenRules: [String] = []

    @Flag(help: "Print what happens in a run (with --seed).")
    var trace = false

    @Flag(help: "Print the summary as JSON.")
    var json = false

    func validate() throws {
        guard seeds > 0, start <= UInt64.max - seeds else {
            throw ValidationError(
                "--seeds must be at least 1, and --start + --seeds a 64-bit number"
            )
        }
        guard (1...64).contains(threads) else {
            throw ValidationError("--threads must be 1 to 64, is \(threads)")
        }
        for rule in brokenRules where !SeedOptions.ruleNames.contains(rule) {
            throw ValidationError("--break: there is no rule '\(rule)'")
        }
        guard !trace || seed != nil else { throw ValidationError("--trace needs --seed") }
    }

    func run() async throws {
        let range = seed.map { $0..<($0 + 1) } ?? start..<(start + seeds)
        let campaign = await runAll(range)
        let report = Report(campaign: campaign)
        print(json ? report.json : report.text)
        if let failure = campaign.failures.first, !json, !trace {
            print(Report.explanation(of: minimized(failure)))
        }
        if !campaign.failures.isEmpty { throw ExitCode(1) }
    }

    /// Runs the seeds, a few at a time, with progress on standard error.
    private func runAll(_ range: Range<UInt64>) async -> Campaign {
        let (members, scenario, excluded) = (members, scenario, Set(without))
        let (isTraced, broken) = (trace, Set(brokenRules))
        let options = range.map { seed in
            SeedOptions(
                seed: seed,
                memberCount: members.count(for: seed),
                scenario: scenario,
                isTraced: isTraced,
                brokenRules: broken,
                excluded: excluded
            )
        }
        var campaign = Campaign()
        var progress = Progress(total: UInt64(range.count))
        for await result in simulations(of: options, threads: threads) {
            campaign.add(result)
            for line in result.trace { print(line) }
            progress.show(campaign.seedCount) {
                "\(campaign.seedCount) seeds, \(campaign.blockCount) blocks final, "
                    + "\(campaign.failures.count) failed"
            }
        }
        progress.finish()
        return campaign
    }
}

extension Scenario: ExpressibleByArgument {
    static var names: String { "One of: \(allCases.map(\.rawValue).joined(separator: ", "))." }
}

extension Fault: ExpressibleByArgument {}

/// Sizes of clusters, as in `4,7`.
struct MemberCounts: ExpressibleByArgument, Sendable {
    let values: [Int]

    init(values: [Int]) {
        self.values = values
    }

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        let values = parts.compactMap { Int($0) }
        guard values.count == parts.count, values.allSatisfy({ (1...64).contains($0) }) else {
            return nil
        }
        self.init(values: values)
    }

    var defaultValueDescription: String { description }

    var description: String { values.map(String.init).joined(separator: ",") }

    /// The size that a seed uses.
    func count(for seed: UInt64) -> Int {
        values[Int(seed % UInt64(values.count))]
    }
}
