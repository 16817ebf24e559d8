import APIModel
import HTTPAPI
import Ledger
import LedgerStore
import QuotaCrypto

extension NodeFront {
    /// How many statements are checked before other tasks get their turn.
    private static let statementsPerSlice = 16
    /// Seconds after which a client whose statement waits should ask again.
    private static let retryAfter = 1

    func submit(
        _ statements: [[UInt8]],
        waits: Bool,
        receipts wantsReceipts: Bool
    ) async throws -> [SubmissionOutcome] {
        let state = shared.current.final
        let now = NodeCore.posixTime()
        let taken = wantsReceipts ? IntakeDesk(state, shared.roster, gauges, now) : nil
        var outcomes: [SubmissionOutcome?] = Array(repeating: nil, count: statements.count)
        var submitted: [Submitted] = []
        for (position, bytes) in statements.enumerated() {
            // The peers' messages come through the same threads, and a batch takes a tenth of a second.
            if position % Self.statementsPerSlice == Self.statementsPerSlice - 1 {
                await Task.yield()
            }
            switch check(bytes, state, now) {
            case .refused(let refusal): outcomes[position] = .refused(RefusalDocument(refusal))
            case .final(let index):
                outcomes[position] = try final(
                    index,
                    isDuplicate: true,
                    wantsReceipt: wantsReceipts
                )
            case .accepted(let statement):
                submitted.append(Submitted(position: submitted.count, statement: statement))
                outcomes[position] = .pending(PendingEntry(entry: statement.leafHash.description))
            }
        }
        let results = await hand(submitted, waits: waits)
        var next = 0
        return try outcomes.map { outcome in
            guard case .pending(let entry)? = outcome else {
                return outcome ?? .poolFull(retryAfter: Self.retryAfter)
            }
            defer { next += 1 }
            switch results[next] {
            case .final(let index):
                return try final(index, isDuplicate: false, wantsReceipt: wantsReceipts)
            case .pending:
                return .pending(
                    PendingEntry(
                        entry: entry.entry,
                        retryAfter: Self.retryAfter,
                        notice: lackOfQuorum,
                        intake: taken?.receipt(of: submitted[next].statement)
                    )
                )
            case .refused(let refusal): return .refused(RefusalDocument(refusal))
            case .poolFull: return .poolFull(retryAfter: Self.retryAfter)
            }
        }
    }

    private enum Check {
        case accepted(Statement)
        case final(UInt64)
        case refused(Refusal)
    }

    /// Decodes a statement, checks its signature, and asks whether it would pass now.
    private func check(_ bytes: [UInt8], _ state: LedgerState, _ now: UInt64) -> Check {
        do {
            let statement = try Statement.decode(bytes)
            // Before the signature: a replay is answered from the log, and most refusals are cheap.
            switch state.admit(statement, time: now) {
            case .duplicate(let index): return .final(index)
            case .refuse(let refusal): return .refused(refusal)
            case .admit: break
            }
            if !shared.verified.contains(statement.leafHash) {
                try state.checkSignature(statement)
                shared.verified.insert(statement.leafHash)
            }
            return .accepted(statement)
        } catch let error as StatementError {
            return .refused(Refusal(error))
        } catch let refusal as Refusal {
            return .refused(refusal)
        } catch {
            return .refused(Refusal(.malformed, "\(error)"))
        }
    }

    /// Hands statements to the core and waits, as long as the configuration allows: until they are
    /// final, or without `waits` until the core has taken each into its pool or found that full.
    private func hand(_ submitted: [Submitted], waits: Bool) async -> [SubmissionResult] {
        guard !submitted.isEmpty else { return [] }
        let ticket = SubmissionTicket(count: submitted.count, waitsForFinality: waits)
        guard inbox.offer(.submission(submitted, ticket)) else {
            return submitted.map { _ in .poolFull }
        }
        let patience = shared.configuration.submissionWaitMilliseconds
        let timeout = Task {
            try await Task.sleep(for: .milliseconds(patience))
            ticket.expire()
        }
        defer { timeout.cancel() }
        return await ticket.results()
    }

    private func final(
        _ index: UInt64,
        isDuplicate: Bool,
        wantsReceipt: Bool
    ) throws -> SubmissionOutcome {
        guard let leaf = try shared.store.leaf(index),
            let block = try shared.store.block(leaf.height)
        else { return .poolFull(retryAfter: Self.retryAfter) }
        return .final(
            FinalEntry(
                entry: leaf.hash.description,
                index: index,
                size: block.headerIndex + 1,
                receipt: wantsReceipt ? try receipts.receipt(of: leaf, in: block)?.bytes : nil,
                isDuplicate: isDuplicate
            )
        )
    }

    /// Why nothing becomes final at present, or nil.
    private var lackOfQuorum: String? {
        let finality = finality
        return finality.isWorking ? nil : finality.message
    }

    func registration(_ entry: Digest) async throws -> HTTPAPI.Registration {
        if let index = try shared.store.leafIndex(of: entry),
            let receipt = try receipts.receipt(index: index)
        {
            return .final(receipt: receipt.bytes)
        }
        if !gauges.isWaiting(entry) { let _: Never? = try requireWholeLog() }
        return gauges.isWaiting(entry) ? .running(retryAfter: Self.retryAfter) : .unknown
    }

    func transparentStatement(_ entry: Digest) async throws -> [UInt8]? {
        guard let index = try shared.store.leafIndex(of: entry) else {
            return try requireWholeLog()
        }
        guard
            let leaf = try shared.store.leaf(index), leaf.identity != nil,
            let receipts = try await receipts.allReceipts(index: index)
        else { return nil }
        return TransparentStatement(try Statement.decode(leaf.bytes), receipts: receipts).encoded()
    }
}
