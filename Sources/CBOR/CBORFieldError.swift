/// Why a decoded value does not have the shape that a format asks for.
public struct CBORFieldError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where: `$` is the whole value, then `.name` and `[index]`, as in `$.lines[2].sku`.
    public let path: String
    /// What was expected, as a phrase without the path.
    public let problem: String

    /// A problem at a place.
    public init(path: String, problem: String) {
        self.path = path
        self.problem = problem
    }

    /// The path and the problem.
    public var description: String { "\(path): \(problem)" }
}
