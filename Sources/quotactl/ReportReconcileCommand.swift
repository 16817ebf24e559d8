import ArgumentParser
import Client
import Foundation
import Ledger
import LogReader
import Reporting
import Transparency
import Verifier

/// `quotactl report reconcile`: two nodes at one checkpoint.
struct ReportReconcileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract:
            "Compares two nodes at one checkpoint: totals, blocks, the first leaf that differs.",
        discussion: """
            Reads both logs up to the smaller of their checkpoints and replays them. Ends with 1 if \
            they differ.

            Examples:
              quotactl report reconcile --node https://a.example --with https://b.example
              quotactl report reconcile --with ./copy-of-last-year
            """
    )

    @Option(
        name: .customLong("with"),
        help: ArgumentHelp("The other node's address, or a folder.", valueName: "place")
    )
    var other: String

    @OptionGroup var options: LedgerOptions

    func run() async throws {
        let policy = try options.trustPolicy()
        let (log, checkpoint) = try await options.newest(policy)
        let otherLog = try otherSource()
        let otherCheckpoint = try await otherLog.checkpoint(acceptedBy: policy)
        let size = min(
            try checkpoint.verify(policy).checkpoint.size,
            try otherCheckpoint.verify(policy).checkpoint.size
        )
        let left = try await side(log, checkpoint, policy, upTo: size)
        let right = try await side(otherLog, otherCheckpoint, policy, upTo: size)
        let reconciliation = Reconciliation(left, right)
        guard let report = reconciliation.report else {
            throw UsageError("one of the logs has no block")
        }
        options.show(report)
        guard reconciliation.isEqual else { throw ExitCode(Ending.Exit.refused.rawValue) }
    }

    private func otherSource() throws -> any LogSource {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: other, isDirectory: &isFolder), isFolder.boolValue
        {
            return FolderSource(URL(filePath: other))
        }
        guard let url = LedgerURL(other), let source = LedgerOptions.source(url.description) else {
            throw UsageError("--with: '\(other)' is no folder and no address")
        }
        return source
    }

    /// The book of one log, up to the size that both have.
    private func side(
        _ log: any LogSource,
        _ checkpoint: UnverifiedCheckpoint,
        _ policy: TrustPolicy,
        upTo size: UInt64
    ) async throws -> Reconciliation.Side {
        var book = LedgerBook()
        _ = try await options.replay(log, checkpoint, policy, label: log.name) {
            _,
            block,
            after in
            if after.size <= size { book.append(block, after: after) }
        }
        return Reconciliation.Side(name: log.name, book: book)
    }
}
