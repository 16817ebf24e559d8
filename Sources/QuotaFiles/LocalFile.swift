internal import Foundation

/// Files on the local disk, read with a bound and written as a whole.
package enum LocalFile {
    /// The most bytes that are read unless the caller says otherwise: 64 MiB.
    package static let byteCountMax = 64 << 20

    /// The content of a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - maxCount: The most bytes that are read.
    ///   - isSecret: Whether a file that others than its owner may read or write is refused.
    /// - Returns: The bytes.
    /// - Throws: `LocalFileError` if it is missing, unreadable, no regular file, or larger than
    ///   `maxCount` bytes.
    package static func read(
        _ path: String,
        maxCount: Int = byteCountMax,
        isSecret: Bool = false
    ) throws(LocalFileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LocalFileError(path, "cannot be opened", errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw LocalFileError(path, "cannot be examined", errno)
        }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw LocalFileError(path: path, problem: "is a folder")
        }
        guard !isSecret || status.st_mode & 0o077 == 0 else {
            throw LocalFileError(
                path: path,
                problem: "others may read this secret; run: chmod 600 '\(path)'"
            )
        }
        var content: [UInt8] = []
        // Pipes and devices tell no size, so the bound is checked while reading.
        let chunkCount = max(4_096, min(Int(status.st_size) + 1, 1 << 20))
        var chunk = [UInt8](repeating: 0, count: chunkCount)
        while true {
            let count = Foundation.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw LocalFileError(path, "cannot be read", errno) }
            if count == 0 { return content }
            content += chunk[..<count]
            guard content.count <= maxCount else {
                throw LocalFileError(path: path, problem: "is larger than \(maxCount) bytes")
            }
        }
    }

    /// Writes a file so that after a crash it has the old content or the new, never a part.
    ///
    /// - Parameters:
    ///   - bytes: The content.
    ///   - path: The file.
    ///   - isSecret: Whether only the owner may read it.
    ///   - replacesExisting: Whether a file that is there may be replaced.
    /// - Throws: `LocalFileError` if that fails, or a file is there that may not be replaced.
    package static func write(
        _ bytes: [UInt8],
        to path: String,
        isSecret: Bool = false,
        replacesExisting: Bool = true
    ) throws(LocalFileError) {
        let temporary = "\(path).\(getpid()).new"
        unlink(temporary)
        let mode: mode_t = isSecret ? 0o600 : 0o644
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw LocalFileError(path, "cannot be created", errno) }
        do throws(LocalFileError) {
            defer { close(descriptor) }
            try writeAll(bytes, to: descriptor, path: path)
        } catch {
            unlink(temporary)
            throw error
        }
        // A link fails where a file is there already; a rename replaces it.
        let result = replacesExisting ? rename(temporary, path) : link(temporary, path)
        let code = errno
        if result != 0 || !replacesExisting { unlink(temporary) }
        guard result == 0 else {
            throw code == EEXIST
                ? LocalFileError(path: path, problem: "is there already and is not replaced")
                : LocalFileError(path, "cannot be put in place", code)
        }
        try syncFolder(of: path)
    }

    private static func writeAll(
        _ bytes: [UInt8],
        to descriptor: Int32,
        path: String
    ) throws(LocalFileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw LocalFileError(path, "cannot be written", errno) }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0 else {
            throw LocalFileError(path, "cannot be made durable", errno)
        }
    }

    /// The new name lasts only once its folder is on disk.
    private static func syncFolder(of path: String) throws(LocalFileError) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LocalFileError(folder, "cannot be opened", errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw LocalFileError(folder, "cannot be made durable", errno)
        }
    }
}

/// Why a file could not be read or written.
package struct LocalFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file, as the caller named it.
    package let path: String
    /// What is wrong, as a phrase after the path.
    package let problem: String

    init(path: String, problem: String) {
        self.path = path
        self.problem = problem
    }

    init(_ path: String, _ problem: String, _ code: Int32) {
        self.path = path
        self.problem = "\(problem): \(String(cString: strerror(code)))"
    }

    /// Path and problem.
    package var description: String { "\(path) \(problem)" }
}
