import APIModel
import CBOR
import Foundation
import HTTPAPI
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Testing

/// One request through the whole middleware chain, and its answer.
struct APISession: Sendable {
    var backend = StubBackend()
    var configuration = APIConfiguration(host: "127.0.0.1", port: 0)

    func send(
        _ method: HTTPRequest.Method,
        _ uri: String,
        _ headers: HTTPFields = [:],
        body: [UInt8]? = nil
    ) async throws -> APIAnswer {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = APIServer(backend: backend, configuration: configuration, logger: logger)
        return try await server.application().test(.router) { client in
            let buffer = body.map { ByteBuffer(bytes: $0) }
            return try await client.execute(
                uri: uri,
                method: method,
                headers: headers,
                body: buffer
            ) { response in
                APIAnswer(
                    status: response.status.code,
                    headers: response.headers,
                    body: Array(response.body.readableBytesView)
                )
            }
        }
    }

    func get(_ uri: String, accept: String? = nil) async throws -> APIAnswer {
        try await send(.get, uri, accept.map { [.accept: $0] } ?? [:])
    }

    func post(
        _ uri: String,
        _ body: [UInt8],
        type: String,
        accept: String? = nil
    ) async throws -> APIAnswer {
        var headers: HTTPFields = [.contentType: type]
        if let accept { headers[.accept] = accept }
        return try await send(.post, uri, headers, body: body)
    }
}

struct APIAnswer: Sendable {
    let status: Int
    let headers: HTTPFields
    let body: [UInt8]

    var type: String? { headers[.contentType] }
    var text: String { String(decoding: body, as: UTF8.self) }

    func json() throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(body))
    }

    /// The problem, whichever form it has.
    func problem() throws -> APIProblem {
        if type == APIProblem.conciseType {
            return try APIProblem(cbor: try CBORValue.decode(body), status: status)
        }
        #expect(type == APIProblem.jsonType)
        return try JSONDecoder().decode(APIProblem.self, from: Data(body))
    }
}
