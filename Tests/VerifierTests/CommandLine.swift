import Foundation
import Testing

/// Runs the built `quota-verify`.
enum CommandLineTool {
    struct Result {
        let code: Int32
        let output: String
        let errors: String

        /// The output as a JSON object.
        func json() throws -> [String: Any] {
            let object = try JSONSerialization.jsonObject(with: Data(output.utf8))
            return try #require(object as? [String: Any])
        }
    }

    /// The program beside the test bundle.
    static let url = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appending(path: "quota-verify")

    /// Runs the program and waits for its end.
    ///
    /// Output goes to files: the end of a pipe would wait for every process that inherited it.
    static func run(_ arguments: [String]) throws -> Result {
        let folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = url
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try folder.handle("output")
        process.standardError = try folder.handle("errors")
        try process.run()
        process.waitUntilExit()
        return Result(
            code: process.terminationStatus,
            output: try folder.text("output"),
            errors: try folder.text("errors")
        )
    }
}

/// A folder that is removed when the last reference goes.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appending(path: "quota-verify-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// A new file to be written by another process.
    func handle(_ name: String) throws -> FileHandle {
        try FileHandle(forWritingTo: URL(filePath: write([], to: name)))
    }

    /// The contents of a file.
    func text(_ name: String) throws -> String {
        try String(contentsOf: url.appending(path: name), encoding: .utf8)
    }

    /// Writes a file, with its folders, and gives its path.
    @discardableResult
    func write(_ bytes: [UInt8], to name: String) throws -> String {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(bytes).write(to: file)
        return file.path
    }
}
