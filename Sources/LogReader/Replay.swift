import Dispatch
package import Ledger
import MerkleLog
import QuotaCrypto
import Synchronization
package import Verifier

/// Feeds every entry of a log to an audit and compares every tile.
package struct Replay {
    /// Whose word is taken for the signatures of statements.
    package enum Signatures: Sendable {
        /// Nobody's: each is checked again.
        case checked
        /// That of the validators: the leaves are those that the checkpoint's quorum signed.
        case vouched
    }

    /// Hears of every block that follows the rules, with the state before it, nil for genesis, and
    /// the state after it.
    package typealias Listener = (LedgerState?, Block, LedgerState) throws -> Void

    private let log: any LogSource
    private let size: UInt64
    private let signatures: Signatures

    /// A replay of the first `size` entries of a log.
    ///
    /// - Parameters:
    ///   - log: Where the log is read from.
    ///   - size: The size of a checkpoint.
    ///   - signatures: Whether the signatures of statements are checked again.
    package init(log: any LogSource, size: UInt64, signatures: Signatures = .checked) {
        self.log = log
        self.size = size
        self.signatures = signatures
    }

    /// Replays.
    ///
    /// - Parameters:
    ///   - progress: Hears how far the audit is, after every leaf.
    ///   - listener: Hears of every block; nil if nobody wants to. Its states keep their journal.
    /// - Returns: The audit, to be compared with the checkpoint.
    /// - Throws: `VerificationFailure` for the first thing that is wrong, `Unreadable` if the log
    ///   cannot be read.
    package func run(
        progress: (LedgerAudit.Progress) -> Void = { _ in },
        listener: Listener? = nil
    ) async throws -> LedgerAudit {
        var audit = LedgerAudit(
            keepsJournal: listener != nil,
            signatureCheck: signatures == .checked ? Self.checkSignatures : Self.vouch
        )
        var index: UInt64 = 0
        var entries = try await bundle(0)
        while let current = entries {
            index += 1
            // The next bundle travels while this one is replayed.
            let nextIndex = index
            async let following = bundle(nextIndex)
            for entry in current {
                let before = audit.state
                for tile in try audit.append(entry) { try await compare(tile) }
                progress(audit.progress)
                guard let listener, let block = audit.lastBlock, let state = audit.state,
                    state.size == audit.progress.leaves
                else { continue }
                try listener(before, block, state)
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

    @Sendable private static func vouch(
        _ state: LedgerState,
        _ statements: [Statement]
    ) -> Set<Digest> {
        Set(statements.map(\.leafHash))
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
