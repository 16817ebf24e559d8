import HTTPTypes
import Hummingbird

/// Which of a few media types a client's `Accept` field asks for.
enum MediaRange {
    /// Whether the client names a JSON type, as `application/json` or `application/problem+json`.
    static func namesJSON(_ request: Request) -> Bool {
        names(request) { $0.hasSuffix("/json") || $0.hasSuffix("+json") }
    }

    /// Whether the client names a CBOR type, as `application/cbor`.
    static func namesCBOR(_ request: Request) -> Bool {
        names(request) { $0.hasSuffix("/cbor") || $0.hasSuffix("+cbor") }
    }

    /// Whether the client names exactly this type.
    static func names(_ request: Request, type: String) -> Bool {
        names(request) { $0 == type }
    }

    private static func names(_ request: Request, _ matches: (Substring) -> Bool) -> Bool {
        guard let accept = request.headers[.accept] else { return false }
        return accept.lowercased().split(separator: ",").contains { range in
            let type = range.prefix { $0 != ";" }
            return matches(type.drop { $0 == " " }.prefix { $0 != " " })
        }
    }
}
