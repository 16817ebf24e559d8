import APIModel
import HTTPTypes
import Hummingbird
import QuotaCrypto

/// SCRAPI registration: statements in, receipts out.
struct RegistrationRoutes: Sendable {
    let backend: any NodeBackend
    let bodies: BodyReader

    func add(to router: Router<APIContext>) {
        router.post("entries") { request, context in
            try QueryReader(request).finish()
            let statement = try await bodies.read(
                request,
                context: context,
                types: [Reply.cose, Reply.statement],
                limit: APILimits.statementBytesMax
            )
            return try await register(statement)
        }
        router.get("entries/:id") { request, context in
            try QueryReader(request).finish()
            let entry = try Locator.entry(context.parameter("id"))
            guard MediaRange.names(request, type: Reply.statement) else {
                return try await receipt(of: entry)
            }
            return try await transparentStatement(entry)
        }
    }

    private func register(_ statement: [UInt8]) async throws -> Response {
        let outcomes = try await backend.submit([statement], waits: true, receipts: true)
        guard let outcome = outcomes.first, outcomes.count == 1 else {
            throw OutcomeCountError(expected: 1, got: outcomes.count)
        }
        switch outcome {
        case .final(let final):
            guard let receipt = final.receipt else {
                return Self.redirect(.seeOther, to: final.entry, retryAfter: 1)
            }
            var response = Reply.bytes(
                receipt,
                type: Reply.cose,
                freshness: .none,
                status: .created
            )
            response.headers[.location] = "/entries/\(final.entry)"
            return response
        case .pending(let pending):
            var response = Self.redirect(
                .seeOther,
                to: pending.entry,
                retryAfter: pending.retryAfter
            )
            if let intake = pending.intake {
                let body = Reply.bytes(intake, type: Reply.cose, freshness: .none)
                response.headers[.contentType] = body.headers[.contentType]
                response.body = body.body
            }
            return response
        case .refused(let refusal):
            throw APIProblem.rejected(refusal)
        case .poolFull(let retryAfter):
            throw APIProblem.tooMany(
                "pool-full",
                "the pool of waiting statements is full; nothing was stored; repeat later",
                retryAfter: retryAfter
            )
        }
    }

    private func receipt(of entry: Digest) async throws -> Response {
        switch try await backend.registration(entry) {
        case .final(let receipt):
            return Reply.bytes(receipt, type: Reply.cose, freshness: .none)
        case .running(let retryAfter):
            return Self.redirect(.found, to: entry.description, retryAfter: retryAfter)
        case .unknown:
            throw Self.unknown
        }
    }

    private func transparentStatement(_ entry: Digest) async throws -> Response {
        guard let bytes = try await backend.transparentStatement(entry) else { throw Self.unknown }
        return Reply.bytes(bytes, type: Reply.statement, freshness: .none)
    }

    private static func redirect(
        _ status: HTTPResponse.Status,
        to entry: String,
        retryAfter: Int
    ) -> Response {
        var headers = HTTPFields()
        headers[.location] = "/entries/\(entry)"
        headers[.retryAfter] = String(retryAfter)
        headers[.cacheControl] = Freshness.none.cacheControl
        return Response(status: status, headers: headers)
    }

    private static let unknown = APIProblem.notFound(
        "no-such-entry",
        field: "id",
        "this node holds no such entry; a statement that was refused is not kept"
    )
}

/// A backend that did not answer one outcome a statement.
struct OutcomeCountError: Error {
    let expected: Int
    let got: Int
}
