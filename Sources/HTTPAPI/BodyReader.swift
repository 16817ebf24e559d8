import APIModel
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Reads request bodies within bounds on one body, on all bodies together, and on time.
struct BodyReader: Sendable {
    private final class Budget: Sendable {
        let bytes = Mutex(0)
    }

    private let bytesMax: Int
    private let secondsMax: Int
    private let budget = Budget()

    init(bytesMax: Int, secondsMax: Int) {
        self.bytesMax = bytesMax
        self.secondsMax = secondsMax
    }

    /// The body, which must be of one of the `types` and have 1 to `limit` bytes.
    ///
    /// The type and the declared length are looked at before a byte is kept; a body without a
    /// declared length counts as one of `limit` bytes.
    func read(
        _ request: Request,
        context: APIContext,
        types: [String],
        limit: Int
    ) async throws -> [UInt8] {
        try requireType(of: request, among: types)
        let declared = try declaredLength(of: request)
        let isTooLong = declared ?? 0 > limit
        let share = isTooLong ? 0 : declared ?? limit
        try reserve(share)
        defer { budget.bytes.withLock { $0 -= share } }
        let bytes = try await withDeadline {
            try await collect(request, limit: isTooLong ? 0 : limit, closing: context.channel)
        }
        guard let bytes else { throw Self.tooLarge(limit) }
        guard !bytes.isEmpty else {
            throw APIProblem.malformed("empty-body", field: "body", "the request has no body")
        }
        return bytes
    }

    private func requireType(of request: Request, among types: [String]) throws {
        let given = request.headers[.contentType] ?? ""
        let type = given.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        guard types.contains(type) else {
            throw APIProblem(
                status: 415,
                title: "Unsupported Media Type",
                refusal: RefusalDocument(
                    code: "unsupported-media-type",
                    message: "send the body as \(types.joined(separator: " or "))",
                    field: "Content-Type"
                )
            )
        }
    }

    private func declaredLength(of request: Request) throws -> Int? {
        guard let text = request.headers[.contentLength] else { return nil }
        guard let length = Int(text), length >= 0 else {
            throw APIProblem.malformed(
                "bad-header",
                field: "Content-Length",
                "expected a number of bytes"
            )
        }
        return length
    }

    private func reserve(_ share: Int) throws {
        let fits = budget.bytes.withLock { bytes in
            guard bytes + share <= bytesMax else { return false }
            bytes += share
            return true
        }
        guard fits else {
            throw APIProblem.tooMany(
                "bodies-in-flight",
                "the node holds as many request bodies as it may; repeat later",
                retryAfter: 1
            )
        }
    }

    /// The body, nil if it has more than `limit` bytes.
    ///
    /// What comes beyond the limit is read off and forgotten, so that the client sees the answer; on
    /// one that does not stop the connection is closed. A body can be iterated once only, so both
    /// happen in one loop.
    private func collect(
        _ request: Request,
        limit: Int,
        closing channel: any Channel
    ) async throws -> [UInt8]? {
        var bytes: [UInt8] = []
        var excess = 0
        for try await part in request.body {
            if excess == 0, bytes.count + part.readableBytes <= limit {
                bytes.append(contentsOf: part.readableBytesView)
                continue
            }
            bytes = []
            excess += part.readableBytes
            guard excess <= APILimits.drainBytesMax else {
                try await channel.close(mode: .input)
                break
            }
        }
        return excess == 0 ? bytes : nil
    }

    private func withDeadline(
        _ operation: @escaping @Sendable () async throws -> [UInt8]?
    ) async throws -> [UInt8]? {
        let seconds = secondsMax
        return try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask(operation: operation)
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                throw APIProblem(
                    status: 408,
                    title: "Request Timeout",
                    refusal: RefusalDocument(
                        code: "body-timeout",
                        message: "the body must arrive within \(seconds) seconds",
                        field: "body"
                    )
                )
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    private static func tooLarge(_ limit: Int) -> APIProblem {
        APIProblem(
            status: 413,
            title: "Content Too Large",
            refusal: RefusalDocument(
                code: "body-too-large",
                message: "the body may have \(limit) bytes",
                field: "body"
            )
        )
    }
}
