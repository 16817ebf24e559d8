import Foundation

/// Files that are named on the command line.
package enum InputFile {
    /// The bytes of a file, or of standard input for `-`.
    ///
    /// - Throws: `Unreadable` if it cannot be read or has more than `limit` bytes.
    package static func read(_ path: String, limit: Int) throws -> [UInt8] {
        do {
            let handle =
                path == "-"
                ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(filePath: path))
            var bytes: [UInt8] = []
            while let data = try handle.read(upToCount: 1 << 16), !data.isEmpty {
                bytes += data
                guard bytes.count <= limit else {
                    throw Unreadable(path, "longer than \(limit) bytes")
                }
            }
            return bytes
        } catch let error as Unreadable {
            throw error
        } catch {
            throw Unreadable(path, error.localizedDescription)
        }
    }
}
