import APIModel
import Explorer
import HTTPTypes
import Hummingbird
import QuotaCrypto

/// The page that checks the ledger in the reader's browser, and the proofs that it reads.
///
/// Every path of it is also the name of a file in a static copy, so it has no query parameters but for
/// the one question that a static copy cannot answer.
struct ExplorerRoutes: Sendable {
    let backend: any NodeBackend

    /// The most bytes of a key of the state map.
    private static let keyBytesMax = 1_024

    func add(to router: Router<APIContext>) {
        router.get("/") { request, _ in
            try QueryReader(request).finish()
            return try await page(request)
        }
        router.get("explorer/:file") { request, context in
            try QueryReader(request).finish()
            let name = context.parameter("file")
            guard let bytes = ExplorerPage.file(name) else {
                throw APIProblem.notFound(
                    "no-such-file",
                    field: "file",
                    "the page has no such file"
                )
            }
            return Self.asset(bytes, type: ExplorerPage.type(of: name), to: request)
        }
        // While the log grows, the newest checkpoint lacks the lines of outside witnesses; who asks for them
        // reads the same proofs at the newest one that has them.
        addProofs(to: router, below: "v1/proof", isWitnessed: false)
        addProofs(to: router, below: "v1/witnessed-proof", isWitnessed: true)
        router.get("v1/history/:country") { request, context in
            try QueryReader(request).finish()
            let country = try QueryReader.country(context.parameter("country"), field: "country")
            return try Reply.json(try await backend.history(country: country))
        }
    }

    private func addProofs(
        to router: Router<APIContext>,
        below path: RouterPath,
        isWitnessed: Bool
    ) {
        @Sendable func proof(_ query: StateProofQuery) async throws -> Response {
            guard let proof = try await backend.stateProof(query, isWitnessed: isWitnessed) else {
                throw APIProblem.notFound(
                    "no-such-state",
                    field: nil,
                    "there is no such checkpoint, or it holds nothing of this kind"
                )
            }
            return Reply.bytes(proof, type: Reply.text, freshness: .seconds)
        }
        let parts: [(RouterPath, StateProofQuery)] = [
            ("countries", .countries), ("governance", .governance), ("attention", .attention),
        ]
        let group = router.group(path)
        for (name, query) in parts {
            group.get(name) { request, _ in
                try QueryReader(request).finish()
                return try await proof(query)
            }
        }
        group.get("accounts/:country") { request, context in
            try QueryReader(request).finish()
            let country = try QueryReader.country(context.parameter("country"), field: "country")
            return try await proof(.accounts(country: country))
        }
        group.get("claims/:bundle") { request, context in
            try QueryReader(request).finish()
            guard let bundle = QueryReader.decimal(context.parameter("bundle")) else {
                throw APIProblem.malformed("bad-parameter", field: "bundle", "expected a number")
            }
            return try await proof(.claims(bundle: bundle))
        }
        group.get("state") { request, _ in
            try await proof(.key(Self.key(request)))
        }
    }

    private func page(_ request: Request) async throws -> Response {
        let nodes = try await backend.members().members.compactMap(\.node?.api)
        var response = Self.asset(
            ExplorerPage.index(nodes: nodes),
            type: "text/html; charset=utf-8",
            to: request
        )
        if let name = HTTPField.Name("Content-Security-Policy") {
            response.headers[name] = ExplorerPage.securityPolicy(nodes: nodes)
        }
        return response
    }

    /// A file of the page: kept by browsers, asked for again each time, sent only if it changed.
    private static func asset(_ bytes: [UInt8], type: String, to request: Request) -> Response {
        let tag = "\"\(SHA256.hash(bytes).description.prefix(32))\""
        var response =
            request.headers[.ifNoneMatch] == tag
            ? Response(status: .notModified)
            : Reply.bytes(bytes, type: type, freshness: .checked)
        response.headers[.eTag] = tag
        response.headers[.cacheControl] = Freshness.checked.cacheControl
        let fields = [
            ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
        ]
        for (name, value) in fields {
            if let name = HTTPField.Name(name) { response.headers[name] = value }
        }
        return response
    }

    private static func key(_ request: Request) throws -> [UInt8] {
        var query = try QueryReader(request)
        let text = try query.requiredText("key")
        try query.finish()
        guard let key = Hex.decode(text), !key.isEmpty, key.count <= keyBytesMax else {
            throw APIProblem.malformed(
                "bad-parameter",
                field: "key",
                "key expected lower-case hexadecimal digits of a CBOR array, such as that of"
                    + " [\"claim\", issuer, id]"
            )
        }
        return key
    }
}
