import CBOR
import COSE

/// Why bytes are not a statement: a stable code, the field, and what was wrong with it.
public struct StatementError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The stable code: `malformed`, `too-large`, `bad-algorithm` or `payload-missing`.
    public let code: RefusalCode
    /// The offending field, `$.protected.15.6` or `$.payload.lines[2].sku` for example.
    public let path: String
    /// What was expected and what came.
    public let problem: String

    /// An error at `path`.
    public init(_ path: String, _ problem: String, code: RefusalCode = .malformed) {
        self.code = code
        self.path = path
        self.problem = problem
    }

    /// The error of a strict map reader, at the path that it names.
    init(_ error: CBORFieldError) {
        self.init(error.path, error.problem)
    }

    /// The error of the COSE layer, whose fields stand below `path`.
    init(_ error: COSEError, path: String = "$") {
        self.init(
            "\(path).\(error.field)",
            error.problem,
            code: error.code == .algorithm ? .badAlgorithm : .malformed
        )
    }

    /// `path: problem`, for messages.
    public var description: String { "\(path): \(problem)" }
}
