import Foundation
import LogReader
import Verifier

/// A file that holds an audit between two runs.
final class AuditMemory {
    private let path: String
    private var nextSave = ContinuousClock.now + .seconds(5)

    /// Saving may take this part of the time at most.
    private static let shareOfTime = 20

    init(path: String) {
        self.path = path
    }

    /// What was saved; nil if there is no such file yet.
    func load() throws -> [UInt8]? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try InputFile.read(path, limit: .max)
    }

    /// Saves an audit if the last time is long enough ago.
    func saveIfDue(_ audit: LedgerAudit) throws {
        guard ContinuousClock.now >= nextSave else { return }
        try save(audit)
    }

    /// Saves an audit that stands between two blocks; the old file stays until the new one is whole.
    func save(_ audit: LedgerAudit) throws {
        let began = ContinuousClock.now
        guard let bytes = audit.saved() else { return }
        try OutputFile.write(bytes, to: path)
        let now = ContinuousClock.now
        nextSave = now + max(.seconds(5), (now - began) * Self.shareOfTime)
    }
}

/// Files that this program writes.
enum OutputFile {
    /// Replaces a file in one step.
    ///
    /// - Throws: `Unreadable` that names the file.
    static func write(_ bytes: [UInt8], to path: String) throws {
        do {
            try Data(bytes).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw Unreadable(path, "cannot be written: \(error.localizedDescription)")
        }
    }
}
