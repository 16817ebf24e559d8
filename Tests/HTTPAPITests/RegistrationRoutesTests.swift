import APIModel
import CBOR
import COSE
import HTTPAPI
import HTTPTypes
import QuotaCrypto
import Testing

@Suite struct RegistrationRoutesTests {
    private let cose = "application/cose"
    private let id = StubBackend.entry.description

    @Test func `a statement that becomes final answers 201 with its receipt`() async throws {
        let answer = try await APISession().post("/entries", [0xD2], type: cose)
        #expect(answer.status == 201)
        #expect(answer.type == cose)
        #expect(answer.body == StubBackend.receipt)
        #expect(answer.headers[.location] == "/entries/\(id)")
    }

    @Test func `a statement that is not final in time answers 303 and says when to ask`()
        async throws
    {
        var session = APISession()
        session.backend.outcome = { _ in
            .pending(PendingEntry(entry: StubBackend.entry.description, retryAfter: 2))
        }
        let answer = try await session.post("/entries", [0xD2], type: cose)
        #expect(answer.status == 303)
        #expect(answer.headers[.location] == "/entries/\(id)")
        #expect(answer.headers[.retryAfter] == "2")
        #expect(answer.body.isEmpty)

        session.backend.outcome = { _ in
            .pending(PendingEntry(entry: StubBackend.entry.description, intake: [0xD2, 0x01]))
        }
        let receipted = try await session.post("/entries", [0xD2], type: cose)
        #expect(receipted.status == 303)
        #expect(receipted.type == cose)
        #expect(receipted.body == [0xD2, 0x01])
    }

    @Test func `a refused claim carries code, limits and the largest quantity in CBOR`()
        async throws
    {
        var session = APISession()
        let refusal = Self.limitExceeded
        session.backend.outcome = { _ in .refused(refusal) }
        let answer = try await session.post("/entries", [0xD2], type: cose)
        #expect(answer.status == 400)
        #expect(answer.type == APIProblem.conciseType)
        let problem = try answer.problem()
        #expect(problem.title == "Rejected")
        #expect(problem.refusal == refusal)
    }

    @Test func `the same refusal comes as JSON on request, with the same code`() async throws {
        var session = APISession()
        let refusal = Self.limitExceeded
        session.backend.outcome = { _ in .refused(refusal) }
        let answer = try await session.post(
            "/entries",
            [0xD2],
            type: cose,
            accept: "application/json"
        )
        #expect(answer.status == 400)
        #expect(answer.type == APIProblem.jsonType)
        #expect(try answer.problem().refusal == refusal)
        let json = try answer.json()
        #expect(json["detail"]?.textValue == refusal.message)
        #expect(json["limits"]?.elements?.first?["room"]?["tenths"]?.unsignedValue == 126_512_000)
    }

    @Test func `a full pool answers 429 with Retry-After`() async throws {
        var session = APISession()
        session.backend.outcome = { _ in .poolFull(retryAfter: 3) }
        let answer = try await session.post("/entries", [0xD2], type: cose)
        #expect(answer.status == 429)
        #expect(answer.headers[.retryAfter] == "3")
        #expect(try answer.problem().title == "Too Many Requests")
    }

    @Test func `a statement of the largest size passes and one byte more is 413`() async throws {
        let largest = [UInt8](repeating: 1, count: 65_535)
        #expect(try await APISession().post("/entries", largest, type: cose).status == 201)
        let answer = try await APISession().post("/entries", largest + [1], type: cose)
        #expect(answer.status == 413)
        #expect(try answer.problem().refusal.code == "body-too-large")
    }

    @Test(arguments: ["application/json", "text/plain", "application/cose-x", ""])
    func `another content type is 415`(type: String) async throws {
        let answer = try await APISession().post("/entries", [0xD2], type: type)
        #expect(answer.status == 415)
        let problem = try answer.problem()
        #expect(problem.refusal.code == "unsupported-media-type")
        #expect(problem.refusal.field == "Content-Type")
    }

    @Test func `a content type with parameters is accepted`() async throws {
        let type = "application/cose; cose-type=\"cose-sign1\""
        #expect(try await APISession().post("/entries", [0xD2], type: type).status == 201)
    }

    @Test func `an empty body is refused`() async throws {
        let answer = try await APISession().post("/entries", [], type: cose)
        #expect(answer.status == 400)
        #expect(try answer.problem().refusal.code == "empty-body")
    }

    @Test func `an entry answers its receipt, or the Transparent Statement on request`()
        async throws
    {
        let receipt = try await APISession().get("/entries/\(id)")
        #expect(receipt.status == 200)
        #expect(receipt.body == StubBackend.receipt)
        let transparent = try await APISession().get(
            "/entries/\(id)",
            accept: "application/scitt-statement+cose"
        )
        #expect(transparent.type == "application/scitt-statement+cose")
        #expect(transparent.body == [0xD2, 0x84, 0x02])
    }

    @Test func `a running registration redirects to itself`() async throws {
        var session = APISession()
        session.backend.registration = .running(retryAfter: 1)
        let answer = try await session.get("/entries/\(id)")
        #expect(answer.status == 302)
        #expect(answer.headers[.location] == "/entries/\(id)")
        #expect(answer.headers[.retryAfter] == "1")
    }

    @Test(arguments: ["abc", "00", String(repeating: "A", count: 64), "%2e%2e"])
    func `a locator that is no leaf hash is 400`(locator: String) async throws {
        let answer = try await APISession().get("/entries/\(locator)")
        #expect(answer.status == 400)
        #expect(try answer.problem().title == "Invalid locator")
    }

    @Test func `an unknown entry is 404 and says that refused statements are not kept`()
        async throws
    {
        let unknown = String(repeating: "0", count: 64)
        let answer = try await APISession().get("/entries/\(unknown)")
        #expect(answer.status == 404)
        #expect(try answer.problem().refusal.code == "no-such-entry")
    }

    @Test func `the key set lists the keys, and one is found by its thumbprint`() async throws {
        let key = try #require(StubBackend.key)
        let set = try await APISession().get("/.well-known/scitt-keys")
        #expect(set.type == "application/cbor")
        #expect(try CBORValue.decode(set.body) == .array([COSEKey.value(of: key)]))
        let kid = Base64.urlEncode(COSEKey.thumbprint(key).bytes)
        let one = try await APISession().get("/.well-known/scitt-keys/\(kid)")
        #expect(one.body == COSEKey.encode(key))
        let none = try await APISession().get("/.well-known/scitt-keys/AAAA")
        #expect(none.status == 404)
        #expect(try none.problem().title == "No such key")
    }

    static let limitExceeded = RefusalDocument(
        code: "limit-exceeded",
        message: "800 H100 ask 12,665,600 TPP and 12,651,200 TPP are left",
        field: "$.lines[0].quantity",
        reasons: [ReasonDocument(code: "limit-exceeded", message: "over", citation: "740.29(d)")],
        limits: [
            LimitDocument(
                limit: "lpp-parent-year",
                subject: ["aurora-group"],
                period: "2026",
                before: .tenths(142_488_000),
                amount: .tenths(126_656_000),
                after: .tenths(269_144_000),
                cap: .tenths(269_000_000),
                room: .tenths(126_512_000),
                largestQuantity: 799,
                citation: "740.29(d)"
            )
        ],
        alternatives: [
            AlternativeDocument(
                authority: "LICENSE",
                outcome: .admit,
                review: "presumption_of_approval",
                missingEvidence: ["licence"]
            )
        ],
        largestQuantity: 799,
        citation: "740.29(d)",
        judgedAt: 42
    )
}
