import ArgumentParser
import Client
import Foundation
import Ledger
import LogReader
import Reporting
import Transparency
import Verifier

/// What every command takes that replays the ledger on this machine.
struct LedgerOptions: ParsableArguments {
    @OptionGroup(title: "Common options") var common: CommonOptions

    @Option(
        help: ArgumentHelp(
            "Read the log from this folder, with the files 'checkpoint' and 'tile/...', and not from "
                + "a node.",
            valueName: "folder"
        )
    )
    var folder: String?

    @Flag(help: "Answer in CSV; quantities are plain decimals in the unit of their row.")
    var csv = false

    @Flag(help: "Check the signature of every statement again, and not only the validators'.")
    var full = false

    func validate() throws {
        guard !(csv && common.json) else {
            throw ValidationError("Give --csv or --json, not both.")
        }
    }

    /// Reads the whole log up to its newest accepted checkpoint and replays it.
    ///
    /// The leaves are compared with a checkpoint that the trust policy accepts; nothing else is
    /// believed.
    ///
    /// - Parameters:
    ///   - label: What the bar on the terminal says.
    ///   - listener: Hears of every block.
    /// - Returns: The ledger, with the checkpoint that vouches for it.
    /// - Throws: `VerificationFailure`, `Unreadable`, `UsageError` without a trust policy.
    func replay(
        _ label: String = "replaying",
        listener: @escaping Replay.Listener
    ) async throws -> VerifiedLedger {
        let policy = try trustPolicy()
        let (log, checkpoint) = try await newest(policy)
        return try await replay(log, checkpoint, policy, label: label, listener: listener)
    }

    /// Reads one log up to `checkpoint` and replays it.
    func replay(
        _ log: any LogSource,
        _ checkpoint: UnverifiedCheckpoint,
        _ policy: TrustPolicy,
        label: String,
        listener: @escaping Replay.Listener
    ) async throws -> VerifiedLedger {
        let size = try checkpoint.verify(policy).checkpoint.size
        var bar = ProgressBar(label)
        let audit = try await Replay(
            log: log,
            size: size,
            signatures: full ? .checked : .vouched
        ).run(progress: { bar.show(Int($0.leaves), of: Int(size)) }, listener: listener)
        return try audit.finish(checkpoint, policy: policy)
    }

    /// Makes the book of the ledger.
    func book() async throws -> (book: LedgerBook, ledger: VerifiedLedger) {
        var book = LedgerBook()
        let ledger = try await replay { _, block, after in book.append(block, after: after) }
        return (book, ledger)
    }

    /// Prints a report in the form that was asked for.
    func show(_ report: ReportDocument) {
        Terminal.write(common.json ? report.json : csv ? report.csv : report.text)
    }

    /// Whom to believe.
    func trustPolicy() throws -> TrustPolicy {
        guard let check = try common.receiptCheck() else {
            throw UsageError(
                "a report is made from leaves that a trust policy accepts: give --policy FILE"
            )
        }
        return check.policy
    }

    /// The folder, or the first node that answers with a checkpoint that the policy accepts.
    func newest(
        _ policy: TrustPolicy
    ) async throws -> (log: any LogSource, checkpoint: UnverifiedCheckpoint) {
        var failure: any Error = UsageError("no node: give --node URL, or --folder FOLDER")
        for log in try sources() {
            do {
                return (log, try await log.checkpoint(acceptedBy: policy))
            } catch {
                failure = error
            }
        }
        throw failure
    }

    private func sources() throws -> [any LogSource] {
        if let folder { return [FolderSource(URL(filePath: folder))] }
        return try common.profile().nodes.compactMap { Self.source($0.description) }
    }

    /// The log that a node serves.
    static func source(_ address: String) -> (any LogSource)? {
        URL(string: address).map { WebSource($0) }
    }
}
