import APIModel
import HTTPTypes
import Hummingbird
import Synchronization

/// Refuses requests beyond a number in flight, and targets that are too long.
struct RequestGate: RouterMiddleware {
    private final class Count: Sendable {
        let inFlight = Atomic<Int>(0)
    }

    private let requestsMax: Int
    private let count = Count()

    init(requestsMax: Int) {
        self.requestsMax = requestsMax
    }

    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard request.uri.string.utf8.count <= APILimits.targetBytesMax else {
            throw APIProblem(
                status: 414,
                title: "URI Too Long",
                refusal: RefusalDocument(
                    code: "target-too-long",
                    message: "the request target may have \(APILimits.targetBytesMax) bytes"
                )
            )
        }
        let (before, _) = count.inFlight.add(1, ordering: .relaxed)
        defer { count.inFlight.subtract(1, ordering: .relaxed) }
        // A probe must tell a busy node from a dead one.
        guard before < requestsMax || request.uri.path.hasPrefix("/health/") else {
            throw APIProblem.unavailable(
                "busy",
                "the node answers \(requestsMax) requests at once; repeat later",
                retryAfter: 1
            )
        }
        return try await next(request, context)
    }
}
