import ArgumentParser
import Foundation
import LogReader
import Verifier

/// How a question was answered.
enum Verdict: String, Encodable {
    /// It holds.
    case proven
    /// It does not hold, or the proof is damaged.
    case disproven
    /// A file or an address could not be read, so nothing is known.
    case unknown

    /// The exit code after wrong usage.
    static let usageExitCode: Int32 = 2

    /// The exit code that goes with the verdict.
    var exitCode: Int32 {
        switch self {
        case .proven: 0
        case .disproven: 1
        case .unknown: 3
        }
    }
}

/// What is printed: one verdict, why, and what does not follow from it.
struct Report<Facts: Encodable>: Encodable {
    struct Reason: Encodable {
        let code: String
        let message: String
    }

    let verdict: Verdict
    /// One sentence that says what was proven, or what was not.
    let summary: String
    /// Who signed, when, and what else is known; a sentence each.
    var details: [String] = []
    /// What does not follow; a sentence each.
    var notProven: [String] = []
    /// The reasons against it.
    var reasons: [Reason] = []
    /// The same as data.
    var facts: Facts?
}

/// Facts of a report that has none.
struct NoFacts: Encodable {}

extension Report {
    /// Prints the report and ends the command with its exit code.
    func finish(asJSON: Bool) throws {
        if asJSON {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            Terminal.write(String(decoding: try encoder.encode(self), as: UTF8.self) + "\n")
        } else {
            Terminal.write(text)
        }
        throw ExitCode(verdict.exitCode)
    }

    private var text: String {
        var lines = ["\(Terminal.headline(verdict))  \(summary)"]
        lines += details.map { "  \($0)" }
        lines += reasons.map { "  \($0.code): \($0.message)" }
        if !notProven.isEmpty {
            lines.append("This does not prove:")
            lines += notProven.map { "  - \($0)" }
        }
        return lines.map { $0 + "\n" }.joined()
    }
}

/// Runs one check and prints its answer, whatever it is.
///
/// - Parameters:
///   - claim: What was to be proven, as the end of "does not prove ...".
///   - asJSON: Whether to print JSON.
///   - check: Gives the report of a proof; throws `VerificationFailure` or `Unreadable`.
/// - Throws: `ExitCode` once the answer is printed, or what else `check` throws.
func answer<Facts: Encodable>(
    _ claim: String,
    asJSON: Bool,
    check: () async throws -> Report<Facts>
) async throws {
    let report: Report<Facts>
    do {
        report = try await check()
    } catch let failure as VerificationFailure {
        let failed = Report<NoFacts>(
            verdict: .disproven,
            summary: "This does not prove \(claim).",
            reasons: failure.reasons.map { .init(code: $0.code.rawValue, message: $0.message) }
        )
        try failed.finish(asJSON: asJSON)
        return
    } catch let problem as Unreadable {
        let unknown = Report<NoFacts>(
            verdict: .unknown,
            summary: "Could not tell.",
            reasons: [.init(code: "unreadable", message: problem.description)]
        )
        try unknown.finish(asJSON: asJSON)
        return
    }
    try report.finish(asJSON: asJSON)
}
