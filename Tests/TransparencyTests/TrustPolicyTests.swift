import QuotaCrypto
import Testing
import Transparency

struct TrustPolicyTests {
    private static let log = try? Signers.log("quota.example/a").key.vkey
    private static func vkey(_ seed: UInt8) throws -> String {
        try Signers.cosigner("w\(seed).example", seed).key.vkey
    }

    @Test func `the standard's example parses, and its text parses again`() throws {
        let text = """
            # logs

            log \(try #require(Self.log)) https://quota.example/a
            \twitness X1 \(try Self.vkey(1))
            witness X2 \(try Self.vkey(2))\thttps://x2.example
            witness X3 \(try Self.vkey(3))
            group X-witnesses 2 X1 X2 X3
              # the others
            witness Y1 \(try Self.vkey(4))
            group Y-witnesses any Y1
            group X-and-Y all X-witnesses Y-witnesses
            quorum X-and-Y

            """
        let policy = try TrustPolicy(text)
        #expect(policy.logs.map(\.url) == ["https://quota.example/a"])
        #expect(policy.witnesses.map(\.name) == ["X1", "X2", "X3", "Y1"])
        #expect(policy.witnesses.map(\.url) == [nil, "https://x2.example", nil, nil])
        #expect(policy.groups.map(\.threshold) == [.count(2), .any, .all])
        #expect(policy.quorum == "X-and-Y")
        #expect(try TrustPolicy(policy.text) == policy)
        let built = try TrustPolicy(
            logs: policy.logs,
            witnesses: policy.witnesses,
            groups: policy.groups,
            quorum: policy.quorum
        )
        #expect(built == policy)
        for (names, isMet) in [
            (["X1", "X2", "Y1"], true), (["X1", "X2", "X3"], false), (["X1", "Y1"], false),
            (["X3", "X1", "Y1", "Z"], true), ([], false), (["X-witnesses", "Y1"], false),
        ] {
            #expect(policy.isQuorumMet(by: names) == isMet)
        }
    }

    @Test func `the smallest policies`() throws {
        let none = try TrustPolicy("quorum none\n")
        #expect(none.quorum == nil)
        #expect(none.isQuorumMet(by: []))
        let one = try TrustPolicy("witness a \(try Self.vkey(1))\nquorum a\n")
        #expect(!one.isQuorumMet(by: []))
        #expect(one.isQuorumMet(by: ["a"]))
        let bytes = Array("# ".utf8) + [0xff, 0xe9, 0x0a] + Array("quorum none\n".utf8)
        #expect(try TrustPolicy(bytes) == none)
    }

    @Test func `errors name the line`() throws {
        let log = try #require(Self.log)
        let a = "witness a \(try Self.vkey(1))\n"
        let b = "witness b \(try Self.vkey(2))\n"
        let cosignerAsLog = try Self.vkey(1)
        for (text, line, problem) in [
            ("", nil, "no quorum"), ("# only\n", nil, "no quorum"),
            ("quorum none", 1, "newline"), ("\(a)quorum none\nquorum a\n", 3, "twice"),
            ("quorum a\n\(a)", 1, "not defined"), ("quorum\n", 1, "expected"),
            ("quorum none none\n", 1, "expected"), ("log\n", 1, "expected"),
            ("log \(log) url rest\n", 1, "expected"), ("log \(log)\nlog \(log)\n", 2, "same"),
            ("log \(cosignerAsLog)\n", 1, "type 1"), ("log name+00000000+AA==\n", 1, "type 0"),
            ("witness a\n", 1, "expected"), ("witness a \(log)\n", 1, "type 4"),
            ("\(a)\(a)", 2, "same public key"),
            ("\(a)witness a \(try Self.vkey(2))\n", 2, "defined twice"),
            ("witness none \(try Self.vkey(1))\n", 1, "may not"),
            ("witness #a \(try Self.vkey(1))\n", 1, "may not"),
            ("\(a)group a any a\n", 2, "defined twice"), ("group g any\n", 1, "expected"),
            ("group g any b\n", 1, "not defined"), ("group g any g\n", 1, "not defined"),
            ("\(a)group none any a\n", 2, "may not"), ("\(a)group g any none\n", 2, "not defined"),
            ("\(a)group g 2 a\n", 2, "1 to 1"), ("\(a)group g 0 a\n", 2, "threshold"),
            ("\(a)group g 01 a\n", 2, "threshold"), ("\(a)group g some a\n", 2, "threshold"),
            ("\(a)group g any a a\n", 2, "member twice"),
            ("\(a)\(b)group g any a\ngroup h any a b\n", 4, "member twice"),
            ("tree x\n", 1, "unknown keyword"), ("quorum none\r\n", 1, "control"),
            ("quo\u{0}rum none\n", 1, "control"),
        ] as [(String, Int?, String)] {
            #expect("\(text)") {
                try TrustPolicy(text)
            } throws: { error in
                let error = error as? TrustPolicyError
                return error?.line == line && error?.problem.contains(problem) ?? false
            }
        }
        #expect(throws: TrustPolicyError.self) {
            try TrustPolicy(Array("witness ".utf8) + [0xff] + Array(" x\n".utf8))
        }
    }

    @Test func `names are octets: a Kelvin sign is not a K`() throws {
        let text = "witness K \(try Self.vkey(1))\nwitness \u{212A} \(try Self.vkey(2))\n"
        let policy = try TrustPolicy(text + "quorum \u{212A}\n")
        #expect(!policy.isQuorumMet(by: ["K"]))
        #expect(policy.isQuorumMet(by: ["\u{212A}"]))
        #expect(throws: TrustPolicyError.self) {
            try TrustPolicy("witness K \(try Self.vkey(1))\nquorum \u{212A}\n")
        }
    }

    @Test func `the limits hold, and one more is refused`() throws {
        var lines = ""
        for number in 0..<TrustPolicy.itemsMax {
            let seed = [UInt8(number & 255), UInt8(number >> 8)] + [UInt8](repeating: 7, count: 30)
            let key = try Ed25519.PrivateKey(seed: seed)
            let vkey = try Cosigner(name: "w", privateKey: key).key.vkey
            lines += "witness w\(number) \(vkey)\ngroup g\(number) any w\(number)\n"
        }
        let policy = try TrustPolicy(lines + "quorum g255\n")
        #expect(policy.isQuorumMet(by: ["w255"]))
        #expect(!policy.isQuorumMet(by: ["w254"]))
        let line = 2 * TrustPolicy.itemsMax + 1
        for more in ["witness more \(try Self.vkey(1))\n", "group more any g1\n"] {
            #expect {
                try TrustPolicy(lines + more)
            } throws: { error in
                (error as? TrustPolicyError)?.line == line
            }
        }
        let long = String(repeating: "#", count: TrustPolicy.byteCountMax)
        #expect(throws: TrustPolicyError.self) { try TrustPolicy(long + "\n") }
    }
}
