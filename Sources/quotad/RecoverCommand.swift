import ArgumentParser
import Foundation
import NodeService
import QuotaFiles

/// Prepares a home that lost votes.
struct RecoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Makes a node whose store is lost, damaged or an old copy fit to start again.",
        discussion: """
            A validator that forgot its votes may contradict them, which is evidence against its key for \
            ever. After this command it abstains: it asks the other validators in which view they are, \
            and votes again only beyond the highest view that they prove. With four validators all \
            three others must be up for that. Final blocks are kept where they are sound; otherwise the \
            store is set aside and fetched from the others. Of n validators no more than (n - 1) / 3 may \
            be recovering or faulty at the same time.
            """
    )

    @Option(help: "The node's home. The node must not run.")
    var home: String

    @Option(help: "The genesis statement, if the home has lost it.")
    var genesis: String?

    @Flag(help: "Set the store aside even if it is sound, and fetch everything from the others.")
    var discardStore = false

    func run() async throws {
        try await CommandFailure.reporting(code: 3) {
            let home = NodeHome(path: home)
            let configuration = try home.configuration()
            try home.adopt(genesis: genesis, origin: configuration.origin)
            let recovery = try NodeRecovery(home: home, configuration: configuration)
            let outcome = try recovery.prepare(discardsStore: discardStore) { done, count in
                guard isatty(STDERR_FILENO) == 1, done < count else { return }
                FileHandle.standardError.write(
                    Data("\rchecking the store: \(done) of \(count) leaves".utf8)
                )
            }
            print(Self.text(outcome, home: home))
        }
    }

    private static func text(_ outcome: NodeRecovery.Outcome, home: NodeHome) -> String {
        var lines: [String] = []
        if let setAside = outcome.setAside, let reason = outcome.reason {
            lines.append("The store was set aside (\(reason)): \(setAside)")
            lines.append("All blocks come from the other nodes, and each one is verified.")
        } else {
            lines.append("The store is sound: blocks up to \(outcome.height) are kept.")
        }
        lines.append(
            """
            \(outcome.member) votes in no view that it may have voted in before. Start it:
              quotad run --home \(home.path)
            It asks the other validators where they stand; 'quotad status' says when it votes again.
            """
        )
        return lines.joined(separator: "\n")
    }
}
