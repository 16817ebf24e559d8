import APIModel
import HTTPTypes
import Hummingbird
import QuotaCrypto

/// Proofs and the roots of trust that verify them.
struct ProofRoutes: Sendable {
    let backend: any NodeBackend

    func add(to router: Router<APIContext>) {
        router.get("v1/proof/total") { request, _ in
            try await total(request)
        }
        router.get("v1/proof/consistency") { request, _ in
            try await consistency(request)
        }
        router.get("v1/genesis") { request, _ in
            try QueryReader(request).finish()
            let record = try await backend.genesis()
            if MediaRange.names(request, type: Reply.cose) {
                return Reply.bytes(record.statement, type: Reply.cose, freshness: .immutable)
            }
            let document = GenesisDocument(
                origin: record.origin,
                chainID: record.chainID.description,
                statement: Base64.encode(record.statement)
            )
            return try Reply.json(document, freshness: .immutable)
        }
        router.get("v1/handoffs") { request, _ in
            try QueryReader(request).finish()
            let file = try await backend.handOffs()
            return Reply.bytes(file, type: Reply.cbor, freshness: .seconds)
        }
        router.get("v1/trust-policy") { request, _ in
            try QueryReader(request).finish()
            let text = try await backend.trustPolicy()
            return Reply.bytes(Array(text.utf8), type: Reply.text, freshness: .seconds)
        }
    }

    private func total(_ request: Request) async throws -> Response {
        var query = try QueryReader(request)
        guard let country = try query.country("country") else {
            throw APIProblem.malformed("bad-parameter", field: "country", "country is missing")
        }
        let limit = try query.text("limit")
        let period = try query.text("period")
        try query.finish()
        let question = TotalQuery(country: country, limit: limit, period: period)
        guard let proof = try await backend.totalProof(question) else {
            throw APIProblem.notFound(
                "no-such-account",
                field: limit == nil ? "country" : "limit",
                "the policy in force has no such account; see /v1/accounts/\(country)"
            )
        }
        return Reply.bytes(proof, type: Reply.text, freshness: .seconds)
    }

    private func consistency(_ request: Request) async throws -> Response {
        var query = try QueryReader(request)
        let old = try query.number("old")
        let new = try query.number("new")
        try query.finish()
        guard let old, let new else {
            throw APIProblem.malformed(
                "bad-parameter",
                field: old == nil ? "old" : "new",
                "give both tree sizes, as ?old=16&new=42"
            )
        }
        guard old <= new else {
            throw APIProblem.malformed("bad-parameter", field: "old", "old is larger than new")
        }
        let path = try await backend.consistencyPath(old: old, new: new)
        let document = ConsistencyDocument(
            old: old,
            new: new,
            path: path.map { Base64.encode($0.bytes) }
        )
        return try Reply.json(document, freshness: .immutable)
    }
}
