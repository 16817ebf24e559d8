import APIModel
import CBOR
import Foundation
import Ledger
import QuotaCrypto
import Transparency

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// What a client of one node asks over HTTP.
struct APICalls: Sendable {
    /// A status and a body.
    struct Answer: Sendable {
        let status: Int
        let bytes: [UInt8]

        var text: String { String(decoding: bytes, as: UTF8.self) }

        func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try JSONDecoder().decode(type, from: Data(bytes))
        }
    }

    let url: String

    func get(_ path: String, accept: String? = nil) async throws -> Answer {
        var request = try request(path)
        if let accept { request.setValue(accept, forHTTPHeaderField: "Accept") }
        return try await send(request)
    }

    func post(_ path: String, _ body: [UInt8], type: String) async throws -> Answer {
        var request = try request(path)
        request.httpMethod = "POST"
        request.httpBody = Data(body)
        request.setValue(type, forHTTPHeaderField: "Content-Type")
        return try await send(request)
    }

    /// Submits statements in one batch, waiting for their outcomes, with receipts.
    func submit(_ statements: [Statement]) async throws -> [SubmissionOutcome] {
        let answer = try await post(
            "/v1/submit?wait=1&receipts=1",
            Self.batch(statements),
            type: "application/cbor"
        )
        guard answer.status == 200 else {
            throw NotFound("200, got \(answer.status) \(answer.text)")
        }
        return try answer.json([SubmissionOutcome].self)
    }

    /// Statements as `/v1/submit` takes them.
    static func batch(_ statements: [Statement]) -> [UInt8] {
        CBORValue.array(statements.map { .bytes($0.bytes) }).encoded()
    }

    /// The published checkpoint, nil before there is one.
    func checkpoint() async throws -> Checkpoint? {
        let answer = try await get("/checkpoint")
        guard answer.status == 200 else { return nil }
        return try Checkpoint(text: try SignedNote(answer.bytes).text)
    }

    func status() async throws -> StatusDocument {
        try await get("/v1/status").json(StatusDocument.self)
    }

    private func request(_ path: String) throws -> URLRequest {
        guard let address = URL(string: url + path) else { throw NotFound(path) }
        var request = URLRequest(url: address, timeoutInterval: 30)
        request.setValue("close", forHTTPHeaderField: "Connection")
        return request
    }

    private func send(_ request: URLRequest) async throws -> Answer {
        let session = URLSession(configuration: .ephemeral)
        defer { session.finishTasksAndInvalidate() }
        let (data, response) = try await session.data(for: request)
        guard let response = response as? HTTPURLResponse else { throw NotFound("a status") }
        return Answer(status: response.statusCode, bytes: Array(data))
    }
}
