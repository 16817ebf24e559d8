import Foundation
import QuotaCrypto
import QuotaFiles

/// A second copy of how far this node has voted, best kept on another device than the store.
///
/// A store that was put back from a backup, or that is gone, knows of fewer votes than the node cast;
/// the mark tells. It counts the turns in which the node voted: the store counts them in the same
/// transaction as the votes, the mark afterwards and before the votes leave. So an honest store is never
/// behind its mark (consensus.md 2.9).
///
/// The file is one line of ASCII: `quota-vote-mark-1`, the chain id in hex, the count in 20 digits, and
/// the first 16 hex digits of the SHA-256 of all that stands before, parted by single spaces. It is
/// written in place and not synced at every turn: what the loss of power may take are some seconds of
/// it, and a backup is older.
final class VoteMark {
    /// The file.
    let path: String
    /// The turns in which this node voted.
    private(set) var count: UInt64
    private let chainID: Digest
    private let descriptor: Int32

    /// Opens the mark at `path`, or makes it.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - chainID: the ledger in which the node votes.
    ///   - count: what it shall say from now on.
    /// - Throws: ``HomeError`` if it cannot be written.
    init(path: String, chainID: Digest, count: UInt64) throws(HomeError) {
        self.path = path
        self.chainID = chainID
        self.count = count
        do {
            try LocalFile.write(Self.line(chainID, count), to: path)
        } catch {
            throw HomeError(error)
        }
        descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw HomeError(file: path, problem: "cannot be opened: \(Self.reason)")
        }
    }

    deinit { close(descriptor) }

    /// Says that the node has voted in so many turns.
    func write(_ count: UInt64) throws(HomeError) {
        let line = Self.line(chainID, count)
        let written = line.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        guard written == line.count else {
            throw HomeError(file: path, problem: "cannot be written: \(Self.reason)")
        }
        self.count = count
    }

    /// What the mark at `path` says; nil if there is none.
    ///
    /// - Throws: ``HomeError`` if it cannot be read, is damaged, or is of another ledger.
    static func read(_ path: String, chainID: Digest) throws(HomeError) -> UInt64? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let bytes = try NodeHome.read(path)
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: " ")
        guard parts.count == 4, let count = UInt64(parts[2]),
            let marked = Digest(hex: String(parts[1])),
            bytes == line(marked, count)
        else { throw HomeError(file: path, problem: "is no mark of votes, or is damaged") }
        guard marked == chainID else {
            throw HomeError(file: path, problem: "is the mark of votes in the ledger \(marked)")
        }
        return count
    }

    private static func line(_ chainID: Digest, _ count: UInt64) -> [UInt8] {
        let digits = String(count)
        let padded = String(repeating: "0", count: 20 - digits.count) + digits
        let text = "quota-vote-mark-1 \(chainID) \(padded) "
        let sum = Hex.encode(Array(SHA256.hash(Array(text.utf8)).bytes.prefix(8)))
        return Array("\(text)\(sum)\n".utf8)
    }

    private static var reason: String { String(cString: strerror(errno)) }
}
