import Foundation
import Synchronization

/// A little HTTP server on this machine that keeps what is posted to it.
final class WebhookServer: Sendable {
    private struct Contents {
        var bodies: [String] = []
        var status = 204
    }

    struct NoSocket: Error {}

    private let contents = Mutex(Contents())
    private let listener: Int32
    let address: String

    /// Serves on a free port until it is released.
    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else {
            close(listener)
            throw NoSocket()
        }
        self.listener = listener
        self.address = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))/hook"
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                self?.serve(connection)
                close(connection)
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// The bodies that came, refused ones included.
    var bodies: [String] { contents.withLock { $0.bodies } }

    /// Answers with this status from now on.
    func answer(_ status: Int) { contents.withLock { $0.status = status } }

    private func serve(_ connection: Int32) {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            bytes += buffer[..<count]
            if let body = Self.body(String(decoding: bytes, as: UTF8.self)) {
                let status = contents.withLock { contents in
                    contents.bodies.append(body)
                    return contents.status
                }
                let answer =
                    "HTTP/1.1 \(status) .\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                send(connection, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
                return
            }
        }
    }

    /// The body of a whole request, nil while a part is missing.
    private static func body(_ request: String) -> String? {
        guard let end = request.range(of: "\r\n\r\n") else { return nil }
        let length = request[..<end.lowerBound].split(separator: "\r\n")
            .first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) }
        let body = String(request[end.upperBound...])
        return body.utf8.count < (length ?? 0) ? nil : body
    }
}
