import Foundation
import Ledger
import LedgerFixture
import MerkleLog
import Testing
import Transparency

/// `quota-verify watch`, `evidence` and `explain` as people run them.
@Suite(
    .serialized,
    .timeLimit(.minutes(3)),
    .enabled(
        if: FileManager.default.isExecutableFile(atPath: CommandLineTool.url.path),
        "needs the built quota-verify beside the tests"
    )
)
struct WatchTests {
    let ledger: SmallLedger
    let folder: TemporaryFolder
    let policy: String

    init() throws {
        ledger = try SmallLedger()
        folder = try TemporaryFolder()
        policy = try folder.write(Array(try ledger.policy().text.utf8), to: "trust-policy")
    }

    private func write(_ ledger: SmallLedger, to name: String, height: Int? = nil) throws -> String
    {
        let height = height ?? ledger.states.count - 1
        let checkpoint = ledger.checkpoint(height)
        let leaves = Array(ledger.leaves.prefix(Int(checkpoint.size)))
        let tree = MemoryTree(leafHashes: leaves.map { TreeHash.leaf($0) })
        for path in TilePath.hashTiles(size: tree.size) {
            try folder.write(try Tile.bytes(path, from: tree), to: "\(name)/\(path)")
        }
        let bundle = try #require(TilePath(.entries, index: 0, size: tree.size))
        try folder.write(try EntryBundle.encode(leaves), to: "\(name)/\(bundle)")
        try folder.write(
            try ledger.note(checkpoint, at: UInt64(Date().timeIntervalSince1970)).bytes,
            to: "\(name)/checkpoint"
        )
        return folder.url.appending(path: name).path
    }

    private func watch(_ arguments: String...) throws -> CommandLineTool.Result {
        try CommandLineTool.run(
            ["watch", "--once", "--policy", policy, "--state", folder.url.path + "/state"]
                + arguments
        )
    }

    private func evidence() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.url.path + "/state")
            .filter { $0.hasSuffix(".fork-evidence") }.map { "\(folder.url.path)/state/\($0)" }
    }

    @Test func `nodes that agree are watched in silence`() throws {
        let first = try write(ledger, to: "a")
        let second = try write(ledger, to: "b", height: 2)
        let quiet = try watch("--folder", first, "--folder", second)
        #expect(quiet.code == 0, "\(quiet.output)\(quiet.errors)")
        #expect(quiet.output == "")
    }

    @Test(arguments: [0, 2])
    func `a fork is told once, and its file convicts offline`(more: Int) throws {
        let fork = try SmallLedger(quantity: 6, more: more)
        let first = try write(ledger, to: "a")
        let second = try write(fork, to: "b")
        let feed = folder.url.path + "/feed.atom"
        let result = try watch("--folder", first, "--folder", second, "--feed", feed)
        #expect(result.code == 1)
        #expect(result.output.contains("  fork  8 keys signed two ledgers: "), "\(result.output)")
        let files = try evidence()
        #expect(files.count == 1)
        let convicted = try CommandLineTool.run(["evidence", files[0], "--policy", policy])
        #expect(convicted.code == 0, "\(convicted.output)")
        #expect(convicted.output.contains("PROVEN  8 keys signed two different ledgers"))
        #expect(convicted.output.contains("witness us-bis"))
        let atom = try folder.text("feed.atom")
        #expect(atom.contains("<category term=\"fork\"/>"))
        let explained = try CommandLineTool.run(["explain", files[0]])
        #expect(explained.output.contains("Evidence that somebody signed two different ledgers"))

        let again = try watch("--folder", first, "--folder", second)
        #expect(again.code == 1)
        #expect(!again.output.contains("  fork  "))
        #expect(try evidence().count == 1)
    }

    @Test func `a head that was seen is remembered: a rewritten past is a fork even alone`() throws
    {
        let path = try write(ledger, to: "a", height: 3)
        #expect(try watch("--folder", path).code == 0)
        try FileManager.default.removeItem(atPath: path)
        _ = try write(try SmallLedger(quantity: 6, more: 4), to: "a")
        let result = try watch("--folder", path)
        #expect(result.code == 1)
        #expect(result.output.contains("  fork  "))
        #expect(try evidence().count == 1)
    }

    @Test func `growth is replayed from where it stopped, and what it changed is told`() throws {
        let path = try write(ledger, to: "a", height: 1)
        #expect(try watch("--folder", path).code == 0)
        try FileManager.default.removeItem(atPath: path)
        _ = try write(ledger, to: "a")
        let result = try watch("--folder", path)
        #expect(result.code == 0, "\(result.output)")
        try FileManager.default.removeItem(atPath: path)
        _ = try write(ledger, to: "a", height: 2)
        let back = try watch("--folder", path)
        #expect(back.code == 1)
        #expect(back.output.contains("  rollback  "))
    }

    @Test func `lies, silence and nonsense are told apart`() throws {
        let path = try write(ledger, to: "a")
        #expect(try watch("--folder", path + "/none").code == 3)
        let silent = try watch("--folder", path, "--url", "http://127.0.0.1:1", "--silence", "0")
        #expect(silent.output.contains("  silence  http://127.0.0.1:1 has not answered since"))
        try folder.write(Array("nonsense".utf8), to: "b/checkpoint")
        let bad = try watch("--folder", path, "--folder", folder.url.path + "/b")
        #expect(bad.code == 1)
        #expect(bad.output.contains("  bad-checkpoint  "))
        try folder.write([1, 2, 3], to: "a/tile/entries/000.p/\(ledger.last.size)")
        try FileManager.default.removeItem(atPath: folder.url.path + "/state")
        let broken = try watch("--folder", path)
        #expect(broken.code == 1)
        #expect(broken.output.contains("  rule-broken  "), "\(broken.output)")
    }

    @Test func `wrong usage ends with 2`() throws {
        #expect(try CommandLineTool.run(["watch"]).code == 2)
        #expect(try watch().code == 2)
        #expect(try watch("--url", "ftp://x").code == 2)
        #expect(try watch("--folder", "x", "--period", "0").code == 2)
    }
}
