import Foundation
import MerkleLog
import Testing
import Transparency

/// What `quota-verify watch` is shown and told: copies of a log in a folder, and a policy.
struct WatchedLog {
    let folder: TemporaryFolder
    let policy: String

    init(_ ledger: SmallLedger) throws {
        folder = try TemporaryFolder()
        policy = try folder.write(Array(try ledger.policy().text.utf8), to: "trust-policy")
    }

    /// The seconds since 1970 on this machine's clock.
    static var now: UInt64 { UInt64(Date().timeIntervalSince1970) }

    /// Replaces the copy `name` by the log after block `height`, the last if nil, signed by the given
    /// validators at the given times, by all of them now if nil; gives its path.
    @discardableResult
    func write(
        _ ledger: SmallLedger,
        to name: String,
        height: Int? = nil,
        signers: [(validators: [Int], time: UInt64)]? = nil
    ) throws -> String {
        let path = path(name)
        if FileManager.default.fileExists(atPath: path) {
            try FileManager.default.removeItem(atPath: path)
        }
        let checkpoint = ledger.checkpoint(height ?? ledger.states.count - 1)
        let leaves = Array(ledger.leaves.prefix(Int(checkpoint.size)))
        let tree = MemoryTree(leafHashes: leaves.map { TreeHash.leaf($0) })
        for tile in TilePath.hashTiles(size: tree.size) {
            try folder.write(try Tile.bytes(tile, from: tree), to: "\(name)/\(tile)")
        }
        let bundle = try #require(TilePath(.entries, index: 0, size: tree.size))
        try folder.write(try EntryBundle.encode(leaves), to: "\(name)/\(bundle)")
        let signatures = try (signers ?? [(Array(0..<4), Self.now)])
            .flatMap { try ledger.note(checkpoint, by: $0.validators, at: $0.time).signatures }
        let note = try SignedNote(text: checkpoint.text, signatures: signatures)
        try folder.write(note.bytes, to: "\(name)/checkpoint")
        return path
    }

    /// The path of a copy or file.
    func path(_ name: String) -> String { folder.url.appending(path: name).path }

    /// One round of the watcher, which begins where the round before ended.
    func watch(_ arguments: String...) throws -> CommandLineTool.Result {
        try watch(arguments)
    }

    /// One round of the watcher with these arguments.
    func watch(_ arguments: [String]) throws -> CommandLineTool.Result {
        try CommandLineTool.run(
            ["watch", "--once", "--policy", policy, "--state", path("state")] + arguments
        )
    }

    /// The files of evidence that the watcher wrote.
    func evidence() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path("state"))
            .filter { $0.hasSuffix(".fork-evidence") }.map { path("state/\($0)") }
    }
}
