import ArgumentParser
import Ledger
import QuotaRules
import Reporting

/// `quotactl policy simulate`: the past under another policy.
struct PolicySimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Replays the ledger's claims under another policy and says what would differ.",
        discussion: """
            From the first block of the day on, every statement is judged by the given policy too: \
            which claims it refuses and why, who is over, each country's total now and then. Claims \
            that it refuses do not count in the supposed world, and what happened to them later is \
            skipped. Any policy that can be read may be supposed, a draft or a bill too.

            Examples:
              quotactl policy simulate bill.json --from 2026-01-01
              quotactl policy simulate rule.json --from 2026-03-01 --catalogue chips.json --csv
            """
    )

    @Argument(help: ArgumentHelp("The policy file, JSON.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("The first day, by block time.", valueName: "date"))
    var from: CalendarDate

    @Option(help: ArgumentHelp("A chip catalogue to suppose too, JSON.", valueName: "file"))
    var catalogue: String?

    @OptionGroup var options: LedgerOptions

    func run() async throws {
        let question = WhatIf.Question(
            policy: try PolicyFile.policy(file),
            catalogue: try catalogue.map { try PolicyFile.catalogue($0) },
            from: from
        )
        guard let report = try await world(question).report else {
            throw UsageError("the ledger has no block")
        }
        options.show(report)
    }

    /// A block of the ledger on its way to the supposed world.
    private struct Step: Sendable {
        let before: LedgerState?
        let block: Block
        let after: LedgerState
    }

    /// Replays the ledger, and the supposed world behind it on another core.
    private func world(_ question: WhatIf.Question) async throws -> WhatIf {
        let (steps, feed) = AsyncStream.makeStream(of: Step.self)
        async let supposed = Self.suppose(question, steps)
        do {
            _ = try await options.replay("simulating") { before, block, after in
                feed.yield(Step(before: before, block: block, after: after))
            }
            feed.finish()
        } catch {
            feed.finish()
            throw error
        }
        return await supposed
    }

    private static func suppose(
        _ question: WhatIf.Question,
        _ steps: AsyncStream<Step>
    ) async -> WhatIf {
        var world = WhatIf(question)
        for await step in steps {
            world.append(step.block, before: step.before, after: step.after)
        }
        return world
    }
}
