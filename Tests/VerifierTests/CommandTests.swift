import Foundation
import Ledger
import LedgerFixture
import MerkleLog
import QuotaCrypto
import Testing
import Transparency

/// The program as people run it: sentences and exit codes.
@Suite(
    .serialized,
    .timeLimit(.minutes(3)),
    .enabled(
        if: FileManager.default.isExecutableFile(atPath: CommandLineTool.url.path),
        "needs the built quota-verify beside the tests"
    )
)
struct CommandTests {
    let ledger: SmallLedger
    let folder: TemporaryFolder
    let policy: String

    init() throws {
        ledger = try SmallLedger()
        folder = try TemporaryFolder()
        policy = try folder.write(Array(try ledger.policy().text.utf8), to: "trust-policy")
    }

    private func run(_ arguments: String...) throws -> CommandLineTool.Result {
        try CommandLineTool.run(arguments + ["--policy", policy, "--now", "\(SmallLedger.signed)"])
    }

    @Test func `receipt: proven, with who signed and what does not follow`() throws {
        let bytes = try ledger.transparentStatement(try ledger.claimIndex("c-1")).encoded()
        let file = try folder.write(bytes, to: "c-1.scitt")
        let genesis = try folder.write(ledger.leaves[0], to: "genesis.cose")

        let result = try run("receipt", file)
        #expect(result.code == 0)
        #expect(result.errors == "")
        #expect(
            result.output.hasPrefix(
                "PROVEN  The claim 'c-1' by chipco is in the ledger quota.example/test-2026.\n"
            )
        )
        #expect(result.output.contains("It claims 3 x chip-a to KE under LICENSE."))
        #expect(result.output.contains("Signed by 4 of 4 trusted log keys, 3 needed: "))
        #expect(result.output.contains("This does not prove:"))
        #expect(!result.output.contains("\u{1B}"))

        let json = try run("receipt", file, "--json", "--genesis", genesis).json()
        #expect(json["verdict"] as? String == "proven")
        let facts = try #require(json["facts"] as? [String: Any])
        #expect(facts["isIssuerChecked"] as? Bool == true)
        #expect(facts["subject"] as? String == "c-1")
    }

    @Test func `receipt: a changed byte is disproven, a missing file is unknown`() throws {
        var bytes = try ledger.transparentStatement(
            try ledger.claimIndex("c-1"),
            by: [0, 1, 2]
        ).encoded()
        bytes[bytes.count - 1] ^= 1
        let result = try run("receipt", try folder.write(bytes, to: "bad.scitt"))
        #expect(result.code == 1)
        #expect(result.output.hasPrefix("DISPROVEN  This does not prove that the statement"))
        #expect(result.output.contains("bad-signature: receipt 3"))
        #expect(result.output.contains("quorum-not-met: 0 of the 4"))

        let missing = try run("receipt", "\(folder.url.path)/none.scitt")
        #expect(missing.code == 3)
        #expect(missing.output.contains("none.scitt"))
        let rubbish = try folder.write([1, 2, 3], to: "rubbish")
        #expect(try run("receipt", rubbish).code == 1)
        #expect(try CommandLineTool.run(["receipt", rubbish, "--policy", rubbish]).code == 3)
    }

    @Test func `wrong usage ends with 2, help with 0`() throws {
        #expect(try CommandLineTool.run(["receipt"]).code == 2)
        #expect(try CommandLineTool.run(["nonsense"]).code == 2)
        #expect(try run("audit").code == 2)
        #expect(try run("audit", "--url", "ftp://x").code == 2)
        #expect(try run("audit", "--url", "http://x", "--folder", "y").code == 2)
        for command in [
            "receipt", "total", "absence", "consistency", "audit", "watch", "evidence", "intake",
        ] {
            let help = try CommandLineTool.run([command, "--help"])
            #expect(help.code == 0)
            #expect(help.output.contains("--policy"))
        }
    }

    @Test func `total: the sentence, the wrong country, the old proof`() throws {
        let proof = try ledger.total(TotalTests.kenya)
        let file = try folder.write(Array(proof.text.utf8), to: "ke.tlog-proof")
        let result = try run("total", file, "--country", "KE", "--max-age", "0")
        #expect(result.code == 0)
        let size = ledger.last.size
        #expect(
            result.output.hasPrefix(
                "PROVEN  country KE: consumed 8,000 TPP of 1,000,000 TPP at checkpoint \(size).\n"
            )
        )
        #expect(result.output.contains("Cosigned by ae-mofa ("))

        let other = try run("total", file, "--country", "NL")
        #expect(other.code == 1)
        #expect(other.output.contains("other-account: the proof is of country 'KE', not 'NL'"))

        let later = try CommandLineTool.run([
            "total", file, "--policy", policy, "--max-age", "60", "--now",
            "\(SmallLedger.signed + 61)",
        ])
        #expect(later.code == 1)
        #expect(later.output.contains("stale: the quorum signed 61 seconds ago"))
    }

    @Test func `total: an absent account says that its name was not compared`() throws {
        let proof = try ledger.total(("country", "FR", "2025-2027"))
        let file = try folder.write(Array(proof.text.utf8), to: "fr.tlog-proof")
        let result = try run("total", file)
        #expect(result.code == 0)
        #expect(result.output.contains("country FR: nothing was ever booked up to checkpoint"))
        #expect(result.output.contains("give --limit and --period to compare"))
        let compared = try run("total", file, "--limit", "country", "--period", "2025-2027")
        #expect(!compared.output.contains("to compare"))
    }

    @Test func `absence: the name, the wrong name, and what is there after all`() throws {
        let file = try folder.write(
            Array(try ledger.entry(["claim", "chipco", "c-99"]).text.utf8),
            to: "absent.tlog-proof"
        )
        let result = try run("absence", file)
        #expect(result.code == 0)
        let size = ledger.last.size
        #expect(
            result.output.hasPrefix(
                "PROVEN  The claim 'c-99' of chipco is not in the ledger at checkpoint \(size).\n"
            )
        )
        #expect(result.output.contains("give --key to compare"))
        #expect(try run("absence", file, "--key", "claim", "chipco", "c-99").code == 0)
        let other = try run("absence", file, "--key", "claim", "chipco", "c-98")
        #expect(other.code == 1)
        #expect(other.output.contains("other-account: the proof is of the claim 'c-99' of chipco"))
        let present = try folder.write(
            Array(try ledger.entry(["claim", "chipco", "c-1"]).text.utf8),
            to: "present.tlog-proof"
        )
        let found = try run("absence", present)
        #expect(found.code == 1)
        #expect(found.output.contains("not-absent: the claim 'c-1' of chipco is in the ledger"))
    }

    @Test func `explain: every kind of file, and what is none`() throws {
        func explained(_ bytes: [UInt8]) throws -> CommandLineTool.Result {
            try CommandLineTool.run(["explain", try folder.write(bytes, to: "file")])
        }
        let transparent = try ledger.transparentStatement(try ledger.claimIndex("c-1"))
        let receipt = try explained(transparent.encoded())
        #expect(receipt.code == 0)
        #expect(receipt.output.hasPrefix("A statement with 4 receipts: the claim 'c-1' by chipco."))
        #expect(receipt.output.contains("It does not prove:"))
        #expect(receipt.output.contains("To check it: quota-verify receipt FILE --policy POLICY"))
        let bare = try explained(transparent.statement.bytes)
        #expect(bare.output.contains("without receipts"))
        let total = try explained(Array(try ledger.total(TotalTests.kenya).text.utf8))
        #expect(total.output.contains("the account of KE under limit 'country'"))
        let absent = try explained(Array(try ledger.entry(["member", "x"]).text.utf8))
        #expect(
            absent.output.contains("A proof that something is not in the ledger: the member 'x'.")
        )
        let note = try explained(try ledger.note(ledger.checkpoint(1)).bytes)
        #expect(note.output.contains("A signed checkpoint of the ledger quota.example/test-2026."))
        #expect(try explained([1, 2, 3]).code == 3)
        #expect(try CommandLineTool.run(["explain", "\(folder.url.path)/none"]).code == 3)
    }

    @Test func `consistency: with a proof, from a folder, without, and a fork`() throws {
        try writeLog()
        let old = try folder.write(try ledger.note(ledger.checkpoint(1)).bytes, to: "old")
        let new = try folder.write(try ledger.note(ledger.checkpoint(3)).bytes, to: "new")
        let proof = try ConsistencyProof(
            oldSize: ledger.checkpoint(1).size,
            newSize: ledger.checkpoint(3).size,
            from: ledger.tree
        )
        let path = proof.path.map { "\"\(Base64.encode($0.bytes))\"" }.joined(separator: ",")
        let json = "{\"old\":\(proof.oldSize),\"new\":\(proof.newSize),\"path\":[\(path)]}"
        let file = try folder.write(Array(json.utf8), to: "proof.json")

        let given = try run("consistency", "--old", old, "--new", new, "--proof", file)
        #expect(given.code == 0)
        #expect(given.output.contains("nothing was changed or removed"))
        let made = try run("consistency", "--old", old, "--new", new, "--folder", folder.url.path)
        #expect(made.code == 0)
        #expect(try run("consistency", "--old", old, "--new", new).code == 3)
        #expect(try run("consistency", "--old", new, "--new", new).code == 0)
        #expect(try run("consistency", "--old", new, "--new", old).code == 1)

        let checkpoint = ledger.checkpoint(3)
        let forged = Checkpoint(origin: checkpoint.origin, size: checkpoint.size, root: .zero)
        let fork = try folder.write(try ledger.note(forged).bytes, to: "fork")
        let forked = try run("consistency", "--old", new, "--new", fork)
        #expect(forked.code == 1)
        #expect(forked.output.contains("fork: two trees of size \(checkpoint.size) were signed"))
        #expect(forked.output.contains("witness us-bis"))
    }

    /// Writes the log as tlog-tiles files.
    private func writeLog() throws {
        let tree = ledger.tree
        for path in TilePath.hashTiles(size: tree.size) {
            try folder.write(try Tile.bytes(path, from: tree), to: path.description)
        }
        let bundle = try #require(TilePath(.entries, index: 0, size: tree.size))
        try folder.write(try EntryBundle.encode(ledger.leaves), to: bundle.description)
        try folder.write(try ledger.note(ledger.checkpoint(3)).bytes, to: "checkpoint")
    }

    @Test func `audit of a folder: proven, and every kind of damage`() throws {
        try writeLog()
        let path = folder.url.path
        let good = try run("audit", "--folder", path)
        #expect(good.code == 0)
        #expect(good.output.contains("follows from the rules"))
        #expect(good.output.contains("1 genesis, 2 organisation, 4 claim"))
        #expect(good.output.contains("Account country KE 2025-2027: 8,000 TPP of 1,000,000 TPP."))
        #expect(
            try run("audit", "--folder", path, "--json").json()["verdict"] as? String == "proven"
        )

        let saved = "\(path)/audit.state"
        #expect(try run("audit", "--folder", path, "--state", saved).code == 0)
        let again = try run("audit", "--folder", path, "--state", saved)
        #expect(again.code == 0)
        #expect(again.output.contains("7 of these statements were replayed in an earlier run"))
        try folder.write([1, 2, 3], to: "audit.state")
        #expect(try run("audit", "--folder", path, "--state", saved).code == 1)

        let size = ledger.last.size
        try folder.write([0], to: "tile/0/000.p/\(size)")
        let tile = try run("audit", "--folder", path)
        #expect(tile.code == 1)
        #expect(tile.output.contains("tile-mismatch: tile/0/000.p/\(size)"))
        try writeLog()

        var leaves = ledger.leaves
        leaves[leaves.count - 2][100] ^= 1
        try folder.write(try EntryBundle.encode(leaves), to: "tile/entries/000.p/\(size)")
        #expect(try run("audit", "--folder", path).code == 1)
        try folder.write([1, 2, 3], to: "tile/entries/000.p/\(size)")
        #expect(try run("audit", "--folder", path).output.contains("malformed"))
        try FileManager.default.removeItem(
            at: folder.url.appending(path: "tile/entries/000.p/\(size)")
        )
        #expect(try run("audit", "--folder", path).code == 3)
    }

    @Test func `intake: alone, by a proof, by a folder, and what does not fit`() throws {
        try writeLog()
        let fixture = ledger.fixture
        let claim = try fixture.claim("c-9", to: "lab-ke", in: "KE", quantity: 5)
        let receipt = try fixture.government.intake(
            of: claim,
            at: ledger.states[1],
            time: LedgerFixture.start - 1
        )
        let file = try folder.write(receipt.bytes, to: "c-9.intake")
        let alone = try run("intake", file)
        #expect(alone.code == 0)
        #expect(alone.output.hasPrefix("PROVEN  us-bis took the claim chipco/c-9.\n"))

        let proof = try ledger.entry(["claim", "chipco", "c-9"])
        let absent = try folder.write(Array(proof.text.utf8), to: "absent.tlog-proof")
        let later = try run("intake", file, "--proof", absent)
        #expect(later.code == 0)
        #expect(
            later.output.contains(
                "it is not admitted although checkpoint \(ledger.last.size) is 2 blocks and 1 second later"
            )
        )
        #expect(later.output.contains("that was not judged"))

        let statement = try folder.write(claim.bytes, to: "c-9.cose")
        let path = folder.url.path
        let whole = try run("intake", file, "--folder", path, "--statement", statement)
        #expect(whole.code == 0)
        #expect(
            whole.output.contains(
                "us-bis proposed 2 blocks after the intake without it, 2 of them with room, 2 where the rules"
            )
        )
        #expect(!whole.output.contains("that was not judged"))
        let json = try run("intake", file, "--folder", path, "--json").json()
        let facts = try #require(json["facts"] as? [String: Any])
        #expect(facts["fate"] as? String == "not-admitted")
        #expect(facts["blocksAfter"] as? Int == 2)
        #expect(facts["isNamed"] as? Bool == true)
        let omissions = try #require(facts["omissions"] as? [[String: Any]])
        #expect(omissions.map { $0["admissible"] as? Int } == [nil])

        let admitted = try Statement.decode(ledger.leaves[Int(try ledger.claimIndex("c-4"))])
        let taken = try fixture.government.intake(
            of: admitted,
            at: ledger.states[1],
            time: LedgerFixture.start - 1
        )
        let found = try run(
            "intake",
            try folder.write(taken.bytes, to: "c-4.intake"),
            "--folder",
            path
        )
        #expect(found.code == 0)
        #expect(found.output.contains("it was admitted as leaf"))
        #expect(found.output.contains("It stands in block 3, proposed by us-bis"))

        let other = try fixture.claim("c-9", to: "lab-ke", in: "KE", quantity: 6)
        let wrong = try folder.write(other.bytes, to: "other.cose")
        #expect(try run("intake", file, "--folder", path, "--statement", wrong).code == 1)
        #expect(try run("intake", try folder.write([0xD2], to: "bad.intake")).code == 1)
        #expect(try run("intake", file, "--proof", "\(path)/none").code == 3)
        #expect(try run("intake", file, "--statement", statement).code == 2)
        #expect(try run("intake", file, "--proof", absent, "--folder", path).code == 2)
        let explained = try CommandLineTool.run(["explain", file])
        #expect(explained.code == 0)
        #expect(explained.output.contains("quota-verify intake FILE"))
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")))
    func `audit of an address`() throws {
        try writeLog()
        let server = Process()
        server.executableURL = URL(filePath: "/usr/bin/python3")
        server.arguments = [
            "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory",
            folder.url.path,
        ]
        server.standardOutput = try folder.handle("server")
        server.standardError = FileHandle.nullDevice
        try server.run()
        defer {
            // A child of a test inherits blocked signals, but nobody blocks this one.
            kill(server.processIdentifier, SIGKILL)
            server.waitUntilExit()
        }
        var words: [Substring] = []
        for _ in 0..<200 where words.count < 6 {
            usleep(50_000)
            words = try folder.text("server").split(separator: " ")
        }
        let place = try #require(words.firstIndex(of: "port"))
        let address = "http://127.0.0.1:\(words[place + 1])"
        let result = try run("audit", "--url", address)
        #expect(result.code == 0, "\(result.output)")
        #expect(try run("audit", "--url", "\(address)/nowhere").code == 3)
        #expect(try run("audit", "--url", "http://127.0.0.1:1").code == 3)
    }
}
