internal import ArgumentParser
internal import Foundation
internal import Simulation

/// `quota-sim mutants`: proves that the simulator finds every historical bug again.
struct MutantsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mutants",
        abstract: "Break one rule after the other; each must be noticed.",
        discussion: """
            Each mutant is a bug that some implementation of such a protocol had, or a rule that \
            cost somebody a day. It runs over seeds until a promise breaks, several times from \
            different seeds on; the table shows the median number of seeds. First, the same \
            scenarios run without any mutant and must keep all promises.

            Exit status: 0 all noticed within 20,000 seeds, 1 one was not or a sound run failed, \
            64 wrong usage.
            """
    )

    @Option(help: "How often each mutant is hunted, from different seeds on.")
    var hunts: Int = 9

    @Option(help: "Seeds within which it must be noticed.")
    var budget: UInt64 = Mutant.budget

    @Option(help: "Seeds of each scenario that run without a mutant.")
    var sound: UInt64 = 200

    @Option(help: ArgumentHelp("Only this mutant.", valueName: "rule"))
    var only: [String] = []

    @Option(help: "How many seeds to run at the same time.")
    var threads: Int = 2

    func validate() throws {
        guard (1...99).contains(hunts), budget > 0, (1...64).contains(threads) else {
            throw ValidationError("--hunts 1 to 99, --budget at least 1, --threads 1 to 64")
        }
        for rule in only where !Mutant.all.contains(where: { $0.rule == rule }) {
            throw ValidationError("--only: there is no mutant '\(rule)'")
        }
    }

    func run() async throws {
        let mutants =
            only.isEmpty
            ? Mutant.all : Mutant.all.filter { only.contains($0.rule) }
        let failures = await checkSoundness(of: mutants)
        Line.write("| mutant | origin | scenario | members | noticed | median seeds | by |")
        Line.write("|---|---|---|---:|---:|---:|---|")
        var missed = 0
        var seedCount: UInt64 = 0
        for mutant in mutants {
            let result = await hunt(mutant)
            Line.write(result.row)
            seedCount += result.seedCount
            if !result.isNoticed { missed += 1 }
        }
        Line.write(
            "\(mutants.count - missed) of \(mutants.count) mutants noticed, \(seedCount) seeds run"
        )
        if missed > 0 || failures > 0 { throw ExitCode(1) }
    }

    /// The scenarios without a mutant: what they notice must be the mutant's doing.
    private func checkSoundness(of mutants: [Mutant]) async -> Int {
        let worlds = Set(mutants.map { World(scenario: $0.scenario, memberCount: $0.memberCount) })
        let ordered = worlds.sorted {
            ($0.scenario.rawValue, $0.memberCount) < ($1.scenario.rawValue, $1.memberCount)
        }
        let options = ordered.flatMap { world in
            (0..<sound).map {
                SeedOptions(
                    seed: $0 + 1,
                    memberCount: world.memberCount,
                    scenario: world.scenario
                )
            }
        }
        var failures = 0
        for await result in simulations(of: options, threads: threads) {
            guard let failure = result.failure else { continue }
            failures += 1
            Line.write("sound run failed: \(failure)\n  \(Report.repetition(of: result.options))")
        }
        Line.write("\(options.count) sound runs of \(ordered.count) worlds, \(failures) failed")
        return failures
    }

    private struct World: Hashable {
        let scenario: Scenario
        let memberCount: Int
    }

    private func hunt(_ mutant: Mutant) async -> Hunt {
        let (budget, hunts) = (budget, hunts)
        return await withTaskGroup(of: Hunt.Kill?.self) { group in
            var waiting = (0..<hunts).makeIterator()
            func addNext() {
                guard let number = waiting.next() else { return }
                group.addTask { Hunt.run(mutant, number: number, budget: budget) }
            }
            for _ in 0..<threads { addNext() }
            var kills: [Hunt.Kill] = []
            for await kill in group {
                if let kill { kills.append(kill) }
                addNext()
            }
            return Hunt(mutant: mutant, kills: kills, huntCount: hunts, budget: budget)
        }
    }
}

/// What came of hunting one mutant.
struct Hunt: Sendable {
    /// A hunt that ended well.
    struct Kill: Sendable {
        let seedCount: UInt64
        let promise: String
    }

    let mutant: Mutant
    let kills: [Kill]
    let huntCount: Int
    let budget: UInt64

    var isNoticed: Bool { kills.count == huntCount }

    var seedCount: UInt64 {
        kills.reduce(UInt64(huntCount - kills.count) * budget) { $0 + $1.seedCount }
    }

    private var median: UInt64? {
        let counts = kills.map(\.seedCount).sorted()
        let middle = huntCount / 2
        return counts.indices.contains(middle) ? counts[middle] : nil
    }

    private var promises: String {
        let counts = kills.reduce(into: [:]) { $0[$1.promise, default: 0] += 1 }
        return counts.keys.sorted { (counts[$1] ?? 0, $0) < (counts[$0] ?? 0, $1) }
            .joined(separator: ", ")
    }

    /// A row of the table.
    var row: String {
        let seeds = median.map(String.init) ?? "more than \(budget)"
        return "| \(mutant.rule) | \(mutant.origin) | \(mutant.scenario.rawValue) "
            + "| \(mutant.memberCount) | \(kills.count) of \(huntCount) | \(seeds) | \(promises) |"
    }

    /// Runs a mutant from a seed on until a promise breaks.
    static func run(_ mutant: Mutant, number: Int, budget: UInt64) -> Kill? {
        let start = 1 + UInt64(number) * budget
        for seed in start..<start + budget {
            guard let failure = simulate(mutant.options(seed: seed)).failure else { continue }
            let promise = failure.prefix { $0 != ":" }
            return Kill(seedCount: seed - start + 1, promise: String(promise))
        }
        return nil
    }
}

/// A line of output that is seen at once, also in a file.
enum Line {
    static func write(_ text: String) {
        FileHandle.standardOutput.write(Data("\(text)\n".utf8))
    }
}

/// Runs simulations, a few at a time, and hands out results as they come.
func simulations(of options: [SeedOptions], threads: Int) -> AsyncStream<SeedResult> {
    AsyncStream { continuation in
        let task = Task {
            await withTaskGroup(of: SeedResult.self) { group in
                var waiting = options.makeIterator()
                func addNext() {
                    guard let next = waiting.next() else { return }
                    group.addTask { simulate(next) }
                }
                for _ in 0..<threads { addNext() }
                for await result in group {
                    continuation.yield(result)
                    addNext()
                }
            }
            continuation.finish()
        }
        continuation.onTermination = { _ in task.cancel() }
    }
}
