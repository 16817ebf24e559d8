import CBOR
import QuotaFiles
import QuotaRules

/// Policy and catalogue files that a person named.
enum PolicyFile {
    /// Everything that is wrong with a policy file.
    struct Problems: Error, CustomStringConvertible {
        /// One of them.
        struct Problem: Encodable {
            let path: String
            let problem: String
        }

        let file: String
        let problems: [Problem]

        var description: String {
            if problems.count == 1 { return "\(file): \(problems[0].path): \(problems[0].problem)" }
            let lines = problems.map { "  \($0.path): \($0.problem)" }
            return (["\(file): \(problems.count) problems"] + lines).joined(separator: "\n")
        }
    }

    /// Reads a policy.
    ///
    /// - Throws: An error with the file and every place and problem.
    static func policy(_ path: String) throws -> Policy {
        try ProposalOptions.document(path) { value in
            let problems = Policy.problems(in: value)
            guard problems.isEmpty else {
                throw Problems(
                    file: path,
                    problems: problems.map { .init(path: $0.path, problem: $0.problem) }
                )
            }
            return try Policy.decode(value)
        }
    }

    /// Reads a chip catalogue.
    ///
    /// - Throws: An error with file, path and problem.
    static func catalogue(_ path: String) throws -> ChipCatalogue {
        try ProposalOptions.document(path, ChipCatalogue.decode)
    }
}
