import Logging
import QuotaCrypto
import Testing
import Transparency

@testable import NodeService

@Suite struct NodeConfigurationTests {
    private static let least = """
        member: us-bis
        origin: quota.example/test
        peer: 127.0.0.1:7001
        api: "[::1]:8001"
        """

    private func problem(_ yaml: String) -> ConfigurationError? {
        do throws(ConfigurationError) {
            _ = try NodeConfiguration(yaml: yaml)
            return nil
        } catch {
            return error
        }
    }

    @Test func `four keys suffice, the rest have defaults`() throws {
        let configuration = try NodeConfiguration(yaml: Self.least)
        #expect(configuration.member == "us-bis")
        #expect(configuration.origin == "quota.example/test")
        #expect(configuration.peerListen.description == "127.0.0.1:7001")
        #expect(configuration.apiListen.host == "::1")
        #expect(configuration.apiListen.port == 8001)
        #expect(configuration.poolStatements == 50_000)
        #expect(configuration.poolBytes == 64 << 20)
        #expect(configuration.submissionWaitMilliseconds == 5_000)
        #expect(configuration.viewTimeoutMilliseconds == 1_000)
        #expect(configuration.logLevel == .info)
    }

    @Test func `what it writes it reads`() throws {
        var configuration = try NodeConfiguration(yaml: Self.least)
        configuration.poolStatements = 123
        configuration.poolBytes = 2 << 20
        configuration.submissionWaitMilliseconds = 0
        configuration.viewTimeoutMilliseconds = 77
        configuration.logLevel = .critical
        #expect(try NodeConfiguration(yaml: configuration.yaml) == configuration)
    }

    @Test(arguments: ["member", "origin", "peer", "api"]) func `a missing key is named`(
        key: String
    ) {
        let lines = Self.least.split(separator: "\n").filter { !$0.hasPrefix(key + ":") }
        #expect(problem(lines.joined(separator: "\n"))?.key == key)
        let empty = lines + ["\(key): \"\""]
        #expect(problem(empty.joined(separator: "\n"))?.key == key)
        let list = lines + ["\(key): [a, b]"]
        #expect(problem(list.joined(separator: "\n"))?.key == key)
    }

    @Test func `an unknown key is named, so that a slip does not leave a default in force`() {
        let error = problem(Self.least + "\npool-statement: 100")
        #expect(error?.key == "pool-statement")
        #expect(error?.description == "pool-statement: not a setting of quotad")
    }

    @Test(arguments: [
        ("pool-statements", 100, 1_000_000), ("pool-bytes", 1 << 20, 1 << 30),
        ("submission-wait-ms", 0, 60_000), ("view-timeout-ms", 50, 60_000),
        ("renewal-s", 1, 86_400),
    ]) func `numbers are taken within their bounds only`(
        key: String,
        least: Int,
        most: Int
    ) throws {
        for good in [least, most] {
            #expect(problem(Self.least + "\n\(key): \(good)") == nil)
        }
        for bad in ["\(least - 1)", "\(most + 1)", "1.5", "many", "\"\"", "9999999999999999999999"]
        {
            let error = try #require(problem(Self.least + "\n\(key): \(bad)"), "\(bad)")
            #expect(error.key == key)
            #expect(error.problem.contains("\(least) to \(most)"))
        }
    }

    @Test(arguments: Logger.Level.allCases) func `every log level is known`(
        level: Logger.Level
    ) throws {
        let configuration = try NodeConfiguration(
            yaml: Self.least + "\nlog-level: \(level.rawValue)"
        )
        #expect(configuration.logLevel == level)
    }

    @Test(arguments: [
        "log-level: loud", "peer: here", "api: http://127.0.0.1:80", "api: \":80\"",
    ]) func `a value that cannot be used is named by its key`(line: String) throws {
        let key = try #require(line.split(separator: ":").first)
        let others = Self.least.split(separator: "\n").filter { !$0.hasPrefix(key + ":") }
        let text = (others + [Substring(line)]).joined(separator: "\n")
        #expect(problem(text)?.key == String(key))
    }

    @Test func `outside witnesses are read and written`() throws {
        let key = try Self.cosignerKey("witness.example")
        let entry = "{url: \"https://witness.example/a\", key: \"\(key.vkey)\"}"
        var configuration = try NodeConfiguration(yaml: Self.least + "\nwitnesses: [\(entry)]")
        #expect(configuration.witnesses.map(\.url) == ["https://witness.example/a"])
        #expect(configuration.witnesses.map(\.key) == [key])
        let other = try Self.cosignerKey("other.example")
        configuration.witnesses.append(
            try #require(OutsideWitness(url: "http://127.0.0.1:80", key: other))
        )
        #expect(try NodeConfiguration(yaml: configuration.yaml) == configuration)
        #expect(try NodeConfiguration(yaml: Self.least + "\nwitnesses: []").witnesses == [])
    }

    private static func cosignerKey(_ name: String) throws -> NoteKey {
        let key = try Ed25519.PrivateKey(seed: SHA256.hash(Array(name.utf8)).bytes)
        return try NoteKey(name: name, type: .cosignature, publicKey: key.publicKey)
    }

    @Test func `logs of others are read and written, and a wrong one is named by its place`() throws
    {
        let key = try Self.cosignerKey("allies.example/log")
        let log = try NoteKey(name: key.name, type: .ed25519, publicKey: key.publicKey)
        var configuration = try NodeConfiguration(
            yaml: Self.least + "\nwitnessed-logs: [\"\(log.vkey)\"]"
        )
        #expect(configuration.witnessedLogs == [log])
        #expect(try NodeConfiguration(yaml: configuration.yaml) == configuration)
        configuration.witnessedLogs = []
        #expect(try NodeConfiguration(yaml: configuration.yaml) == configuration)
        for (list, place) in [
            ("x", "witnessed-logs"), ("[x]", "witnessed-logs[0]"),
            ("[\"\(key.vkey)\"]", "witnessed-logs[0]"), ("[{a: b}]", "witnessed-logs[0]"),
            ("[\"\(log.vkey)\", \"\(log.vkey)\"]", "witnessed-logs[1]"),
        ] {
            #expect(problem(Self.least + "\nwitnessed-logs: \(list)")?.key == place, "\(list)")
        }
    }

    @Test func `a wrong entry of the witnesses is named by its place`() throws {
        let key = try Self.cosignerKey("witness.example")
        let logKey = try NoteKey(name: "log", type: .ed25519, publicKey: key.publicKey).vkey
        let good = "{url: \"http://a.example\", key: \"\(key.vkey)\"}"
        let many = (0...OutsideWitness.countMax).map { _ in good }.joined(separator: ", ")
        for (list, place) in [
            ("here", "witnesses"), ("{a: b}", "witnesses"), ("[\(many)]", "witnesses"),
            ("[here]", "witnesses[0]"), ("[{url: \"http://a.example\"}]", "witnesses[0]"),
            ("[{url: a, key: b, more: c}]", "witnesses[0]"),
            ("[{url: \"http://a.example\", key: x}]", "witnesses[0].key"),
            ("[{url: \"http://a.example\", key: \"\(logKey)\"}]", "witnesses[0].key"),
            ("[\(good), \(good)]", "witnesses[1].key"),
        ] {
            #expect(problem(Self.least + "\nwitnesses: \(list)")?.key == place, "\(list)")
        }
        for url in ["ftp://a.example", "http://", "http://a.example/", "a.example", "http://a b"] {
            let list = "[{url: \"\(url)\", key: \"\(key.vkey)\"}]"
            #expect(problem(Self.least + "\nwitnesses: \(list)")?.key == "witnesses[0].url")
        }
    }

    @Test(arguments: ["- a\n- b", "just text", "member: [", "member: a\nmember: b", "\u{0}"])
    func `what is no list of settings is refused as a whole`(text: String) throws {
        let error = try #require(problem(text))
        #expect(!error.description.isEmpty)
    }

    @Test func `an empty file lacks its first key`() {
        #expect(problem("")?.key == "member")
        #expect(problem("# nothing yet\n")?.key == "member")
    }
}

@Suite struct EndpointTests {
    @Test(arguments: [
        ("127.0.0.1:1", "127.0.0.1", 1), ("node.example:65535", "node.example", 65_535),
        ("[::1]:80", "::1", 80), ("[fe80::1%eth0]:80", "fe80::1%eth0", 80),
        ("node_1.example:443", "node_1.example", 443),
    ]) func `a host and a port are read and written`(text: String, host: String, port: Int) throws {
        let endpoint = try #require(Endpoint(text))
        #expect(endpoint.host == host)
        #expect(endpoint.port == port)
        #expect(endpoint.description == text)
        #expect(Endpoint(endpoint.description) == endpoint)
    }

    @Test(arguments: [
        "", ":", ":80", "host", "host:", "host:0", "host:65536", "host:-1", "host:http", "[]:80",
        "http://host:80", "host:80/", "a b:80", "a\"b:80", "[host:80", "ho\u{e9}st:80", "a\n:80",
    ]) func `anything else is not an endpoint`(text: String) {
        #expect(Endpoint(text) == nil)
    }
}
