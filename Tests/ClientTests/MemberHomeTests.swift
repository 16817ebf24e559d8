import Client
import Foundation
import Ledger
import QuotaCrypto
import Testing

@Suite struct MemberHomeTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `a new key is for its owner alone, and is never replaced`() throws {
        let key = try folder.home.makeStatementKey()
        #expect(try folder.mode(of: folder.home.seedFile) == 0o600)
        #expect(try folder.home.statementKey().publicKey == key.publicKey)
        #expect(throws: HomeFile.Failure.self) { try folder.home.makeStatementKey() }
    }

    @Test func `a key that others may read is refused`() throws {
        _ = try folder.home.makeStatementKey()
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644],
            ofItemAtPath: folder.home.seedFile
        )
        #expect(throws: HomeFile.Failure.self) { try folder.home.statementKey() }
    }

    @Test(arguments: [
        "", "00", String(repeating: "g", count: 64), String(repeating: "0", count: 66),
    ])
    func `a seed file of another form is refused without quoting it`(text: String) throws {
        let file = folder.file("seed")
        try HomeFile.write(Array(text.utf8), to: file, isSecret: true)
        let failure = #expect(throws: HomeFile.Failure.self) {
            try folder.home.statementKey(path: file)
        }
        #expect(failure?.problem == "expected 64 hexadecimal digits")
    }

    @Test func `the profile is completed by the card`() throws {
        let key = try folder.home.makeStatementKey()
        let signer = MemberSigner(member: "atlas", origin: "quota.example/test", key: key)
        let card = MemberCard(
            id: "atlas",
            name: "Atlas",
            role: .exporter,
            country: "US",
            statementKey: key.publicKey,
            node: nil
        )
        let statement = try signer.sign(.member(card), at: 1_767_225_600)
        try HomeFile.write(statement.bytes, to: folder.home.cardFile)
        let url = try #require(LedgerURL("node.example:8101"))
        try Profile(nodes: [url], policy: "trust").save(to: folder.home)
        let profile = try Profile.load(from: folder.home)
        #expect(profile.member == "atlas")
        #expect(profile.origin == "quota.example/test")
        #expect(profile.nodes == [url])
        #expect(profile.policy == "trust")
    }

    @Test(arguments: [
        "{", "[]", "{\"nodes\": \"x\"}", "{\"nodes\": [\"ftp://x\"]}", "{\"node\": []}",
    ])
    func `a profile of another form is refused`(text: String) throws {
        try HomeFile.write(Array(text.utf8), to: folder.home.profileFile)
        #expect(throws: HomeFile.Failure.self) { try Profile.load(from: folder.home) }
    }

    @Test func `a value keeps its salt, and another value gets another one`() throws {
        let book = DisclosureBook(home: folder.home)
        let first = try book.secret(kind: "claim", subject: "A-1", field: "reference", value: "D1")
        let again = try book.secret(kind: "claim", subject: "A-1", field: "reference", value: "D1")
        let other = try book.secret(kind: "claim", subject: "A-2", field: "reference", value: "D1")
        #expect(first == again)
        #expect(first.digest != other.digest)
        #expect(try book.entries().count == 2)
        #expect(try folder.mode(of: folder.home.disclosuresFile) == 0o600)
    }

    @Test func `the journal gives a body its time again, and a changed body none`() throws {
        let path = folder.file("claims.csv.journal")
        let body = SHA256.hash([1])
        var journal = try StatementJournal(path: path)
        try journal.note([("A-1", body, 100), ("A-2", body, 101)])
        try journal.note([("A-1", body, 200)])
        let reopened = try StatementJournal(path: path)
        #expect(reopened.time(of: "A-1", body: body) == 200)
        #expect(reopened.time(of: "A-2", body: body) == 101)
        #expect(reopened.time(of: "A-2", body: SHA256.hash([2])) == nil)
    }

    @Test func `a journal whose last line was cut short by a crash is still read`() throws {
        let path = folder.file("claims.csv.journal")
        var journal = try StatementJournal(path: path)
        try journal.note([("A-1", SHA256.hash([1]), 100)])
        try HomeFile.append(Array("{\"subject\":\"A-".utf8), to: path)
        let reopened = try StatementJournal(path: path)
        #expect(reopened.time(of: "A-1", body: SHA256.hash([1])) == 100)
    }

    @Test(arguments: [
        ("node.example", "http://node.example"), ("127.0.0.1:8101", "http://127.0.0.1:8101"),
        ("https://node.example/", "https://node.example"),
    ])
    func `an address is read in its usual forms`(text: String, url: String) {
        #expect(LedgerURL(text)?.description == url)
    }

    @Test(arguments: [
        "", "http://", "ftp://x", "http://a/b", "http://a?b", "http://u@h", "http://a b",
    ])
    func `another address is refused`(text: String) {
        #expect(LedgerURL(text) == nil)
    }
}
