import APIModel
import HTTPTypes
import Hummingbird

/// `/v1`: what members decide together, as JSON.
struct GovernanceRoutes: Sendable {
    let backend: any NodeBackend

    func add(to router: Router<APIContext>) {
        router.get("v1/proposals") { request, _ in
            try QueryReader(request).finish()
            return try Reply.json(try await backend.proposals(nil))
        }
        router.get("v1/proposals/:issuer/:id") { request, context in
            try QueryReader(request).finish()
            return try await proposal(context.parameter("issuer"), context.parameter("id"))
        }
        router.get("v1/policies") { request, _ in
            try QueryReader(request).finish()
            return try Reply.json(try await backend.policies())
        }
        router.get("v1/facilities") { request, _ in
            try QueryReader(request).finish()
            return try Reply.json(try await backend.facilities())
        }
    }

    private func proposal(_ issuer: String, _ id: String) async throws -> Response {
        let document = try await backend.proposals((issuer, id))
        guard let proposal = document.proposals.first else {
            throw APIProblem.notFound(
                "no-such-proposal",
                field: "id",
                "this member has made no proposal with this id; /v1/proposals lists them"
            )
        }
        return try Reply.json(proposal)
    }
}
