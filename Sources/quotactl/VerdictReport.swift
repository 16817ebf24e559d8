import APIModel
import ArgumentParser
import Client

/// What a dry run said of some claims.
struct VerdictReport: Encodable {
    struct Entry: Encodable {
        let claim: String
        let verdict: DryRunVerdict
    }

    let entries: [Entry]

    init(_ verdicts: [(claim: String, verdict: DryRunVerdict)]) {
        entries = verdicts.map { Entry(claim: $0.claim, verdict: $0.verdict) }
    }

    /// Prints the verdicts and ends with 1 if one is no admission.
    func finish(asJSON: Bool) throws {
        if asJSON {
            Terminal.writeJSON(entries)
        } else {
            for entry in entries { Terminal.write(Self.text(entry)) }
            let passing = entries.count { $0.verdict.isAdmitted }
            Terminal.write(
                "\nnothing was sent: \(passing) of \(entries.count) would be admitted\n"
            )
        }
        guard entries.allSatisfy(\.verdict.isAdmitted) else {
            throw ExitCode(Ending.Exit.refused.rawValue)
        }
    }

    private static func text(_ entry: Entry) -> String {
        let lines =
            switch entry.verdict {
            case .judged(let decision) where decision.isAdmitted:
                ["passes     \(entry.claim)"] + Wording.admission(decision).map { "  " + $0 }
            case .judged(let decision):
                ["fails      \(entry.claim)"] + Wording.refusal(decision).map { "  " + $0 }
            case .refused(let refusal):
                ["fails      \(entry.claim)", "  code     \(refusal.code)"]
                    + Wording.refusal(refusal).map { "  " + $0 }
            }
        return lines.map { $0 + "\n" }.joined()
    }
}

extension DryRunVerdict {
    /// What the rules said, if they were asked.
    var decision: DecisionDocument? {
        guard case .judged(let decision) = self else { return nil }
        return decision
    }

    /// Whether the claim would be admitted.
    var isAdmitted: Bool {
        guard case .judged(let decision) = self else { return false }
        return decision.isAdmitted
    }
}
