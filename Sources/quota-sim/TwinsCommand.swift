internal import ArgumentParser
internal import Simulation

/// `quota-sim twins`: members that run twice with one key, in every partition of every round.
struct TwinsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "twins",
        abstract: "Play every scenario of a member that leads a double life.",
        discussion: """
            Without --random: four members, each in turn running twice, and in each round every \
            partition of the five nodes into two sides; the leader changes with the view. With \
            --random: scenarios drawn from seeds, for any number of members, twins and rounds, with \
            up to three sides. Correct nodes must agree, accuse nobody wrongly, and go on once they \
            hear each other.

            Exit status: 0 all promises kept, 1 one was broken, 64 wrong usage.
            """
    )

    @Option(help: "How many rounds.")
    var rounds: Int = 5

    @Option(help: "Play this many random scenarios instead of all.")
    var random: UInt64?

    @Option(help: "The first seed of random scenarios.")
    var start: UInt64 = 1

    @Option(help: "How many members (with --random).")
    var members: Int = 7

    @Option(help: "How many scenarios to play at the same time.")
    var threads: Int = 2

    @Option(
        name: .customLong("break"),
        help: ArgumentHelp("Break a rule in all members.", valueName: "rule")
    )
    var brokenRules: [String] = []

    func validate() throws {
        guard (2...12).contains(rounds), (4...31).contains(members), (1...64).contains(threads)
        else {
            throw ValidationError("--rounds 2 to 12, --members 4 to 31, --threads 1 to 64")
        }
        for rule in brokenRules where !SeedOptions.ruleNames.contains(rule) {
            throw ValidationError("--break: there is no rule '\(rule)'")
        }
    }

    func run() async throws {
        let began = ContinuousClock.now
        let result = await (random.map(playRandom) ?? playAll)()
        let seconds = max(1, (ContinuousClock.now - began) / .seconds(1))
        print("scenarios            \(result.scenarioCount)")
        print("scenarios a second   \(Int(Double(result.scenarioCount) / seconds))")
        print("steps of replicas    \(result.stepCount)")
        print("blocks final         \(result.blockCount)")
        print("healed and live      \(result.healedCount)")
        for failure in result.failures.prefix(20) { print("FAILED \(failure)") }
        print(result.failures.isEmpty ? "all promises kept" : "promises were broken")
        if !result.failures.isEmpty { throw ExitCode(1) }
    }

    private func playAll() async -> TwinsResult {
        let options = TwinsOptions(roundCount: rounds, brokenRules: Set(brokenRules))
        return await play(
            options.beginnings.map { beginning in
                { exploreTwins(options, from: beginning) }
            }
        )
    }

    private func playRandom(_ count: UInt64) -> @Sendable () async -> TwinsResult {
        let options = TwinsOptions(
            memberCount: members,
            twinCount: (members - 1) / 3,
            roundCount: rounds,
            brokenRules: Set(brokenRules)
        )
        let start = start
        return {
            await play(
                stride(from: start, to: start + count, by: 256).map { first in
                    {
                        var result = TwinsResult()
                        for seed in first..<min(first + 256, start + count) {
                            result.add(randomTwins(options, seed: seed))
                        }
                        return result
                    }
                }
            )
        }
    }

    /// Plays tasks, a few at a time, with progress on standard error.
    private func play(_ tasks: [@Sendable () -> TwinsResult]) async -> TwinsResult {
        await withTaskGroup(of: TwinsResult.self) { group in
            var waiting = tasks.makeIterator()
            func addNext() {
                guard let task = waiting.next() else { return }
                group.addTask { task() }
            }
            for _ in 0..<threads { addNext() }
            var total = TwinsResult()
            var progress = Progress(total: UInt64(tasks.count))
            var done: UInt64 = 0
            for await result in group {
                total.add(result)
                done += 1
                progress.show(done) {
                    "\(total.scenarioCount) scenarios, \(total.failures.count) failed"
                }
                addNext()
            }
            progress.finish()
            return total
        }
    }
}
