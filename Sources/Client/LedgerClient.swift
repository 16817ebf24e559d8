import APIModel
import AsyncHTTPClient
import CBOR
import Foundation
import LogReader
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// A client of one ledger through any of its nodes.
///
/// A request goes to the nodes in order until one answers. A node that is busy (429, 503) is asked
/// again after the time that it names; a node that does not answer, or fails, is passed over.
package struct LedgerClient: Sendable {
    /// How patient the client is.
    package struct Patience: Hashable, Sendable {
        /// Rounds over all nodes before giving up.
        package var rounds = 4
        /// Seconds for one answer.
        package var answerSeconds: Int64 = 30
        /// The longest wait between two rounds, in seconds, whatever a node asks for.
        package var pauseSecondsMax = 10
        /// Seconds to wait for a statement to become final.
        package var finalitySeconds = 60

        /// The usual patience.
        package init() {}
    }

    /// One answer of a node.
    package struct Answer: Sendable {
        /// The node.
        package let node: LedgerURL
        /// The HTTP status.
        package let status: Int
        /// The media type without parameters.
        package let type: String
        /// The `Location` field.
        package let location: String?
        /// The `Retry-After` field in seconds.
        package let retryAfter: Int?
        /// The body.
        package let body: [UInt8]
    }

    /// What a request sends.
    package struct Body: Sendable {
        let bytes: [UInt8]
        let type: String

        /// Makes a body of a media type.
        package init(_ bytes: [UInt8], type: String) {
            self.bytes = bytes
            self.type = type
        }
    }

    /// The most bytes of an answer.
    package static let answerBytesMax = 64 << 20

    /// The nodes, the preferred one first.
    package let nodes: [LedgerURL]
    /// How patient the client is.
    package let patience: Patience
    /// Where nodes' words that they took a statement are kept; nil to keep none.
    package let intakes: IntakeShelf?
    private let http: HTTPClient

    /// Makes a client, which must be shut down.
    package init(
        nodes: [LedgerURL],
        patience: Patience = Patience(),
        intakes: IntakeShelf? = nil
    ) throws(ClientError) {
        guard !nodes.isEmpty else { throw .noNodes }
        self.intakes = intakes
        self.nodes = nodes
        self.patience = patience
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: .seconds(5))
        )
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        http = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: configuration
        )
    }

    /// Closes all connections.
    package func shutdown() async throws {
        try await http.shutdown()
    }

    /// Runs `body` with a client and shuts it down.
    package static func with<Result: Sendable>(
        nodes: [LedgerURL],
        patience: Patience = Patience(),
        intakes: IntakeShelf? = nil,
        _ body: (LedgerClient) async throws -> Result
    ) async throws -> Result {
        let client = try LedgerClient(nodes: nodes, patience: patience, intakes: intakes)
        do {
            let result = try await body(client)
            try await client.shutdown()
            return result
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    /// Any path of the interface, from the first node that answers.
    ///
    /// Answers below 400 are returned; others become ``ClientError/problem(_:)``.
    package func fetch(
        _ path: String,
        accept: String = "*/*",
        post body: Body? = nil
    ) async throws(ClientError) -> Answer {
        var causes: [String] = []
        var pause = 0.2
        for round in 1...max(1, patience.rounds) {
            causes.removeAll()
            var asked: Int?
            for node in nodes {
                let answer: Answer
                do {
                    answer = try await request(node, path, accept: accept, body: body)
                } catch {
                    causes.append("\(node): \(Web.cause(error, limit: Self.answerBytesMax))")
                    continue
                }
                switch answer.status {
                case ..<400: return answer
                case 429, 503:
                    causes.append("\(node): \(Self.problem(answer).refusal.message)")
                    asked = max(asked ?? 0, answer.retryAfter ?? 1)
                case 500...: causes.append("\(node): \(Self.problem(answer).refusal.message)")
                default: throw .problem(Self.problem(answer))
                }
            }
            guard round < patience.rounds, !Task.isCancelled else { break }
            let wait = min(max(pause, Double(asked ?? 0)), Double(patience.pauseSecondsMax))
            try? await Task.sleep(for: .seconds(wait))
            pause *= 2
        }
        throw .unreachable(causes)
    }

    private func request(
        _ node: LedgerURL,
        _ path: String,
        accept: String,
        body: Body?
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: node.description + path)
        request.headers.add(name: "accept", value: accept)
        request.headers.add(name: "user-agent", value: "quota-ledger")
        if let body {
            request.method = .POST
            request.headers.add(name: "content-type", value: body.type)
            request.body = .bytes(ByteBuffer(bytes: body.bytes))
        }
        let response = try await http.execute(request, timeout: .seconds(patience.answerSeconds))
        let buffer = try await response.body.collect(upTo: Self.answerBytesMax)
        let type = response.headers.first(name: "content-type") ?? ""
        return Answer(
            node: node,
            status: Int(response.status.code),
            type: String(type.prefix { $0 != ";" }),
            location: response.headers.first(name: "location"),
            retryAfter: response.headers.first(name: "retry-after").flatMap { Int($0) },
            body: Array(buffer.readableBytesView)
        )
    }

    /// The problem that an answer of 400 or more carries.
    static func problem(_ answer: Answer) -> APIProblem {
        if answer.type == APIProblem.conciseType, let value = try? CBORValue.decode(answer.body),
            let problem = try? APIProblem(cbor: value, status: answer.status)
        {
            return problem
        }
        let data = Data(answer.body)
        if let problem = try? JSONDecoder().decode(APIProblem.self, from: data) { return problem }
        return APIProblem(
            status: answer.status,
            title: "HTTP \(answer.status)",
            refusal: RefusalDocument(
                code: "http-\(answer.status)",
                message: "the node answered \(answer.status) without saying why"
            ),
            retryAfter: answer.retryAfter
        )
    }
}
