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
            hear each other. With --record, parts that are done are remembered: run it again with \
            the same file to go on.

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

    @Option(help: ArgumentHelp("The file that remembers what is done.", valueName: "file"))
    var record: RecordFile?

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
        let done = readRecord()
        let result =
            if let random { try await playRandom(random) } else { try await playAll(done) }
        let seconds = max(1, (ContinuousClock.now - began) / .seconds(1))
        let before = done.values.reduce(0) { $0 + $1.scenarioCount }
        print("scenarios            \(result.scenarioCount)")
        print("scenarios a second   \(Int(Double(result.scenarioCount - before) / seconds))")
        print("steps of replicas    \(result.stepCount)")
        print("blocks final         \(result.blockCount)")
        print("healed and live      \(result.healedCount)")
        for failure in result.failures.prefix(20) { print("FAILED \(failure)") }
        print(result.failures.isEmpty ? "all promises kept" : "promises were broken")
        if !result.failures.isEmpty { throw ExitCode(1) }
    }

    /// A number of a part, and how to play it.
    private typealias Part = (number: Int, play: @Sendable () -> TwinsResult)

    private func playAll(_ done: [Int: TwinsResult]) async throws -> TwinsResult {
        let options = TwinsOptions(roundCount: rounds, brokenRules: Set(brokenRules))
        let parts = options.beginnings.enumerated().map { number, beginning in
            Part(number) { exploreTwins(options, from: beginning) }
        }
        return try await play(parts, done)
    }

    private func playRandom(_ count: UInt64) async throws -> TwinsResult {
        let options = TwinsOptions(
            memberCount: members,
            twinCount: (members - 1) / 3,
            roundCount: rounds,
            brokenRules: Set(brokenRules)
        )
        let end = start + count
        let parts = stride(from: start, to: end, by: 256).enumerated().map { number, first in
            Part(number) {
                var result = TwinsResult()
                for seed in first..<min(first + 256, end) {
                    result.add(randomTwins(options, seed: seed))
                }
                return result
            }
        }
        return try await play(parts, [:])
    }

    /// What a line of the record must begin with to be of this run.
    private var recordName: String { "twins \(rounds)" }

    /// The parts that are done, by number.
    private func readRecord() -> [Int: TwinsResult] {
        var results: [Int: TwinsResult] = [:]
        guard random == nil, let record else { return results }
        for line in record.lines where line.hasPrefix(recordName + " ") {
            let words = line.split(separator: " ", maxSplits: 3)
            guard words.count == 4, let number = Int(words[2]) else { continue }
            results[number] = TwinsResult(record: words[3])
        }
        return results
    }

    /// Plays what is not done, a few parts at a time, with progress on standard error.
    private func play(_ parts: [Part], _ done: [Int: TwinsResult]) async throws -> TwinsResult {
        try await withThrowingTaskGroup(of: (Int, TwinsResult).self) { group in
            var waiting = parts.filter { done[$0.number] == nil }.makeIterator()
            func addNext() {
                guard let part = waiting.next() else { return }
                group.addTask { (part.number, part.play()) }
            }
            for _ in 0..<threads { addNext() }
            var total = TwinsResult()
            for result in done.values { total.add(result) }
            var progress = Progress(total: UInt64(parts.count))
            var doneCount = UInt64(done.count)
            for try await (number, result) in group {
                total.add(result)
                doneCount += 1
                if random == nil, result.failures.isEmpty, let record {
                    try record.append("\(recordName) \(number) \(result.record)")
                }
                progress.show(doneCount) {
                    "\(total.scenarioCount) scenarios, \(total.failures.count) failed"
                }
                addNext()
            }
            progress.finish()
            return total
        }
    }
}
