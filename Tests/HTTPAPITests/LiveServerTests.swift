import HTTPAPI
import Testing

@Suite(.serialized) struct LiveServerTests {
    private static let head =
        "POST /entries HTTP/1.1\r\nHost: x\r\nContent-Type: application/cose\r\n"
    private static let chunked = Array((head + "Transfer-Encoding: chunked\r\n\r\n").utf8)
    private static let next = Array("GET /checkpoint HTTP/1.1\r\nHost: x\r\n\r\n".utf8)

    @Test func `a body that only grows too long on the way is 413, and the server lives`()
        async throws
    {
        try await LiveServer.run { port in
            let end = Array("0\r\n\r\n".utf8)
            let parts = [Self.chunked, LiveServer.chunk(40_000), LiveServer.chunk(40_000), end]
            #expect(await LiveServer.exchange(port, parts).hasPrefix("HTTP/1.1 413"))
            #expect(await LiveServer.exchange(port, [Self.next]).hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func `a declared length over the bound is 413 without the body`() async throws {
        try await LiveServer.run { port in
            let head = Array((Self.head + "Content-Length: 65536\r\n\r\n").utf8)
            let body = [UInt8](repeating: 1, count: 65_536)
            let answer = await LiveServer.exchange(port, [head + body, Self.next])
            #expect(answer.hasPrefix("HTTP/1.1 413"))
        }
    }

    @Test func `a body that never ends is cut off, and the server lives`() async throws {
        try await LiveServer.run { port in
            let flood = Array(repeating: LiveServer.chunk(60_000), count: 100)
            _ = await LiveServer.exchange(port, [Self.chunked] + flood)
            #expect(await LiveServer.exchange(port, [Self.next]).hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func `a body that does not arrive in time is 408`() async throws {
        var configuration = APIConfiguration(host: "127.0.0.1", port: 0)
        configuration.bodySecondsMax = 1
        try await LiveServer.run(configuration: configuration) { port in
            let answer = await LiveServer.exchange(port, [Self.chunked, LiveServer.chunk(10)])
            #expect(answer.hasPrefix("HTTP/1.1 408"))
        }
    }

    @Test func `a header that is too long is refused, and the server lives`() async throws {
        try await LiveServer.run { port in
            let long = String(repeating: "a", count: APILimits.headerFieldBytesMax + 1)
            let request = Array(
                "GET /checkpoint HTTP/1.1\r\nHost: x\r\nX-Long: \(long)\r\n\r\n".utf8
            )
            let answer = await LiveServer.exchange(port, [request])
            #expect(answer.hasPrefix("HTTP/1.1 4"))
            #expect(await LiveServer.exchange(port, [Self.next]).hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test(arguments: ["", "\u{0}\u{1}\u{2}\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"])
    func `rubbish in place of HTTP does no harm`(text: String) async throws {
        try await LiveServer.run { port in
            if !text.isEmpty { _ = await LiveServer.exchange(port, [Array(text.utf8)]) }
            #expect(await LiveServer.exchange(port, [Self.next]).hasPrefix("HTTP/1.1 200"))
        }
    }
}
