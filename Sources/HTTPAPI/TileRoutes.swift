import APIModel
import HTTPTypes
import Hummingbird
import MerkleLog

/// The log as static files at the root of the listener: C2SP tlog-tiles v0.1.0.
struct TileRoutes: Sendable {
    let backend: any NodeBackend

    func add(to router: Router<APIContext>) {
        router.get("checkpoint") { request, _ in
            try QueryReader(request).finish()
            guard let note = try await backend.checkpoint() else {
                throw APIProblem.notFound(
                    "no-checkpoint",
                    field: nil,
                    "no checkpoint is signed yet; repeat later"
                )
            }
            return Reply.bytes(note, type: Reply.text, freshness: .seconds)
        }
        // Not of tlog-tiles: while the log grows, the lines of outside witnesses come when the checkpoint
        // that they are for has been replaced.
        router.get("v1/witnessed-checkpoint") { request, _ in
            try QueryReader(request).finish()
            guard let note = try await backend.witnessedCheckpoint() else {
                throw APIProblem.notFound(
                    "no-checkpoint",
                    field: nil,
                    "no outside witness has cosigned a checkpoint of this node yet"
                )
            }
            return Reply.bytes(note, type: Reply.text, freshness: .seconds)
        }
        router.get("tile/**") { request, _ in
            try QueryReader(request).finish()
            return try await tile(String(request.uri.path.dropFirst()))
        }
    }

    private func tile(_ text: String) async throws -> Response {
        guard let path = TilePath(text) else {
            throw APIProblem.malformed(
                "bad-tile-path",
                field: "path",
                "expected tile/<level>/<number>[.p/<width>] or tile/entries/<number>[.p/<width>],"
                    + " as tlog-tiles writes them: tile/0/x001/234"
            )
        }
        guard let bytes = try await backend.tile(path) else {
            throw APIProblem.notFound(
                "no-such-tile",
                field: "path",
                "the log does not reach so far yet; see /checkpoint for its size"
            )
        }
        let freshness: Freshness = path.isPartial ? .minutes : .immutable
        return Reply.bytes(bytes, type: Reply.octets, freshness: freshness)
    }
}
