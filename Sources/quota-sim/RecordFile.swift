internal import ArgumentParser
internal import Foundation

/// A text file that remembers which parts of a long run are done, one line each, so that it can go on
/// after an interruption.
struct RecordFile: ExpressibleByArgument, Sendable {
    let path: String

    init(argument: String) {
        path = argument
    }

    /// The lines so far; the last one may have been cut off.
    var lines: [Substring] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
        return text.split(whereSeparator: \.isNewline)
    }

    /// Adds a line.
    func append(_ line: String) throws {
        if !FileManager.default.fileExists(atPath: path) {
            try Data().write(to: URL(filePath: path))
        }
        let handle = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? handle.close() }
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("\(line)\n".utf8))
    }
}
