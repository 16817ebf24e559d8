import APIModel
import HTTPTypes
import Hummingbird
import QuotaCrypto
import Transparency

/// The node as a witness: C2SP tlog-witness v1.0.0.
struct WitnessRoutes: Sendable {
    let backend: any NodeBackend
    let bodies: BodyReader

    /// The media type of an answer that states a tree size.
    static let sizeType = "text/x.tlog.size"
    /// The specification names no type for requests, so what common clients send is taken.
    private static let requestTypes = [
        "", "text/plain", "application/octet-stream", "application/x-www-form-urlencoded",
    ]

    func add(to router: Router<APIContext>) {
        router.post("add-checkpoint") { request, context in
            try QueryReader(request).finish()
            let body = try await bodies.read(
                request,
                context: context,
                types: Self.requestTypes,
                limit: APILimits.witnessBytesMax
            )
            return try await addCheckpoint(body)
        }
        router.get(":origin/checkpoint") { request, context in
            try QueryReader(request).finish()
            return try await cosigned(context.parameter("origin"))
        }
    }

    private func addCheckpoint(_ body: [UInt8]) async throws -> Response {
        let request: WitnessRequest
        let checkpoint: Checkpoint
        do {
            request = try WitnessRequest(body)
            checkpoint = try Checkpoint(text: request.note.text)
        } catch {
            throw APIProblem.malformed("bad-checkpoint-request", field: "body", "\(error)")
        }
        guard request.oldSize <= checkpoint.size else {
            throw APIProblem.malformed(
                "bad-checkpoint-request",
                field: "old",
                "old is \(request.oldSize), the checkpoint has size \(checkpoint.size)"
            )
        }
        switch try await backend.witness(request, checkpoint) {
        case .cosigned(let lines):
            return Reply.bytes(Array(lines.utf8), type: Reply.text, freshness: .none)
        case .otherSize(let size):
            return Reply.bytes(
                Array("\(size)\n".utf8),
                type: Self.sizeType,
                freshness: .none,
                status: .conflict
            )
        case .unknownOrigin:
            throw APIProblem.notFound(
                "unknown-origin",
                field: "body",
                "this witness does not know the log '\(checkpoint.origin)'"
            )
        case .untrusted(let reason):
            throw Self.problem(403, "Forbidden", "untrusted-checkpoint", reason)
        case .inconsistent(let reason):
            throw Self.problem(422, "Unprocessable Content", "inconsistent-checkpoint", reason)
        case .notFinal(let retryAfter):
            throw APIProblem.unavailable(
                "not-final",
                "this node has not made that tree final itself, and cosigns no other; repeat later",
                retryAfter: retryAfter
            )
        }
    }

    private func cosigned(_ name: String) async throws -> Response {
        guard let hash = Digest(hex: name), name == name.lowercased(),
            let note = try await backend.witnessed(hash)
        else {
            throw APIProblem.notFound(
                "unknown-origin",
                field: "path",
                "expected the SHA-256 of a log's origin as 64 lower-case hexadecimal digits"
            )
        }
        return Reply.bytes(note, type: Reply.text, freshness: .seconds)
    }

    private static func problem(
        _ status: Int,
        _ title: String,
        _ code: String,
        _ message: String
    ) -> APIProblem {
        APIProblem(
            status: status,
            title: title,
            refusal: RefusalDocument(code: code, message: message, field: "body")
        )
    }
}

/// What a witness answers.
package enum WitnessAnswer: Hashable, Sendable {
    /// It cosigned: one or more signature lines, each with its newline.
    case cosigned(String)
    /// The size that it cosigned last, which the client must start from.
    case otherSize(UInt64)
    /// It does not watch this log.
    case unknownOrigin
    /// No trusted log key signed, or a known key's signature fails.
    case untrusted(String)
    /// The proof does not hold, or the tree of this size has another root.
    case inconsistent(String)
    /// The tree is larger than what this node has itself.
    case notFinal(retryAfter: Int)
}
