import APIModel
import CBOR
import HTTPTypes
import Hummingbird

/// `/v1/submit` and `/v1/dry-run`: many statements or claims in one request.
struct SubmitRoutes: Sendable {
    let backend: any NodeBackend
    let bodies: BodyReader

    func add(to router: Router<APIContext>) {
        router.post("v1/submit") { request, context in
            var query = try QueryReader(request)
            let waits = try query.flag("wait")
            let receipts = try query.flag("receipts")
            try query.finish()
            let body = try await bodies.read(
                request,
                context: context,
                types: [Reply.cbor],
                limit: APILimits.batchBytesMax
            )
            let statements = try Self.statements(in: body)
            let outcomes = try await backend.submit(statements, waits: waits, receipts: receipts)
            guard outcomes.count == statements.count else {
                throw OutcomeCountError(expected: statements.count, got: outcomes.count)
            }
            return try Self.answer(outcomes, to: request)
        }
        router.post("v1/dry-run") { request, context in
            try QueryReader(request).finish()
            let body = try await bodies.read(
                request,
                context: context,
                types: [Reply.cbor],
                limit: APILimits.dryRunBytesMax
            )
            let claims = try Self.claims(in: body)
            let verdicts = try await backend.dryRun(claims)
            guard verdicts.count == claims.count else {
                throw OutcomeCountError(expected: claims.count, got: verdicts.count)
            }
            return try Reply.json(verdicts, freshness: .none)
        }
    }

    /// A full pool is an answer to the whole request only if nothing at all was taken.
    private static func answer(
        _ outcomes: [SubmissionOutcome],
        to request: Request
    ) throws -> Response {
        let waits = outcomes.map { outcome -> Int? in
            guard case .poolFull(let retryAfter) = outcome else { return nil }
            return retryAfter
        }
        if let retryAfter = waits.compactMap({ $0 }).max(), !waits.contains(nil) {
            throw APIProblem.tooMany(
                "pool-full",
                "the pool of waiting statements is full; nothing was stored; repeat later",
                retryAfter: retryAfter
            )
        }
        guard MediaRange.namesCBOR(request) else {
            return try Reply.json(outcomes, freshness: .none)
        }
        let list = CBORValue.array(outcomes.map(\.cbor))
        return Reply.bytes(list.encoded(), type: Reply.cbor, freshness: .none)
    }

    /// A CBOR array of 1 to 1,000 byte strings of 1 to 65,535 bytes.
    private static func statements(in body: [UInt8]) throws -> [[UInt8]] {
        let items = try items(in: body)
        return try items.enumerated().map { index, item in
            guard case .bytes(let statement) = item, !statement.isEmpty,
                statement.count <= APILimits.statementBytesMax
            else {
                throw APIProblem.malformed(
                    "bad-batch",
                    field: "$[\(index)]",
                    "expected a byte string of 1 to \(APILimits.statementBytesMax) bytes"
                )
            }
            return statement
        }
    }

    /// A CBOR array of maps `{"issuer", "subject", "body"}`.
    private static func claims(in body: [UInt8]) throws -> [DryRunClaim] {
        try items(in: body).enumerated().map { index, item in
            do {
                var fields = try CBORFields(item, path: "$[\(index)]")
                let claim = DryRunClaim(
                    issuer: try fields.text("issuer", maxLength: 64),
                    subject: try fields.text("subject", maxLength: 128),
                    body: try fields.bytes("body", maxCount: APILimits.statementBytesMax)
                )
                try fields.finish()
                return claim
            } catch let error as CBORFieldError {
                throw APIProblem.malformed("bad-batch", field: error.path, error.problem)
            }
        }
    }

    private static func items(in body: [UInt8]) throws -> [CBORValue] {
        let value: CBORValue
        do {
            value = try CBORValue.decode(body, limits: .message)
        } catch {
            throw APIProblem.malformed("malformed-cbor", field: "body", "\(error)")
        }
        guard case .array(let items) = value,
            (1...APILimits.batchStatementsMax).contains(items.count)
        else {
            throw APIProblem.malformed(
                "bad-batch",
                field: "$",
                "expected a CBOR array of 1 to \(APILimits.batchStatementsMax) items"
            )
        }
        return items
    }
}
