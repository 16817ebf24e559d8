import Foundation
import QuotaCrypto
import QuotaFiles

/// A node's home directory: the one folder to back up, and where each file in it is.
///
/// | file | holds |
/// |---|---|
/// | `quotad.yaml` | the configuration |
/// | `node.seed` | the secret seed of the node's four keys (mode 0600) |
/// | `node.next.seed` | the seed of keys that wait for the next epoch, while there is one (mode 0600) |
/// | `statement.seed` | the member's statement key, which may be kept elsewhere (mode 0600) |
/// | `card.cose` | the member card to send to the other founders |
/// | `genesis.cose` | the genesis statement of the ledger |
/// | `ledger.sqlite` | the store |
/// | `peers/*.cose` | newer cards of other members, for a node that was away for long |
/// | `votes.mark` | how far this node has voted, unless the configuration keeps it elsewhere |
package struct NodeHome: Sendable {
    /// The directory's path.
    package let path: String

    /// The home at `path`, which need not exist yet.
    package init(path: String) {
        self.path = path
    }

    /// The path of the file `name`.
    package func file(_ name: String) -> String { path + "/" + name }

    package var configurationFile: String { file("quotad.yaml") }
    package var nodeSeedFile: String { file("node.seed") }
    package var nextSeedFile: String { file("node.next.seed") }
    package var statementSeedFile: String { file("statement.seed") }
    package var cardFile: String { file("card.cose") }
    package var genesisFile: String { file("genesis.cose") }
    package var voteMarkFile: String { file("votes.mark") }
    package var peerCardsFolder: String { file("peers") }

    /// Makes the directory, readable by its owner only.
    package func create() throws(HomeError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw HomeError(file: path, problem: "cannot be made: \(error.localizedDescription)")
        }
    }

    /// The bytes of the file at `path`; a secret one must be for its owner alone.
    package static func read(_ path: String, isSecret: Bool = false) throws(HomeError) -> [UInt8] {
        do {
            return try LocalFile.read(path, isSecret: isSecret)
        } catch {
            throw HomeError(error)
        }
    }

    /// Writes a file so that a crash leaves either nothing or all of it; never replaces one.
    package static func write(
        _ bytes: [UInt8],
        to path: String,
        isSecret: Bool = false
    ) throws(HomeError) {
        do {
            try LocalFile.write(bytes, to: path, isSecret: isSecret, replacesExisting: false)
        } catch {
            throw HomeError(error)
        }
    }

    /// Puts one file in the place of another, durably: afterwards there is only the new one.
    static func replace(_ old: String, by new: String) throws(HomeError) {
        guard rename(new, old) == 0 else {
            throw HomeError(file: old, problem: "cannot be replaced by \(new)")
        }
        let folder = open((old as NSString).deletingLastPathComponent, O_RDONLY)
        guard folder >= 0 else { return }
        defer { close(folder) }
        guard fsync(folder) == 0 else {
            throw HomeError(file: old, problem: "the directory cannot be made durable")
        }
    }

    /// Reads a seed file: 64 hexadecimal digits.
    package static func readSeed(_ path: String) throws(HomeError) -> [UInt8] {
        let text = String(decoding: try read(path, isSecret: true), as: UTF8.self)
        let digits = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let seed = Hex.decode(digits), seed.count == 32 else {
            throw HomeError(file: path, problem: "expected 64 hexadecimal digits")
        }
        return seed
    }

    /// Refuses to go on where a file is that would have to be replaced.
    package static func requireAbsent(_ path: String) throws(HomeError) {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw HomeError(file: path, problem: "is there already and is not replaced")
        }
    }

    /// Writes a seed file that only its owner can read.
    package static func writeSeed(_ seed: [UInt8], to path: String) throws(HomeError) {
        try write(Array((Hex.encode(seed) + "\n").utf8), to: path, isSecret: true)
    }
}

/// A file of the node's home that cannot be used.
package struct HomeError: Error, CustomStringConvertible {
    /// The file's path.
    package let file: String
    /// What is wrong with it.
    package let problem: String

    /// A problem with a file.
    package init(file: String, problem: String) {
        self.file = file
        self.problem = problem
    }

    /// A file that could not be read or written.
    init(_ error: LocalFileError) { self.init(file: error.path, problem: error.problem) }

    /// The file and the problem in a sentence.
    package var description: String { "\(file): \(problem)" }
}
