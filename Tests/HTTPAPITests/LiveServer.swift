import APIModel
import Client
import Foundation
import HTTPAPI
import Hummingbird
import Logging
import Synchronization

/// A server on a loopback port for the length of one test.
enum LiveServer {
    /// Runs `body` with the port of a server over `backend`.
    static func run(
        _ backend: StubBackend = StubBackend(),
        configuration: APIConfiguration = APIConfiguration(host: "127.0.0.1", port: 0),
        _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = APIServer(backend: backend, configuration: configuration, logger: logger)
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let application = server.application { port in continuation.yield(port) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            group.addTask {
                var iterator = ports.makeAsyncIterator()
                guard let port = await iterator.next() else { throw NoPort() }
                try await body(port)
            }
            try await group.next()
            group.cancelAll()
        }
    }

    struct NoPort: Error {}

    /// Sends bytes over a connection of their own and returns what comes back.
    ///
    /// On a thread of its own: to wait on one of the few that run tasks would keep the server from its work.
    static func exchange(_ port: Int, _ parts: [[UInt8]]) async -> String {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: wait(port, parts)) }
        }
    }

    private static func wait(_ port: Int, _ parts: [[UInt8]]) -> String {
        let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(handle) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(handle, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        setsockopt(handle, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(handle, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { return "" }
        for part in parts where send(handle, part, part.count, Int32(MSG_NOSIGNAL)) < 0 {
            break
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(handle, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            answer += buffer[..<count]
            if answer.count > 200 { break }
        }
        return String(decoding: answer, as: UTF8.self)
    }

    /// One chunk of a chunked body.
    static func chunk(_ size: Int) -> [UInt8] {
        Array("\(String(size, radix: 16))\r\n".utf8) + [UInt8](repeating: 1, count: size)
            + Array("\r\n".utf8)
    }
}

/// Answers that change from call to call.
final class Script<Answer: Sendable>: Sendable {
    private let answers: Mutex<[Answer]>

    init(_ answers: [Answer]) {
        self.answers = Mutex(answers)
    }

    /// The next answer; the last one again when all were given.
    func next() -> Answer {
        answers.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
    }

    var isDone: Bool { answers.withLock { $0.count == 1 } }
}
