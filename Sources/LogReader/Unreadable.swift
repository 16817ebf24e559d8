/// A file or an address that could not be read.
package struct Unreadable: Error, CustomStringConvertible {
    /// What could not be read, and why.
    package let description: String

    /// The problem with `place`.
    package init(_ place: String, _ problem: String) {
        description = "\(place): \(problem)"
    }
}
