import APIModel
import ArgumentParser
import Client
import Ledger
import LogReader
import QuotaCrypto
import Verifier

/// How a command that did not finish ends: the exit code, a stable code and a sentence.
struct Ending {
    /// The exit codes of every tool of this project.
    enum Exit: Int32 {
        /// Done, admitted, proven.
        case success = 0
        /// Refused by the ledger, or disproven.
        case refused = 1
        /// Wrong arguments or files.
        case usage = 2
        /// No answer, so nothing is known.
        case unknown = 3
    }

    let exit: Exit
    let code: String
    let message: String
    let refusal: RefusalDocument?
    /// What nodes signed when they took a statement that is not final.
    private(set) var intakes: [KeptIntake]?

    /// The ending that an error means.
    init(_ error: any Error) {
        var refusal: RefusalDocument?
        switch error {
        case let error as ClientError:
            (exit, code) = Self.ending(error)
            message = error.description
            if case .problem(let problem) = error { refusal = problem.refusal }
            if case .notFinal(_, _, let kept) = error { intakes = kept }
        case let error as TableProblems:
            (exit, code, message) = (.refused, "bad-rows", error.description)
        case let error as HomeFile.Failure:
            (exit, code, message) = (.usage, "bad-file", error.description)
        case let error as Unreadable:
            (exit, code, message) = (.unknown, "unreachable", error.description)
        case let error as UsageError:
            (exit, code, message) = (.usage, "usage", error.description)
        case let error as PolicyFile.Problems:
            (exit, code, message) = (.usage, "usage", error.description)
        case let error as StatementError:
            (exit, code, message) = (.usage, error.code.rawValue, error.description)
        case let error as VerificationFailure:
            let isLate = error.reasons.allSatisfy { $0.code == .quorumNotMet }
            exit = isLate ? .unknown : .refused
            code = error.reasons.first?.code.rawValue ?? "not-proven"
            message = error.reasons.map(\.message).joined(separator: "; ")
        case let error as SealedDisclosure.Failure:
            (exit, code, message) = (.refused, "not-opened", error.description)
        case let error as CryptoError:
            (exit, code, message) = (.usage, "bad-key", error.description)
        default:
            let isHelp = Quotactl.exitCode(for: error) == .success
            (exit, code) = (isHelp ? .success : .usage, "usage")
            message = Quotactl.fullMessage(for: error)
        }
        self.refusal = refusal
    }

    private static func ending(_ error: ClientError) -> (Exit, String) {
        switch error {
        case .noNodes: (.usage, "no-node")
        case .unreachable: (.unknown, "unreachable")
        case .badAnswer: (.unknown, "bad-answer")
        case .notFinal: (.unknown, "not-final")
        case .problem(let problem):
            (problem.status < 500 ? .refused : .unknown, problem.refusal.code)
        }
    }

    /// Says it: help on standard output, everything else on standard error, JSON on both wishes.
    func show(asJSON: Bool) {
        if exit == .success {
            Terminal.write(message + "\n")
        } else if asJSON {
            Terminal.writeJSON(
                Document(
                    error: refusal ?? RefusalDocument(code: code, message: message),
                    intakes: intakes
                )
            )
        } else {
            let text = code == "usage" ? message : "error: \(message)"
            Terminal.writeError(text + "\n")
        }
    }

    private struct Document: Encodable {
        let error: RefusalDocument
        let intakes: [KeptIntake]?
    }
}

/// Arguments that do not fit together.
struct UsageError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
