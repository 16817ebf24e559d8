public import Foundation

/// Published test vectors that lie beside the project, not inside it.
///
/// A test that reads them is marked `.enabled(if: VectorFolder.isPresent)` with a comment, so that a
/// run without them shows the skip.
public enum VectorFolder {
    /// The root of the package, derived from where this file was compiled.
    public static let packageRoot = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The folder `../shared/vectors` beside the package.
    public static let url = packageRoot.deletingLastPathComponent()
        .appending(path: "shared/vectors")

    /// Whether the folder is there.
    public static let isPresent = FileManager.default.fileExists(atPath: url.path)

    /// The contents of one file, by its path inside the folder.
    public static func data(_ path: String) throws -> Data {
        try Data(contentsOf: url.appending(path: path))
    }

    /// One JSON file, decoded.
    public static func json<Value: Decodable>(
        _ path: String,
        as type: Value.Type = Value.self
    ) throws -> Value {
        try JSONDecoder().decode(type, from: try data(path))
    }

    /// The paths, inside the folder, of all files below `path` that end in `.json`, sorted.
    public static func jsonFiles(below path: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: url.appending(path: path).path)
            .filter { $0.hasSuffix(".json") }.sorted().map { "\(path)/\($0)" }
    }
}
