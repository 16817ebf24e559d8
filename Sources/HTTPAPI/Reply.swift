import APIModel
import CBOR
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// How long an answer may be kept by caches.
enum Freshness: Sendable {
    /// It never changes: full tiles, full bundles.
    case immutable
    /// It stays true and is replaced by a larger one: partial tiles.
    case minutes
    /// It changes with every block.
    case seconds
    /// It may change with the program: kept, but asked for again each time.
    case checked
    /// It must not be kept.
    case none

    var cacheControl: String {
        switch self {
        case .immutable: "public, max-age=31536000, immutable"
        case .minutes: "public, max-age=300"
        case .seconds: "public, max-age=1"
        case .checked: "no-cache"
        case .none: "no-store"
        }
    }
}

/// Answers, made in one place so that every one says its type, length and freshness.
enum Reply {
    static let json = "application/json"
    static let cose = "application/cose"
    static let cbor = "application/cbor"
    static let statement = "application/scitt-statement+cose"
    static let text = "text/plain; charset=utf-8"
    static let octets = "application/octet-stream"

    /// Bytes under a media type.
    static func bytes(
        _ bytes: [UInt8],
        type: String,
        freshness: Freshness,
        status: HTTPResponse.Status = .ok
    ) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = type
        headers[.cacheControl] = freshness.cacheControl
        headers[.xContentTypeOptions] = "nosniff"
        return Response(
            status: status,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    /// A document as JSON with sorted keys.
    static func json(
        _ document: some Encodable,
        freshness: Freshness = .seconds,
        status: HTTPResponse.Status = .ok,
        type: String = json
    ) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(document)
        return bytes(Array(data), type: type, freshness: freshness, status: status)
    }

    /// A problem in the form that the client asks for, or else in the one of the interface:
    /// CBOR for SCRAPI, JSON for everything else.
    static func problem(_ problem: APIProblem, to request: Request) -> Response {
        let isConcise =
            MediaRange.namesCBOR(request)
            || (!MediaRange.namesJSON(request) && speaksCBOR(request.uri.path))
        let status = HTTPResponse.Status(code: problem.status)
        var response: Response
        if isConcise {
            response = bytes(
                problem.cbor.encoded(),
                type: APIProblem.conciseType,
                freshness: .none,
                status: status
            )
        } else if let answer = try? json(
            problem,
            freshness: .none,
            status: status,
            type: APIProblem.jsonType
        ) {
            response = answer
        } else {
            response = Response(status: status)
        }
        if let seconds = problem.retryAfter { response.headers[.retryAfter] = String(seconds) }
        return response
    }

    private static func speaksCBOR(_ path: String) -> Bool {
        path == "/entries" || path.hasPrefix("/entries/")
            || path.hasPrefix("/.well-known/scitt-keys")
    }
}
