import APIModel
import CBOR
import HTTPTypes
import QuotaCrypto
import Testing

@Suite struct StateRoutesTests {
    @Test func `an amount names its unit, its tenths and its text`() async throws {
        let answer = try await APISession().get("/v1/accounts/KE")
        let account = try #require(try answer.json()["accounts"]?.elements?.first)
        #expect(account["consumed"]?["unit"]?.textValue == "TPP")
        #expect(account["consumed"]?["tenths"]?.unsignedValue == 268_985_680)
        #expect(account["consumed"]?["text"]?.textValue == "26,898,568 TPP")
        #expect(account["room"]?["tenths"]?.unsignedValue == 7_631_014_320)
        #expect(account["usedBasisPoints"]?.unsignedValue == 340)
        #expect(account["status"]?.textValue == "open")
    }

    @Test(arguments: ["ke", "K", "KEN", "K1", "%4B", "12"])
    func `a country in another form than two capitals is refused`(country: String) async throws {
        let answer = try await APISession().get("/v1/accounts/\(country)")
        #expect(answer.status == 400)
        #expect(try answer.problem().refusal.field == "country")
    }

    @Test(arguments: [
        ("/v1/claims?limit=0", "limit"), ("/v1/claims?limit=1001", "limit"),
        ("/v1/claims?limit=01", "limit"), ("/v1/claims?limit=-1", "limit"),
        ("/v1/claims?after=18446744073709551616", "after"),
        ("/v1/claims?state=open", "state"), ("/v1/claims?country=kenya", "country"),
        ("/v1/claims?isuer=x", "isuer"), ("/v1/room", "country"),
        ("/v1/room?country=KE&date=2025-02-30", "date"),
        ("/v1/room?country=KE&date=soon", "date"),
        ("/v1/proof/total", "country"), ("/v1/proof/consistency?old=1", "new"),
        ("/v1/proof/consistency?old=2&new=1", "old"),
        ("/v1/status?verbose=1", "verbose"), ("/checkpoint?x", "x"),
    ])
    func `a bad query is refused and the parameter named`(
        uri: String,
        field: String
    ) async throws {
        let answer = try await APISession().get(uri)
        #expect(answer.status == 400)
        #expect(try answer.problem().refusal.field == field)
    }

    @Test func `a query value that is too long is refused`() async throws {
        let long = String(repeating: "a", count: 257)
        let answer = try await APISession().get("/v1/claims?issuer=\(long)")
        #expect(answer.status == 400)
        #expect(try answer.problem().refusal.field == "issuer")
    }

    @Test func `a target that is too long is refused`() async throws {
        let answer = try await APISession().get("/v1/" + String(repeating: "a", count: 2_048))
        #expect(answer.status == 414)
        #expect(try answer.problem().refusal.code == "target-too-long")
    }

    @Test func `a path that is not served answers in the same form as any error`() async throws {
        let answer = try await APISession().get("/v2/status")
        #expect(answer.status == 404)
        #expect(try answer.problem().refusal.code == "no-such-path")
        let concise = try await APISession().get("/v2/status", accept: "application/cbor")
        #expect(concise.type == APIProblem.conciseType)
        #expect(try concise.problem().refusal.code == "no-such-path")
    }

    @Test func `an error of the node is 500 and tells nothing of its inside`() async throws {
        let answer = try await APISession().get("/v1/status")
        #expect(answer.status == 500)
        #expect(try answer.problem().refusal.code == "internal-error")
        #expect(!answer.text.contains("Broken"))
    }

    @Test func `the policy comes as JSON or as its own bytes`() async throws {
        let json = try await APISession().get("/v1/policy").json()
        #expect(json["document"]?["id"]?.textValue == "us-ai-diffusion-2025")
        let bytes = try await APISession().get("/v1/policy", accept: "application/cbor")
        #expect(try CBORValue.decode(bytes.body)["id"]?.textValue == "us-ai-diffusion-2025")
    }

    @Test func `an unknown organisation is 404 and a known one is itself`() async throws {
        let known = try await APISession().get("/v1/organisations/nairobi-university")
        #expect(try known.json()["headquarters"]?.textValue == "KE")
        let unknown = try await APISession().get("/v1/organisations/nobody")
        #expect(unknown.status == 404)
        #expect(try unknown.problem().refusal.code == "no-such-organisation")
    }

    @Test(arguments: ["3", StubBackend.entry.description])
    func `a leaf is found by index and by hash`(id: String) async throws {
        let json = try await APISession().get("/v1/statements/\(id)").json()
        #expect(json["kind"]?.textValue == "header")
        #expect(json["time"]?.textValue == "2025-06-01T12:00:00Z")
        #expect(json["payload"]?["height"]?.unsignedValue == 3)
    }

    @Test func `an unknown leaf is 404 and a bad locator is 400`() async throws {
        #expect(try await APISession().get("/v1/statements/4").status == 404)
        let bad = try await APISession().get("/v1/statements/x")
        #expect(bad.status == 400)
        #expect(try bad.problem().refusal.code == "invalid-locator")
    }

    @Test func `proofs come as text and as JSON`() async throws {
        let total = try await APISession().get("/v1/proof/total?country=KE")
        #expect(total.text.hasPrefix("c2sp.org/tlog-proof@v1\n"))
        #expect(try await APISession().get("/v1/proof/total?country=FR").status == 404)
        let path = try await APISession().get("/v1/proof/consistency?old=16&new=42").json()
        #expect(path["path"]?.elements?.count == 1)
        #expect(try await APISession().get("/v1/trust-policy").text == "quorum none\n")
    }

    @Test func `readiness follows the node and liveness does not`() async throws {
        var session = APISession()
        session.backend.isReady = false
        #expect(try await session.get("/health/live").status == 200)
        let ready = try await session.get("/health/ready")
        #expect(ready.status == 503)
        #expect(try ready.json()["reasons"]?.elements?.count == 1)
    }

    @Test func `HEAD answers as GET without a body`() async throws {
        let answer = try await APISession().send(.head, "/checkpoint")
        #expect(answer.status == 200)
        #expect(answer.body.isEmpty)
        #expect(answer.headers[.contentLength] == "4")
    }
}
