import Foundation
import MerkleLog
import Transparency

/// Where a log's files come from: a tlog-tiles address or a folder of the same layout.
protocol LogSource: Sendable {
    /// How the source is named in messages.
    var name: String { get }

    /// The bytes of one file, or nil if there is none of that name.
    ///
    /// - Throws: `Unreadable` if the source cannot be asked or the file is longer than `limit`.
    func read(_ path: String, limit: Int) async throws -> [UInt8]?
}

extension LogSource {
    /// The newest checkpoint.
    func checkpoint() async throws -> [UInt8] {
        guard let bytes = try await read("checkpoint", limit: SignedNote.byteCountMax) else {
            throw Unreadable(name, "there is no checkpoint")
        }
        return bytes
    }

    /// The bytes of a tile, or of the full tile where the partial one is gone.
    func tile(_ path: TilePath) async throws -> (bytes: [UInt8], path: TilePath) {
        let entryBytes = 2 + EntryBundle.entryBytesMax
        let limit = TilePath.fullWidth * (path.isEntries ? entryBytes : 32)
        for candidate in path.isPartial ? [path, path.full] : [path] {
            if let bytes = try await read(candidate.description, limit: limit) {
                return (bytes, candidate)
            }
        }
        throw Unreadable(name, "there is no \(path)")
    }
}

/// A folder with `checkpoint` and `tile/...`.
struct FolderSource: LogSource {
    let folder: URL
    var name: String { folder.path }

    func read(_ path: String, limit: Int) async throws -> [UInt8]? {
        let file = folder.appending(path: path)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        return try InputFile.read(file.path, limit: limit)
    }
}
