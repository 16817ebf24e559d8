package import APIModel

/// Why a client got no answer.
package enum ClientError: Error, Sendable, CustomStringConvertible {
    /// No node was named.
    case noNodes
    /// No node answered; the last cause of each.
    case unreachable([String])
    /// A node answered something else than the interface promises.
    case badAnswer(path: String, problem: String)
    /// A node refused the request.
    case problem(APIProblem)
    /// The statement was not final in time; what nodes signed when they took it.
    case notFinal(entry: String, notice: String?, intakes: [KeptIntake])

    /// A sentence for people.
    package var description: String {
        switch self {
        case .noNodes:
            "no node is known: give --node URL, set QUOTA_NODE, or run quotactl profile --node URL"
        case .unreachable(let causes):
            "no node answered: " + causes.joined(separator: "; ")
        case .badAnswer(let path, let problem):
            "the node's answer to \(path) cannot be read: \(problem)"
        case .problem(let problem):
            problem.refusal.field.map { "\($0): \(problem.refusal.message)" }
                ?? problem.refusal.message
        case .notFinal(let entry, let notice, let intakes):
            (["entry \(entry) is not final yet" + (notice.map { ": \($0)" } ?? "")]
                + intakes.map(\.text)).joined(separator: "\n  ")
        }
    }
}
