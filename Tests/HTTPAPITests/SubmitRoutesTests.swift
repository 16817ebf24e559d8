import APIModel
import CBOR
import Foundation
import HTTPTypes
import QuotaCrypto
import Testing

@Suite struct SubmitRoutesTests {
    private let cbor = "application/cbor"

    private func batch(_ statements: [[UInt8]]) -> [UInt8] {
        CBORValue.array(statements.map(CBORValue.bytes)).encoded()
    }

    @Test func `a batch answers one outcome a statement, in order`() async throws {
        var session = APISession()
        session.backend.outcome = { bytes in
            bytes == [1]
                ? .refused(RefusalDocument(code: "bad-signature", message: "no"))
                : .pending(PendingEntry(entry: StubBackend.entry.description, intake: bytes))
        }
        let answer = try await session.post("/v1/submit", batch([[1], [2], [1]]), type: cbor)
        #expect(answer.status == 200)
        let outcomes = try JSONDecoder().decode(
            [SubmissionOutcome].self,
            from: Data(answer.body)
        )
        #expect(outcomes == [[1], [2], [1]].map(session.backend.outcome))
    }

    @Test func `the CBOR form says the same as the JSON form`() async throws {
        var session = APISession()
        session.backend.outcome = { bytes in
            switch bytes {
            case [1]: .refused(RegistrationRoutesTests.limitExceeded)
            case [3]: .pending(PendingEntry(entry: StubBackend.entry.description, intake: bytes))
            default: StubBackend().outcome(bytes)
            }
        }
        let answer = try await session.post(
            "/v1/submit?wait=1&receipts=1",
            batch([[1], [2], [3]]),
            type: cbor,
            accept: cbor
        )
        #expect(answer.type == cbor)
        let items = try #require(try CBORValue.decode(answer.body).arrayValue)
        let outcomes = try items.map { try SubmissionOutcome(cbor: $0) }
        #expect(outcomes == [[1], [2], [3]].map(session.backend.outcome))
    }

    @Test func `a pool that takes nothing answers 429, one that takes some says which`()
        async throws
    {
        var session = APISession()
        session.backend.outcome = { _ in .poolFull(retryAfter: 2) }
        let full = try await session.post("/v1/submit", batch([[1], [2]]), type: cbor)
        #expect(full.status == 429)
        #expect(full.headers[.retryAfter] == "2")
        session.backend.outcome = { bytes in
            bytes == [1] ? .poolFull(retryAfter: 2) : StubBackend().outcome(bytes)
        }
        let some = try await session.post("/v1/submit", batch([[1], [2]]), type: cbor)
        #expect(some.status == 200)
        #expect(try some.json().elements?[0]["state"]?.textValue == "pool-full")
    }

    @Test func `1,000 statements pass and 1,001 do not`() async throws {
        let largest = Array(repeating: [UInt8(1)], count: 1_000)
        #expect(
            try await APISession().post("/v1/submit", batch(largest), type: cbor).status == 200
        )
        let answer = try await APISession().post("/v1/submit", batch(largest + [[1]]), type: cbor)
        #expect(answer.status == 400)
        #expect(try answer.problem().refusal.code == "bad-batch")
    }

    @Test(
        arguments: [
            ([0x80], "bad-batch", "$"), ([0x01], "bad-batch", "$"), ([0xA0], "bad-batch", "$"),
            ([0x81, 0x40], "bad-batch", "$[0]"), ([0x82, 0x41, 1, 0x01], "bad-batch", "$[1]"),
            ([0x81, 0x42, 1], "malformed-cbor", "body"),
            ([0x9F, 0x41, 1, 0xFF], "malformed-cbor", "body"),
            ([0x81, 0x41, 1, 0], "malformed-cbor", "body"),
            ([0x9A, 0xFF, 0xFF, 0xFF, 0xFF], "malformed-cbor", "body"),
        ] as [([UInt8], String, String)]
    )
    func `a batch of another shape is refused by field`(
        body: [UInt8],
        code: String,
        field: String
    ) async throws {
        let answer = try await APISession().post("/v1/submit", body, type: cbor)
        #expect(answer.status == 400)
        let problem = try answer.problem()
        #expect(problem.refusal.code == code)
        #expect(problem.refusal.field == field)
    }

    @Test func `a statement of 65,536 bytes inside a batch is refused by its place`()
        async throws
    {
        let body = batch([[1], [UInt8](repeating: 1, count: 65_536)])
        let answer = try await APISession().post("/v1/submit", body, type: cbor)
        #expect(answer.status == 400)
        #expect(try answer.problem().refusal.field == "$[1]")
    }

    @Test(arguments: ["wait=yes", "wait=1&wait=1", "wat=1", "wait="])
    func `a flag that is misspelt or misused is refused`(query: String) async throws {
        let answer = try await APISession().post("/v1/submit?\(query)", batch([[1]]), type: cbor)
        #expect(answer.status == 400)
        #expect(
            ["bad-parameter", "unknown-parameter"].contains(try answer.problem().refusal.code)
        )
    }

    @Test func `a dry run judges claims in order`() async throws {
        let claims = CBORValue.array([
            .textMap(["issuer": "us-nvidia", "subject": "a", "body": .bytes([0xA0])]),
            .textMap(["issuer": "us-nvidia", "subject": "b", "body": .bytes([0xA0])]),
        ])
        let answer = try await APISession().post("/v1/dry-run", claims.encoded(), type: cbor)
        #expect(answer.status == 200)
        let verdicts = try JSONDecoder().decode([DryRunVerdict].self, from: Data(answer.body))
        #expect(
            verdicts
                == ["a", "b"].map {
                    .judged(DecisionDocument(outcome: .admit, review: $0, limits: []))
                }
        )
    }

    @Test func `a dry run names the field that is missing or unknown`() async throws {
        let missing = CBORValue.array([.textMap(["issuer": "x", "body": .bytes([0xA0])])])
        let answer = try await APISession().post("/v1/dry-run", missing.encoded(), type: cbor)
        #expect(try answer.problem().refusal.field == "$[0].subject")
        let unknown = CBORValue.array([
            .textMap(["issuer": "x", "subject": "a", "body": .bytes([0xA0]), "extra": 1])
        ])
        let second = try await APISession().post("/v1/dry-run", unknown.encoded(), type: cbor)
        #expect(try second.problem().refusal.field == "$[0].extra")
    }
}
