import APIModel
import HTTPTypes
import Hummingbird
import Logging
import MerkleLog

/// Turns every error into an answer with a stable code, and lets any page read the answers.
///
/// It stands outermost, so that nothing a request can cause leaves the server in another form.
struct ProblemMiddleware: RouterMiddleware {
    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch let problem as APIProblem {
            response = Reply.problem(problem, to: request)
        } catch let error as HTTPError {
            response = Reply.problem(Self.problem(of: error, request), to: request)
        } catch is CancellationError {
            let problem = APIProblem.unavailable(
                "stopping",
                "the node is stopping; ask another one",
                retryAfter: 5
            )
            response = Reply.problem(problem, to: request)
        } catch is SubtreeUnavailable {
            let problem = APIProblem.unavailable(
                "history-missing",
                "this node does not have that part of the log yet; ask again later, or another node",
                retryAfter: 10
            )
            response = Reply.problem(problem, to: request)
        } catch {
            context.logger.error(
                "request failed",
                metadata: ["path": "\(request.uri.path)", "error": "\(error)"]
            )
            let problem = APIProblem(
                status: 500,
                title: "Internal Error",
                refusal: RefusalDocument(
                    code: "internal-error",
                    message: "the node failed to answer; its operator finds the cause in the log"
                )
            )
            response = Reply.problem(problem, to: request)
        }
        // Everything here is public, so pages of any origin may verify it.
        response.headers[.accessControlAllowOrigin] = "*"
        return response
    }

    private static func problem(of error: HTTPError, _ request: Request) -> APIProblem {
        switch error.status {
        case .notFound:
            .notFound(
                "no-such-path",
                field: "path",
                "\(request.method.rawValue) \(request.uri.path.prefix(128)) is not served here"
            )
        default:
            APIProblem(
                status: error.status.code,
                title: error.status.reasonPhrase,
                refusal: RefusalDocument(
                    code: "http-\(error.status.code)",
                    message: error.body ?? error.status.reasonPhrase
                )
            )
        }
    }
}
