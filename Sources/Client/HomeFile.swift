import Foundation
import QuotaFiles

/// Files of the home directory: read whole, written whole, secrets for the owner only.
package enum HomeFile {
    /// A file that cannot be used.
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// The path.
        package let path: String
        /// What is wrong and how to cure it.
        package let problem: String

        /// The path and the problem.
        package var description: String { "\(path): \(problem)" }
    }

    /// Whether there is a file.
    package static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path)
    }

    /// The bytes of a file; a secret one must be for its owner alone.
    package static func read(_ path: String, isSecret: Bool = false) throws(Failure) -> [UInt8] {
        do {
            return try LocalFile.read(path, isSecret: isSecret)
        } catch {
            throw Failure(path: error.path, problem: error.problem)
        }
    }

    /// Writes a file, and its folder for the owner alone if there is none.
    ///
    /// An existing file is replaced only if `replacing`. A secret one is for its owner alone.
    package static func write(
        _ bytes: [UInt8],
        to path: String,
        isSecret: Bool = false,
        replacing: Bool = false
    ) throws(Failure) {
        try makeFolder(of: path)
        do {
            try LocalFile.write(
                bytes,
                to: path,
                isSecret: isSecret,
                replacesExisting: replacing
            )
        } catch {
            throw Failure(path: error.path, problem: error.problem)
        }
    }

    /// Adds to the end of a file, which is made if it is missing, and waits until it is on disk.
    package static func append(
        _ bytes: [UInt8],
        to path: String,
        isSecret: Bool = false
    ) throws(Failure) {
        if !exists(path) { try write([], to: path, isSecret: isSecret) }
        do {
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            try handle.seekToEnd()
            try handle.write(contentsOf: Data(bytes))
            try handle.synchronize()
        } catch {
            throw Failure(path: path, problem: "cannot be written: \(error.localizedDescription)")
        }
    }

    private static func makeFolder(of path: String) throws(Failure) {
        let folder = (path as NSString).deletingLastPathComponent
        guard !folder.isEmpty, !exists(folder) else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw Failure(path: folder, problem: "cannot be made: \(error.localizedDescription)")
        }
    }
}
