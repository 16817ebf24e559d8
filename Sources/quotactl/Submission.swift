import APIModel
import ArgumentParser
import Client
import Ledger
import QuotaCrypto
import Verifier

/// One statement on its way: written to a file, or submitted, proven and reported.
struct Submission {
    let common: CommonOptions
    /// What the rules said just before; shown where the answer does not carry their decision.
    var preview: DecisionDocument?

    /// Writes the statement to `out`, or submits it and says what became of it.
    ///
    /// - Throws: `ExitCode` 1 if the ledger refuses it.
    func handle(_ statement: Statement, out: String?, summary: String) async throws {
        if let out {
            try HomeFile.write(statement.bytes, to: out)
            if common.json {
                Terminal.writeJSON(WrittenDocument(file: out, entry: "\(statement.leafHash)"))
            } else {
                Terminal.write("written    \(out)\n  entry    \(statement.leafHash)\n")
                Terminal.write("  next     quotactl submit \(out)\n")
            }
            return
        }
        let report = try await submit(statement, summary: summary)
        report.show(asJSON: common.json)
        if report.refusal != nil { throw ExitCode(Ending.Exit.refused.rawValue) }
    }

    /// Submits a statement and proves its receipts where a trust policy is configured.
    func submit(_ statement: Statement, summary: String) async throws -> SubmissionReport {
        let check = try common.receiptCheck()
        return try await common.withClient { client in
            switch try await client.submitOne(statement.bytes) {
            case .final(var entry):
                if entry.decision == nil, !entry.isDuplicate, preview?.outcome != .refuse {
                    entry.decision = preview
                }
                let proof = try await Self.proof(of: statement, check, client)
                var report = SubmissionReport(
                    statement,
                    summary: summary,
                    entry: entry,
                    proof: proof
                )
                report.intakes = client.intakes?.kept(of: entry.entry) ?? []
                return report
            case .refused(let refusal):
                var report = SubmissionReport(statement, summary: summary, refusal: refusal)
                report.intakes = client.intakes?.kept(of: "\(statement.leafHash)") ?? []
                return report
            case .pending(let pending):
                throw ClientError.notFinal(
                    entry: pending.entry,
                    notice: pending.notice,
                    intakes: []
                )
            case .poolFull:
                throw ClientError.unreachable(["the pool of every node is full"])
            }
        }
    }

    private static func proof(
        of statement: Statement,
        _ check: ReceiptCheck?,
        _ client: LedgerClient
    ) async throws -> VerifiedTransparentStatement? {
        guard let check else { return nil }
        return try await client.provenReceipts(of: statement, by: check).proof
    }

    private struct WrittenDocument: Encodable {
        let file: String
        let entry: String
    }
}

/// What became of one statement, as text or JSON.
struct SubmissionReport: Encodable {
    let issuer: String
    let subject: String
    let kind: String
    let summary: String
    /// `admitted`, `already-there` or `refused`.
    let state: String
    let entry: String?
    let index: UInt64?
    /// Whether a quorum of receipts was checked against the trust policy.
    let isVerified: Bool
    let validators: [String]
    let decision: DecisionDocument?
    let refusal: RefusalDocument?
    /// What nodes signed when they took the statement, if it had to wait.
    var intakes: [KeptIntake] = []

    init(
        _ statement: Statement,
        summary: String,
        entry: FinalEntry,
        proof: VerifiedTransparentStatement?
    ) {
        issuer = statement.identity.issuer
        subject = statement.identity.subject
        kind = statement.identity.kind.rawValue
        self.summary = summary
        state = entry.isDuplicate ? "already-there" : "admitted"
        self.entry = entry.entry
        index = entry.index
        isVerified = proof != nil
        validators = proof?.signers.map(\.name) ?? []
        decision = entry.decision
        refusal = nil
    }

    init(_ statement: Statement, summary: String, refusal: RefusalDocument) {
        issuer = statement.identity.issuer
        subject = statement.identity.subject
        kind = statement.identity.kind.rawValue
        self.summary = summary
        state = "refused"
        entry = nil
        index = nil
        isVerified = false
        validators = []
        decision = nil
        self.refusal = refusal
    }

    func show(asJSON: Bool) {
        if asJSON {
            Terminal.writeJSON(self)
        } else {
            Terminal.write(text)
        }
    }

    private var text: String {
        let word = state == "already-there" ? "there" : state
        let head = word.padding(to: 9) + "  \(subject)  \(summary)"
        var lines: [String] = []
        if let entry, let index {
            lines.append("entry    \(entry) (leaf \(index))")
            lines.append(
                isVerified
                    ? "final    verified: \(validators.count) validators vouch: "
                        + validators.joined(separator: ", ")
                    : "final    by the node's word, unverified: give --policy FILE to verify"
            )
        }
        lines += decision.map(Wording.admission) ?? []
        if decision?.outcome == .needsDecision {
            lines.append(
                "waits    for a decision: quotactl vote approve claim \(issuer)/\(subject)"
            )
        }
        lines += refusal.map { ["code     \($0.code)"] + Wording.refusal($0) } ?? []
        lines += intakes.map(\.text)
        return ([head] + lines.map { "  " + $0 }).map { $0 + "\n" }.joined()
    }
}

extension String {
    /// The text with blanks up to a width.
    func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
