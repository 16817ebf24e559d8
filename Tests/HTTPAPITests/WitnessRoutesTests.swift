import APIModel
import HTTPAPI
import HTTPTypes
import QuotaCrypto
import Testing

/// Every answer that C2SP tlog-witness v1.0.0 names.
@Suite struct WitnessRoutesTests {
    private static let note =
        "log.example\n3\n\(Base64.encode([UInt8](repeating: 1, count: 32)))\n\n"
        + "\u{2014} log.example \(Base64.encode([UInt8](repeating: 2, count: 68)))\n"

    private func answer(
        _ answer: WitnessAnswer,
        _ body: String = "old 3\n\n" + note
    ) async throws -> APIAnswer {
        var session = APISession()
        session.backend.witnessAnswer = answer
        return try await session.post("/add-checkpoint", Array(body.utf8), type: "text/plain")
    }

    @Test func `a cosignature is a line of text`() async throws {
        let answer = try await answer(.cosigned("\u{2014} w AAAA\n"))
        #expect(answer.status == 200)
        #expect(answer.text == "\u{2014} w AAAA\n")
        #expect(answer.headers[.cacheControl] == "no-store")
    }

    @Test func `another size is told in a body of its own type`() async throws {
        let answer = try await answer(.otherSize(17))
        #expect(answer.status == 409)
        #expect(answer.type == "text/x.tlog.size")
        #expect(answer.text == "17\n")
    }

    @Test(arguments: [
        (WitnessAnswer.unknownOrigin, 404, "unknown-origin"),
        (.untrusted("no log key"), 403, "untrusted-checkpoint"),
        (.inconsistent("another root"), 422, "inconsistent-checkpoint"),
        (.notFinal(retryAfter: 1), 503, "not-final"),
    ]) func `what is not cosigned has a status and a code`(
        given: WitnessAnswer,
        status: Int,
        code: String
    ) async throws {
        let answer = try await answer(given)
        #expect(answer.status == status)
        #expect(try answer.problem().refusal.code == code)
    }

    @Test(arguments: [
        "", "old\n\n", "old 03\n\n", "old 3\n", "old 3\nAAAA\n\n", "new 3\n\n", "old -1\n\n",
        "old 18446744073709551616\n\n", "old 3\n\nno note",
    ]) func `a malformed request is refused before anything is judged`(start: String) async throws {
        let body = start.hasSuffix("\n\n") && start != "old 3\n\n" ? start + Self.note : start + " "
        let answer = try await answer(.cosigned("never"), body)
        #expect(answer.status == 400)
        #expect(try answer.problem().refusal.code == "bad-checkpoint-request")
    }

    @Test func `an old size above the checkpoint's is refused`() async throws {
        let answer = try await answer(.cosigned("never"), "old 4\n\n" + Self.note)
        #expect(answer.status == 400)
        #expect(try answer.problem().refusal.field == "old")
    }

    @Test func `the latest note of a watched log is found by the hash of its origin`() async throws
    {
        let found = try await APISession().get("/\(StubBackend.entry)/checkpoint")
        #expect(found.status == 200)
        #expect(found.text == "note")
        for other in [
            String(repeating: "0", count: 64), "x", StubBackend.entry.description.uppercased(),
        ] {
            #expect(try await APISession().get("/\(other)/checkpoint").status == 404)
        }
    }
}
