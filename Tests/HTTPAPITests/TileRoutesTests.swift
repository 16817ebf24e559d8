import APIModel
import HTTPTypes
import Testing

@Suite struct TileRoutesTests {
    @Test(arguments: ["/checkpoint", "/v1/witnessed-checkpoint"])
    func `a checkpoint is text that caches keep for a second`(path: String) async throws {
        let answer = try await APISession().get(path)
        #expect(answer.status == 200)
        #expect(answer.text == "note")
        #expect(answer.type == "text/plain; charset=utf-8")
        #expect(answer.headers[.cacheControl] == "public, max-age=1")
    }

    @Test(arguments: ["/checkpoint", "/v1/witnessed-checkpoint"])
    func `before the first checkpoint the answer is 404 with a code`(path: String) async throws {
        var session = APISession()
        session.backend.note = nil
        let answer = try await session.get(path)
        #expect(answer.status == 404)
        #expect(try answer.problem().refusal.code == "no-checkpoint")
    }

    @Test(arguments: ["tile/0/000", "tile/63/000", "tile/entries/000"])
    func `a full tile is immutable`(path: String) async throws {
        let answer = try await APISession().get("/" + path)
        #expect(answer.status == 200)
        #expect(answer.text == path)
        #expect(answer.type == "application/octet-stream")
        #expect(answer.headers[.cacheControl] == "public, max-age=31536000, immutable")
    }

    @Test func `a partial tile is kept for minutes only`() async throws {
        let answer = try await APISession().get("/tile/entries/000.p/7")
        #expect(answer.status == 200)
        #expect(answer.headers[.cacheControl] == "public, max-age=300")
    }

    @Test(arguments: [
        "/tile/0/0", "/tile/64/000", "/tile/-1/000", "/tile/00/000", "/tile/0/000.p/0",
        "/tile/0/000.p/256", "/tile/0/000.p/07", "/tile/0/x000/000", "/tile/0/1000",
        "/tile/0/000/", "/tile/0", "/tile/entries/x1/000", "/tile/0/..%2f000",
        "/tile/0/000.p", "/tile/0/000%00",
    ])
    func `a tile path in another form than the canonical one is refused`(
        path: String
    ) async throws {
        let answer = try await APISession().get(path)
        #expect(answer.status == 400)
        let problem = try answer.problem()
        #expect(problem.refusal.code == "bad-tile-path")
        #expect(problem.refusal.field == "path")
    }

    @Test func `a tile beyond the log is not found`() async throws {
        let answer = try await APISession().get("/tile/0/001")
        #expect(answer.status == 404)
        #expect(try answer.problem().refusal.code == "no-such-tile")
    }
}
