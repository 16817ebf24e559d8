package import Foundation
package import MerkleLog
package import Transparency
package import Verifier

/// Where a log's files come from: a tlog-tiles address or a folder of the same layout.
package protocol LogSource: Sendable {
    /// How the source is named in messages.
    var name: String { get }

    /// The bytes of one file, or nil if there is none of that name.
    ///
    /// - Throws: `Unreadable` if the source cannot be asked or the file is longer than `limit`.
    func read(_ path: String, limit: Int) async throws -> [UInt8]?
}

extension LogSource {
    /// The newest checkpoint.
    package func checkpoint() async throws -> [UInt8] {
        guard let bytes = try await read("checkpoint", limit: SignedNote.byteCountMax) else {
            throw Unreadable(name, "there is no checkpoint")
        }
        return bytes
    }

    /// The newest checkpoint with the lines of the outside witnesses that a node asks; nil if there is
    /// none, as in every copy.
    package func witnessedCheckpoint() async throws -> [UInt8]? {
        try await read("v1/witnessed-checkpoint", limit: SignedNote.byteCountMax)
    }

    /// The newest checkpoint, as soon as it carries the signatures that a trust policy asks for.
    ///
    /// A node may need a moment to gather them, so it is asked a few times. Lines of outside witnesses
    /// come later than that while the ledger grows: then the newest that has them is taken.
    ///
    /// - Throws: `VerificationFailure` if the policy does not accept the checkpoint, `Unreadable` if
    ///   there is none.
    package func checkpoint(
        acceptedBy policy: TrustPolicy
    ) async throws -> UnverifiedCheckpoint {
        var attempts = self is FolderSource ? 1 : 5
        while true {
            let checkpoint = try UnverifiedCheckpoint(try await checkpoint())
            do {
                _ = try checkpoint.verify(policy)
                return checkpoint
            } catch {
                if error.has(.quorumNotMet), let bytes = try await witnessedCheckpoint(),
                    let witnessed = try? UnverifiedCheckpoint(bytes),
                    (try? witnessed.verify(policy)) != nil
                {
                    return witnessed
                }
                attempts -= 1
                guard attempts > 0, error.has(.quorumNotMet) else { throw error }
                try await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// The bytes of a tile, or of the full tile where the partial one is gone.
    package func tile(_ path: TilePath) async throws -> (bytes: [UInt8], path: TilePath) {
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
package struct FolderSource: LogSource {
    private let folder: URL

    /// The log in `folder`.
    package init(_ folder: URL) {
        self.folder = folder
    }

    /// The folder's path.
    package var name: String { folder.path }

    /// The bytes of one file below the folder.
    package func read(_ path: String, limit: Int) async throws -> [UInt8]? {
        let file = folder.appending(path: path)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        return try InputFile.read(file.path, limit: limit)
    }
}
