package import Ledger
import MerkleLog
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

    /// Hears of the audit after every block, to save it.
    package typealias Keeper = (LedgerAudit) throws -> Void

    private let log: any LogSource
    private let size: UInt64
    private let signatures: Signatures
    private let ahead = AheadCheck()

    /// The bundles that are read, and whose signatures are checked, while others are replayed.
    private static let bundlesAhead: UInt64 = 4

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
    ///   - saved: A saved audit to go on from; nil to begin with genesis.
    ///   - progress: Hears how far the audit is, after every leaf.
    ///   - keeper: Hears of the audit after every block, to save it.
    ///   - listener: Hears of every block; nil if nobody wants to. Its states keep their journal.
    /// - Returns: The audit, to be compared with the checkpoint.
    /// - Throws: `VerificationFailure` for the first thing that is wrong, `Unreadable` if the log
    ///   cannot be read.
    package func run(
        from saved: [UInt8]? = nil,
        progress: (LedgerAudit.Progress) -> Void = { _ in },
        keeper: Keeper? = nil,
        listener: Listener? = nil
    ) async throws -> LedgerAudit {
        var audit = try audit(from: saved, keepsJournal: listener != nil)
        guard audit.progress.leaves <= size else {
            throw VerificationFailure(
                .rootMismatch,
                "\(audit.progress.leaves) leaves were audited before, the checkpoint has \(size)"
            )
        }
        var index = audit.progress.leaves >> 8
        var skipped = Int(audit.progress.leaves & 0xFF)
        var entries = try await batch(index, at: audit.state)
        while !entries.isEmpty {
            index += Self.bundlesAhead
            // The next bundles travel, and are checked, while these are replayed.
            let (nextIndex, state) = (index, audit.state)
            async let following = batch(nextIndex, at: state)
            for entry in entries.dropFirst(skipped) {
                let before = audit.state
                for tile in try audit.append(entry) { try await compare(tile) }
                progress(audit.progress)
                guard let block = audit.lastBlock, let state = audit.state,
                    state.size == audit.progress.leaves
                else { continue }
                try keeper?(audit)
                try listener?(before, block, state)
            }
            skipped = 0
            entries = try await following
        }
        for tile in audit.partialTiles { try await compare(tile) }
        return audit
    }

    private func audit(from saved: [UInt8]?, keepsJournal: Bool) throws -> LedgerAudit {
        let ahead = ahead
        let check: LedgerAudit.SignatureCheck =
            switch signatures {
            case .checked: { state, statements in ahead.take(statements, at: state) }
            case .vouched: { _, statements in Set(statements.map(\.leafHash)) }
            }
        guard let saved else {
            return LedgerAudit(keepsJournal: keepsJournal, signatureCheck: check)
        }
        return try LedgerAudit(saved: saved, keepsJournal: keepsJournal, signatureCheck: check)
    }

    /// The entries of some bundles from `index` on, with the signatures of statements checked as far as
    /// `state` allows; empty beyond the end.
    private func batch(_ index: UInt64, at state: LedgerState?) async throws -> [[UInt8]] {
        var entries: [[UInt8]] = []
        for index in index..<(index + Self.bundlesAhead) {
            guard let bundle = try await bundle(index) else { break }
            entries += bundle
        }
        if signatures == .checked, let state { ahead.prepare(entries, at: state) }
        return entries
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
}
