import APIModel
import HTTPTypes
import Hummingbird

/// `/health/live` and `/health/ready`, for supervisors and load balancers.
struct HealthRoutes: Sendable {
    let backend: any NodeBackend

    func add(to router: Router<APIContext>) {
        router.get("health/live") { _, _ in
            let health = await backend.health()
            return try answer(health, isGood: health.isLive)
        }
        router.get("health/ready") { _, _ in
            let health = await backend.health()
            return try answer(health, isGood: health.isLive && health.isReady)
        }
    }

    private func answer(_ health: HealthDocument, isGood: Bool) throws -> Response {
        try Reply.json(health, freshness: .none, status: isGood ? .ok : .serviceUnavailable)
    }
}
