package import APIModel
import CBOR
import Foundation
import MerkleLog
import QuotaCrypto

extension LedgerClient {
    private static let cbor = "application/cbor"

    /// Submits up to 1,000 statements and answers one outcome a statement.
    ///
    /// Statements that found the pool full are offered again until the patience ends, and with
    /// `waits` those that are not final are asked for until they are. Sending bytes again is safe:
    /// a statement is registered once.
    package func submit(
        _ statements: [[UInt8]],
        waits: Bool = true
    ) async throws(ClientError) -> [SubmissionOutcome] {
        var outcomes = try await submitOnce(statements, waits: waits)
        let clock = ContinuousClock()
        let end = clock.now + .seconds(patience.finalitySeconds)
        var pause = 0.05
        while clock.now < end, !Task.isCancelled {
            let open = outcomes.indices.filter { Self.isOpen(outcomes[$0], waits: waits) }
            guard !open.isEmpty else { break }
            let asked = open.map { Self.retryAfter(outcomes[$0]) }.max() ?? 1
            let longest = Double(min(asked, patience.pauseSecondsMax))
            try? await Task.sleep(for: .seconds(min(pause, longest)))
            pause *= 2
            let again = try await submitOnce(open.map { statements[$0] }, waits: waits)
            for (place, outcome) in zip(open, again) {
                outcomes[place] = Self.merge(outcomes[place], outcome)
            }
        }
        return outcomes
    }

    /// Submits one statement and answers its outcome with the decision of the rules.
    ///
    /// - Throws: ``ClientError/notFinal(entry:notice:intakes:)`` if it was taken and is not final in time.
    package func submitOne(_ statement: [UInt8]) async throws(ClientError) -> SubmissionOutcome {
        guard let outcome = try await submit([statement]).first else {
            throw .badAnswer(path: "/v1/submit", problem: "no outcome")
        }
        if case .pending(let pending) = outcome {
            let kept = intakes?.kept(of: pending.entry) ?? []
            throw .notFinal(entry: pending.entry, notice: pending.notice, intakes: kept)
        }
        return outcome
    }

    /// Puts claims to the rules, in order, without submitting them.
    package func dryRun(_ claims: [DryRunClaim]) async throws(ClientError) -> [DryRunVerdict] {
        let items = claims.map { claim in
            CBORValue.textMap([
                "issuer": .text(claim.issuer), "subject": .text(claim.subject),
                "body": .bytes(claim.body),
            ])
        }
        let path = "/v1/dry-run"
        let body = Body(CBORValue.array(items).encoded(), type: Self.cbor)
        let answer = try await fetch(path, accept: "application/json", post: body)
        let verdicts: [DryRunVerdict] = try Self.decode(answer.body, path: path)
        guard verdicts.count == claims.count else {
            throw .badAnswer(path: path, problem: "\(verdicts.count) verdicts")
        }
        return verdicts
    }

    private func submitOnce(
        _ statements: [[UInt8]],
        waits: Bool
    ) async throws(ClientError) -> [SubmissionOutcome] {
        let path = waits ? "/v1/submit?wait=1&receipts=1" : "/v1/submit"
        let list = CBORValue.array(statements.map(CBORValue.bytes))
        let body = Body(list.encoded(), type: Self.cbor)
        let answer = try await fetch(path, accept: "application/json", post: body)
        let outcomes: [SubmissionOutcome] = try Self.decode(answer.body, path: path)
        guard outcomes.count == statements.count else {
            throw .badAnswer(path: path, problem: "\(outcomes.count) outcomes")
        }
        for (statement, outcome) in zip(statements, outcomes) {
            try Self.check(outcome, of: statement, path: path)
            if case .pending(let pending) = outcome, let intake = pending.intake {
                intakes?.keep(intake, of: pending.entry)
            }
        }
        return outcomes
    }

    /// A node cannot answer for another statement than the one that was sent.
    private static func check(
        _ outcome: SubmissionOutcome,
        of statement: [UInt8],
        path: String
    ) throws(ClientError) {
        let entry: String? =
            switch outcome {
            case .final(let final): final.entry
            case .pending(let pending): pending.entry
            case .refused, .poolFull: nil
            }
        guard let entry, entry != TreeHash.leaf(statement).description else { return }
        throw .badAnswer(path: path, problem: "the entry is not the hash of what was sent")
    }

    private static func isOpen(_ outcome: SubmissionOutcome, waits: Bool) -> Bool {
        switch outcome {
        case .final, .refused: false
        case .pending: waits
        case .poolFull: true
        }
    }

    private static func retryAfter(_ outcome: SubmissionOutcome) -> Int {
        switch outcome {
        case .pending(let pending): pending.retryAfter
        case .poolFull(let seconds): seconds
        case .final, .refused: 0
        }
    }

    /// What is final on the second look was made so by the first one: it is no duplicate.
    private static func merge(
        _ first: SubmissionOutcome,
        _ second: SubmissionOutcome
    ) -> SubmissionOutcome {
        guard case .pending = first, case .final(var entry) = second else { return second }
        entry.isDuplicate = false
        return .final(entry)
    }
}
