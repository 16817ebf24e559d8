import Foundation
import Ledger
import Testing

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
    let log: WatchedLog

    init() throws {
        ledger = try SmallLedger()
        log = try WatchedLog(ledger)
    }

    @Test func `nodes that agree are watched in silence`() throws {
        let first = try log.write(ledger, to: "a")
        let second = try log.write(ledger, to: "b", height: 2)
        let quiet = try log.watch("--folder", first, "--folder", second)
        #expect(quiet.code == 0, "\(quiet.output)\(quiet.errors)")
        #expect(quiet.output == "")
    }

    @Test(arguments: [0, 2])
    func `a fork is told once, and its file convicts offline`(more: Int) throws {
        let fork = try SmallLedger(quantity: 6, more: more)
        let first = try log.write(ledger, to: "a")
        let second = try log.write(fork, to: "b")
        let feed = log.path("feed.atom")
        let result = try log.watch("--folder", first, "--folder", second, "--feed", feed)
        #expect(result.code == 1)
        #expect(result.output.contains("  fork  8 keys signed two ledgers: "), "\(result.output)")
        let files = try log.evidence()
        #expect(files.count == 1)
        let convicted = try CommandLineTool.run(["evidence", files[0], "--policy", log.policy])
        #expect(convicted.code == 0, "\(convicted.output)")
        #expect(convicted.output.contains("PROVEN  8 keys signed two different ledgers"))
        #expect(convicted.output.contains("witness us-bis"))
        let atom = try log.folder.text("feed.atom")
        #expect(atom.contains("<category term=\"fork\"/>"))
        let explained = try CommandLineTool.run(["explain", files[0]])
        #expect(explained.output.contains("Evidence that somebody signed two different ledgers"))

        let again = try log.watch("--folder", first, "--folder", second)
        #expect(again.code == 1)
        #expect(!again.output.contains("  fork  "))
        #expect(try log.evidence().count == 1)
    }

    @Test func `a head that was seen is remembered: a rewritten past is a fork even alone`() throws
    {
        let path = try log.write(ledger, to: "a", height: 3)
        #expect(try log.watch("--folder", path).code == 0)
        try log.write(try SmallLedger(quantity: 6, more: 4), to: "a")
        let result = try log.watch("--folder", path)
        #expect(result.code == 1)
        #expect(result.output.contains("  fork  "))
        #expect(try log.evidence().count == 1)
    }

    @Test func `growth is replayed from where it stopped, and what it changed is told`() throws {
        let path = try log.write(ledger, to: "a", height: 1)
        #expect(try log.watch("--folder", path).code == 0)
        try log.write(ledger, to: "a")
        let result = try log.watch("--folder", path)
        #expect(result.code == 0, "\(result.output)")
        try log.write(ledger, to: "a", height: 2)
        let back = try log.watch("--folder", path)
        #expect(back.code == 1)
        #expect(back.output.contains("  rollback  "))
    }

    @Test func `lies, silence and nonsense are told apart`() throws {
        let path = try log.write(ledger, to: "a")
        #expect(try log.watch("--folder", path + "/none").code == 3)
        let silent = try log.watch(
            "--folder",
            path,
            "--url",
            "http://127.0.0.1:1",
            "--silence",
            "0"
        )
        #expect(silent.output.contains("  silence  http://127.0.0.1:1 has not answered since"))
        try log.folder.write(Array("nonsense".utf8), to: "b/checkpoint")
        let bad = try log.watch("--folder", path, "--folder", log.path("b"))
        #expect(bad.code == 1)
        #expect(bad.output.contains("  bad-checkpoint  "))
        try log.folder.write([1, 2, 3], to: "a/tile/entries/000.p/\(ledger.last.size)")
        try FileManager.default.removeItem(atPath: log.path("state"))
        let broken = try log.watch("--folder", path)
        #expect(broken.code == 1)
        #expect(broken.output.contains("  rule-broken  "), "\(broken.output)")
    }

    @Test func `wrong usage ends with 2`() throws {
        #expect(try CommandLineTool.run(["watch"]).code == 2)
        #expect(try log.watch().code == 2)
        #expect(try log.watch("--url", "ftp://x").code == 2)
        #expect(try log.watch("--folder", "x", "--period", "0").code == 2)
    }
}
