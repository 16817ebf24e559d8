internal import ArgumentParser
internal import Foundation
internal import Simulation

/// `quota-sim campaign`: very many seeds, in parts that survive an interruption.
struct CampaignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "campaign",
        abstract: "Run very many seeds; go on where the last run stopped.",
        discussion: """
            Runs seeds in blocks of 1,000, cycling through clusters of four and seven members, and \
            adds a line to the record after each block. Run it again with the same record to go \
            on; several machines may each take a range with --start. A block with a failure is not \
            recorded: its seeds are printed and run again next time.

            Exit status: 0 all promises kept, 1 one was broken, 64 wrong usage.
            """
    )

    @Option(help: ArgumentHelp("The file that remembers what is done.", valueName: "file"))
    var record: RecordFile

    @Option(help: "How many seeds to run in all.")
    var seeds: UInt64 = 1_000_000

    @Option(help: "The first seed.")
    var start: UInt64 = 1

    @Option(help: ArgumentHelp("The kind of world.", discussion: Scenario.names))
    var scenario: Scenario = .swarm

    @Option(help: "How many seeds to run at the same time.")
    var threads: Int = 2

    private static let blockSize: UInt64 = 1_000

    func validate() throws {
        guard seeds > 0, start <= UInt64.max - seeds, (1...64).contains(threads) else {
            throw ValidationError("--seeds at least 1, --threads 1 to 64")
        }
    }

    func run() async throws {
        var done = readRecord()
        var total = Campaign()
        for campaign in done.values { total.add(campaign) }
        var progress = Progress(total: seeds)
        let began = ContinuousClock.now
        var eventCount: UInt64 = 0
        for first in stride(from: start, to: start + seeds, by: Int(CampaignCommand.blockSize))
        where done[first] == nil {
            let block = await runBlock(first)
            eventCount += block.eventCount
            total.add(block)
            done[first] = block
            if block.failures.isEmpty {
                try record.append("\(scenario.rawValue) \(first) \(block.record)")
            }
            progress.show(total.seedCount) {
                "\(total.seedCount) seeds, \(total.blockCount) blocks final, "
                    + "\(total.failures.count) failed"
            }
        }
        progress.finish()
        let seconds = max(1, (ContinuousClock.now - began) / .seconds(1))
        print(Report(campaign: total).text)
        print("events a second in this part  \(Int(Double(eventCount) / seconds))")
        if !total.failures.isEmpty { throw ExitCode(1) }
    }

    private func runBlock(_ first: UInt64) async -> Campaign {
        let end = min(first + CampaignCommand.blockSize, start + seeds)
        let options = (first..<end).map {
            SeedOptions(seed: $0, memberCount: $0 % 2 == 0 ? 4 : 7, scenario: scenario)
        }
        var block = Campaign()
        for await result in simulations(of: options, threads: threads) { block.add(result) }
        return block
    }

    /// The blocks of this scenario that are done, by first seed; a line that was cut off is not.
    private func readRecord() -> [UInt64: Campaign] {
        var blocks: [UInt64: Campaign] = [:]
        for line in record.lines {
            let words = line.split(separator: " ", maxSplits: 2)
            guard words.count == 3, words[0] == scenario.rawValue, let first = UInt64(words[1]),
                first >= start, first < start + seeds
            else { continue }
            blocks[first] = Campaign(record: words[2])
        }
        return blocks
    }
}
