package import Foundation

#if canImport(AsyncHTTPClient)
import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
#endif

/// Requests over HTTP and HTTPS.
///
/// The build of the core alone has no network code at all: there every request fails with the reason, and
/// files and folders are read as ever.
package enum Web {
    /// An answer, whatever its status.
    package struct Answer: Sendable {
        /// The HTTP status.
        package let status: Int
        /// The body.
        package let bytes: [UInt8]
    }

    /// Asks for what stands at an address; redirections are followed.
    ///
    /// An answer is read up to `limit` bytes, so a server cannot fill this machine's memory.
    ///
    /// - Throws: `Unreadable` if nothing answers, or with more than `limit` bytes.
    package static func get(_ address: URL, limit: Int) async throws -> Answer {
        try await request(address, body: nil, limit: limit)
    }

    /// Sends a JSON document to an address.
    ///
    /// - Throws: `Unreadable` if nothing answers, or at unreasonable length.
    package static func post(_ json: [UInt8], to address: URL) async throws -> Answer {
        try await request(address, body: json, limit: 1 << 16)
    }
}

#if canImport(AsyncHTTPClient)
extension Web {
    /// Whether this build can reach addresses.
    package static let isAvailable = true

    /// Lives as long as the process: connections are kept from one tile to the next.
    private static let client = {
        var configuration = HTTPClient.Configuration(
            timeout: HTTPClient.Configuration.Timeout(connect: .seconds(10), read: .seconds(30))
        )
        // A node that is down is told of at once; who watches asks again by itself.
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    private static func request(
        _ address: URL,
        body: [UInt8]?,
        limit: Int
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: address.absoluteString)
        request.headers.add(name: "user-agent", value: "quota-ledger")
        if let body {
            request.method = .POST
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        do {
            let response = try await client.execute(request, timeout: .minutes(5))
            let buffer = try await response.body.collect(upTo: limit)
            return Answer(
                status: Int(response.status.code),
                bytes: Array(buffer.readableBytesView)
            )
        } catch {
            throw Unreadable(address.absoluteString, cause(error, limit: limit))
        }
    }

    /// Why a request failed, in a few words.
    ///
    /// - Parameters:
    ///   - error: What the request threw.
    ///   - limit: The most bytes that an answer may have had.
    /// - Returns: The end of a sentence that names the address.
    package static func cause(_ error: any Error, limit: Int) -> String {
        switch error {
        case is NIOTooManyBytesError: "the answer is longer than \(limit) bytes"
        case let error as IOError: String(cString: strerror(error.errnoCode))
        // Its own description lists every address that was tried.
        case is NIOConnectionError: "cannot connect"
        case let error as HTTPClientError: error.description
        default: "\(error)"
        }
    }
}
#else
extension Web {
    /// Whether this build can reach addresses.
    package static let isAvailable = false

    private static func request(
        _ address: URL,
        body: [UInt8]?,
        limit: Int
    ) async throws -> Answer {
        let problem = "this program was built without network access; name a folder or a file"
        throw Unreadable(address.absoluteString, problem)
    }
}
#endif
