import LogReader
import Verifier

/// How fast an audit was, beside what signature checks alone allow.
struct AuditPace {
    /// The statements that this run replayed.
    private(set) var statements: UInt64 = 0
    /// How long the replay took.
    private(set) var milliseconds: UInt64 = 0
    /// Signature checks a second on all cores, measured in this run; nil if that failed.
    private(set) var bound: UInt64?
    private var wasSaved = false
    private var total: UInt64 = 0

    /// Below this many statements a rate says nothing.
    private static let statementsMin: UInt64 = 1_000

    /// Takes the end of the replay and measures the bound.
    mutating func finish(_ progress: LedgerAudit.Progress, before: UInt64, took: Duration) {
        let parts = took.components
        total = progress.statements.reduce(0, +)
        statements = total - min(before, total)
        wasSaved = before > 0
        milliseconds =
            UInt64(max(0, parts.seconds)) * 1_000
            + UInt64(max(0, parts.attoseconds / 1_000_000_000_000_000))
        if statements >= Self.statementsMin { bound = SignatureBound.measure() }
    }

    /// Statements a second.
    var rate: UInt64 { statements * 1_000 / max(1, milliseconds) }

    /// What is worth saying of it.
    var sentences: [String] {
        var sentences: [String] = []
        if wasSaved {
            sentences.append(
                "\(total - statements) of these statements were replayed in an earlier run and read from "
                    + "the saved state."
            )
        }
        guard let bound, bound > 0 else { return sentences }
        sentences.append(
            "\(statements) statements in \(milliseconds) ms: \(rate) a second, "
                + "\(rate * 100 / bound) % of the \(bound) Ed25519 checks a second that "
                + "\(Words.count(SignatureBound.cores, "core")) can make."
        )
        return sentences
    }
}
