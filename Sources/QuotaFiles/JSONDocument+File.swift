package import CBOR

/// Why a JSON file could not be read.
package enum JSONFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file itself.
    case file(LocalFileError)
    /// Its text.
    case text(path: String, JSONError)

    /// File, place and problem.
    package var description: String {
        switch self {
        case .file(let error): error.description
        case .text(let path, let error): "\(path), \(error)"
        }
    }
}

extension JSONDocument {
    /// The value of a JSON file.
    package static func read(_ path: String) throws(JSONFileError) -> CBORValue {
        let bytes: [UInt8]
        do { bytes = try LocalFile.read(path) } catch { throw .file(error) }
        do { return try decode(bytes) } catch { throw .text(path: path, error) }
    }
}
