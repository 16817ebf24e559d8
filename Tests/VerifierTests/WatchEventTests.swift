import Foundation
import Ledger
import LedgerFixture
import LogReader
import QuotaCrypto
import QuotaRules
import Testing

/// What `quota-verify watch` tells, to whom, and that a restart neither forgets nor repeats it.
@Suite(
    .serialized,
    .timeLimit(.minutes(3)),
    .enabled(
        if: FileManager.default.isExecutableFile(atPath: CommandLineTool.url.path),
        "needs the built quota-verify beside the tests"
    )
)
struct WatchEventTests {
    var ledger: SmallLedger
    let log: WatchedLog
    let fixture: LedgerFixture

    init() throws {
        ledger = try SmallLedger()
        log = try WatchedLog(ledger)
        fixture = ledger.fixture
    }

    /// The kind and the sentence of every event of a round.
    private func told(_ result: CommandLineTool.Result) -> [String] {
        result.output.split(separator: "\n").map { line in
            line.split(separator: " ", maxSplits: 1)[1].drop { $0 == " " }.description
        }
    }

    /// Lets the ledger decide something in one block.
    private mutating func decide(_ id: String, _ action: ProposalAction) throws {
        try ledger.add([
            try fixture.proposal(id, action), try fixture.vote(on: id, by: fixture.founders[2]),
        ])
    }

    @Test mutating func `a part of a cap is told when it is passed, once, the highest alone`()
        throws
    {
        let path = try log.write(ledger, to: "a")
        #expect(try log.watch("--folder", path).output == "")
        // The country's cap is 1,000 of chip-a; 4 are used.
        try ledger.add([try fixture.claim("c-5", to: "lab-nl", in: "NL", quantity: 900)])
        try log.write(ledger, to: "a")
        let result = try log.watch("--folder", path)
        #expect(result.code == 0, "\(result.errors)")
        #expect(
            told(result) == [
                "threshold  country NL 2025-2027: 904,000 TPP of 1,000,000 TPP are used, "
                    + "90 %; 90 % are passed."
            ]
        )
        #expect(try log.watch("--folder", path).output == "")
        try ledger.add([try fixture.claim("c-6", to: "lab-nl", in: "NL", quantity: 96)])
        try log.write(ledger, to: "a")
        let full = told(try log.watch("--folder", path))
        #expect(full.count == 1)
        #expect(full[0].hasSuffix("100 %; 100 % are passed."))
        // Room that came back makes the next passing news again.
        try ledger.add([try fixture.cancel("c-5")])
        try log.write(ledger, to: "a")
        #expect(try log.watch("--folder", path).output == "")
        try ledger.add([try fixture.claim("c-7", to: "lab-nl", in: "NL", quantity: 700)])
        try log.write(ledger, to: "a")
        #expect(told(try log.watch("--folder", path))[0].hasSuffix("80 %; 75 % are passed."))
    }

    @Test mutating func `other parts of a cap are told on request`() throws {
        let path = try log.write(ledger, to: "a")
        let result = told(try log.watch("--folder", path, "--over", "10", "50"))
        #expect(result.count == 1)
        #expect(result[0].hasPrefix("threshold  parent-year lab-ke 2026: "), "\(result)")
    }

    @Test mutating func `a claim beyond the cap by the members' leave is told`() throws {
        let path = try log.write(ledger, to: "a")
        #expect(try log.watch("--folder", path).output == "")
        let claim = try fixture.claim("c-5", to: "lab-nl", in: "NL", quantity: 101, route: "LPP")
        let permit = ClaimOverride(
            claim: ClaimReference(issuer: fixture.exporter.id, id: "c-5"),
            body: SHA256.hash(claim.bodyBytes),
            reason: .zero
        )
        try decide("o-1", .override(permit))
        try log.write(ledger, to: "a")
        #expect(try log.watch("--folder", path).output == "")
        try ledger.add([claim])
        try log.write(ledger, to: "a")
        let result = told(try log.watch("--folder", path))
        #expect(
            result.first
                == "override  parent-year lab-nl 2026: 1 claim entered beyond the cap by an override."
        )
        #expect(result.dropFirst().map { $0.hasPrefix("threshold  parent-year lab-nl") } == [true])
        #expect(try log.watch("--folder", path).output == "")
    }

    @Test mutating func `another policy, another catalogue and another member are told`() throws {
        let path = try log.write(ledger, to: "a")
        #expect(try log.watch("--folder", path).output == "")
        let effective = try #require(CalendarDate("2026-01-01"))
        let next = try Policy.decode(FixtureRules.policy(id: "next"))
        try decide("p-1", .policy(PolicySuccession(next, effective: effective)))
        let chips = try ChipCatalogue.decode(FixtureRules.catalogue(id: "more-chips"))
        try decide("p-2", .catalogue(CatalogueSuccession(chips)))
        let newcomer = try Founder("lab-1", .inspector, "KE")
        try decide("p-3", .member(try fixture.cardStatement(of: newcomer)))
        let key = try Ed25519.PrivateKey(seed: SHA256.hash(Array("new".utf8)).bytes)
        let card = try fixture.cardStatement(of: newcomer, key: key)
        try decide("p-4", .key(card))
        try decide("p-5", .expel(member: "lab-1"))
        try log.write(ledger, to: "a")
        let result = try log.watch("--folder", path)
        #expect(result.code == 0)
        let sentences = told(result)
        #expect(sentences.first?.hasPrefix("policy  Policy 'next' is in force (leaf ") == true)
        #expect(
            Array(sentences.dropFirst()) == [
                "catalogue  Catalogue 'more-chips' is in force.",
                "members  lab-1 (inspector, KE) is a member now.",
                "members  lab-1 has another key now.",
                "members  lab-1 is no member any more.",
            ]
        )
        #expect(try log.watch("--folder", path).output == "")
    }

    @Test func `a node that falls silent is told, and that it is back`() throws {
        let path = try log.write(ledger, to: "a")
        let other = log.path("b")
        func round() throws -> [String] {
            told(try log.watch("--folder", path, "--folder", other, "--silence", "0"))
                .filter { $0.contains(other) }
        }
        let silent = try round()
        #expect(silent.count == 1)
        #expect(silent[0].hasPrefix("silence  \(other) has not answered since "))
        #expect(try round() == [])
        try log.write(ledger, to: "b")
        #expect(try round() == ["back  \(other) answers again."])
        #expect(try round() == [])
    }

    @Test func `a witness that stops signing is told, and then the quorum that is too old`() throws
    {
        let (now, old) = (WatchedLog.now, WatchedLog.now - 7_200)
        let path = try log.write(ledger, to: "a", signers: [([0, 1, 2], now), ([3], old)])
        let silent = told(try log.watch("--folder", path))
        #expect(silent.count == 1)
        #expect(silent[0].hasPrefix("silence  Witness us-bis has not signed since "), "\(silent)")
        #expect(try log.watch("--folder", path).output == "")
        try log.write(ledger, to: "a")
        #expect(told(try log.watch("--folder", path)) == ["back  Witness us-bis signs again."])

        let late = try WatchedLog(ledger)
        let still = try late.write(ledger, to: "a", signers: [([0, 1, 2, 3], old)])
        let stale = told(try late.watch("--folder", still))
        #expect(stale.filter { $0.hasPrefix("silence  Witness ") }.count == 4)
        #expect(stale.filter { $0.hasPrefix("stale  The newest quorum of ") }.count == 1)
        try late.write(ledger, to: "a")
        let fresh = told(try late.watch("--folder", still))
        #expect(fresh.filter { $0.hasPrefix("fresh  The newest quorum of ") }.count == 1)
    }

    @Test func `another ledger that no key of the first signed is a disagreement`() throws {
        let first = try log.write(ledger, to: "a", signers: [([0, 1, 2], WatchedLog.now)])
        let fork = try SmallLedger(quantity: 6)
        let second = try log.write(fork, to: "b", signers: [([3], WatchedLog.now)])
        let result = try log.watch("--folder", first, "--folder", second)
        #expect(result.code == 1)
        let sentences = told(result)
        #expect(sentences.count == 1)
        #expect(sentences[0].hasPrefix("disagreement  \(second) shows another ledger than the "))
        #expect(try log.evidence() == [])
    }

    @Test func `a larger checkpoint whose tiles do not lead to it is told`() throws {
        let path = try log.write(ledger, to: "a", height: 2)
        #expect(try log.watch("--folder", path).code == 0)
        try log.write(ledger, to: "a")
        let tile = "a/tile/0/000.p/\(ledger.last.size)"
        var bytes = try [UInt8](Data(contentsOf: URL(filePath: log.path(tile))))
        bytes[bytes.count - 1] ^= 1
        try log.folder.write(bytes, to: tile)
        let result = try log.watch("--folder", path)
        #expect(result.code == 1)
        #expect(told(result).first?.hasPrefix("unproven  \(path) shows size ") == true)
        #expect(try log.watch("--folder", path).output == "")
    }

    // MARK: To whom

    @Test(.enabled(if: Web.isAvailable, "this build has no network code"))
    mutating func `a webhook gets each event once and in order, however often it refuses`() throws {
        let path = try log.write(ledger, to: "a")
        let server = try WebhookServer()
        func round() throws -> [String] {
            try log.watch("--folder", path, "--webhook", server.address, "--json")
                .output.split(separator: "\n").map(String.init)
        }
        #expect(try round() == [])
        server.answer(503)
        try ledger.add([try fixture.claim("c-5", to: "lab-nl", in: "NL", quantity: 900)])
        try log.write(ledger, to: "a")
        let first = try round()
        #expect(first.count == 1)
        #expect(server.bodies == first)
        // Nothing is new in this round; the event of the last still waits.
        #expect(try round() == [])
        #expect(server.bodies == first + first)
        try ledger.add([try fixture.claim("c-6", to: "lab-nl", in: "NL", quantity: 96)])
        try log.write(ledger, to: "a")
        server.answer(204)
        let second = try round()
        #expect(second.count == 1)
        #expect(server.bodies == first + first + first + second)
        #expect(try round() == [])
        #expect(server.bodies.count == 4)
        let object = try JSONSerialization.jsonObject(with: Data(first[0].utf8))
        let event = try #require(object as? [String: Any])
        #expect(event["kind"] as? String == "threshold")
        #expect(event["about"] as? String == "country NL 2025-2027")
        #expect(event["size"] as? Int == Int(ledger.states[ledger.states.count - 2].size))
    }

    @Test(.enabled(if: Web.isAvailable, "this build has no network code"))
    mutating func `a webhook that is not there loses nothing`() throws {
        let path = try log.write(ledger, to: "a")
        let gone = try WebhookServer().address
        let arguments = ["--folder", path, "--over", "10"]
        let first = try log.watch(arguments + ["--webhook", gone])
        #expect(first.code == 0)
        #expect(first.errors.contains("the event waits"))
        let server = try WebhookServer()
        let second = try log.watch(arguments + ["--webhook", server.address])
        #expect(second.output == "")
        #expect(server.bodies.count == 1)
    }

    @Test mutating func `a feed grows over restarts, newest first`() throws {
        let path = try log.write(ledger, to: "a")
        let feed = log.path("feed.atom")
        #expect(try log.watch("--folder", path, "--feed", feed).code == 0)
        let empty = try entries(feed)
        #expect(empty == [])
        for (id, quantity) in [("c-5", UInt64(900)), ("c-6", 96)] {
            try ledger.add([
                try fixture.claim(id, to: "lab-nl", in: "NL", quantity: quantity)
            ])
            try log.write(ledger, to: "a")
            #expect(try log.watch("--folder", path, "--feed", feed).code == 0)
        }
        let both = try entries(feed)
        #expect(both.count == 2)
        #expect(both.first?.contains("100 % are passed.") == true)
        #expect(both.last?.contains("90 % are passed.") == true)
        #expect(try log.watch("--folder", path, "--feed", feed).output == "")
        #expect(try entries(feed) == both)
    }

    /// The contents of a feed's entries, as they stand in the file.
    private func entries(_ path: String) throws -> [String] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.hasPrefix("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns="))
        return text.components(separatedBy: "<entry>").dropFirst().map { entry in
            entry.components(separatedBy: "<content type=\"text\">")[1]
                .components(separatedBy: "</content>")[0]
        }
    }

    @Test func `a damaged memory is not taken for an empty one`() throws {
        let path = try log.write(ledger, to: "a")
        try log.folder.write(Array("{".utf8), to: "state/watch.json")
        let result = try log.watch("--folder", path)
        #expect(result.code == 3)
        #expect(result.errors.contains("is no state of a watcher; move it away to start anew"))
    }
}
