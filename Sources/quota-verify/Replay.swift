import Dispatch
import Ledger
import MerkleLog
import QuotaCrypto
import Synchronization
import Verifier

/// Feeds every entry of a log to an audit and compares every tile.
struct Replay {
    let log: any LogSource
    let size: UInt64

    /// Replays the first `size` entries.
    ///
    /// - Returns: The audit, to be compared with the checkpoint.
    /// - Throws: `VerificationFailure` for the first thing that is wrong, `Unreadable` if the log
    ///   cannot be read.
    func run() async throws -> LedgerAudit {
        var audit = LedgerAudit(signatureCheck: Self.checkSignatures)
        var line = ProgressLine()
        defer { line.clear() }
        var index: UInt64 = 0
        var entries = try await bundle(0)
        while let current = entries {
            index += 1
            // The next bundle travels while this one is replayed.
            let nextIndex = index
            async let following = bundle(nextIndex)
            for entry in current {
                for tile in try audit.append(entry) { try await compare(tile) }
                line.show(progress(audit))
            }
            entries = try await following
        }
        for tile in audit.partialTiles { try await compare(tile) }
        return audit
    }

    /// The entries of one bundle, or nil beyond the end.
    private func bundle(_ index: UInt64) async throws -> [[UInt8]]? {
        guard let path = TilePath(.entries, index: index, size: size) else { return nil }
        let (bytes, found) = try await log.tile(path)
        do throws(TileError) {
            let entries = try EntryBundle.decode(bytes, count: found.width)
            return Array(entries.prefix(path.width))
        } catch {
            throw VerificationFailure(.malformed, "\(found): \(error)")
        }
    }

    private func compare(_ tile: AuditedTile) async throws {
        try tile.check(try await log.tile(tile.path).bytes)
    }

    private func progress(_ audit: LedgerAudit) -> String {
        let leaves = audit.progress.leaves
        let percent = size == 0 ? 100 : leaves * 100 / size
        return "replayed \(leaves) of \(size) leaves (\(percent) %), block \(audit.progress.blocks)"
    }

    /// Checks the signatures of a block on all cores; what fails is left for the audit to name.
    @Sendable private static func checkSignatures(
        _ state: LedgerState,
        _ statements: [Statement]
    ) -> Set<Digest> {
        guard statements.count > 1 else { return [] }
        let chunkSize = 32
        let good = Mutex<Set<Digest>>([])
        let chunkCount = (statements.count + chunkSize - 1) / chunkSize
        DispatchQueue.concurrentPerform(iterations: chunkCount) { chunk in
            let first = chunk * chunkSize
            let range = first..<min(first + chunkSize, statements.count)
            let valid = statements[range].filter { statement in
                do throws(Refusal) {
                    try state.checkSignature(statement)
                    return true
                } catch {
                    return false
                }
            }
            good.withLock { $0.formUnion(valid.map(\.leafHash)) }
        }
        return good.withLock { $0 }
    }
}
