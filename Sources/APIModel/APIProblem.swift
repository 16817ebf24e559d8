/// A request that was not answered, and why.
///
/// It is written as RFC 9290 concise problem details or, if the client's `Accept` asks for JSON,
/// as RFC 9457 problem details with the same codes.
package struct APIProblem: Error, Hashable, Sendable {
    /// The HTTP status, 400 to 599.
    package var status: Int
    /// The short name of the kind of problem, from SCRAPI where it names one.
    package var title: String
    /// Code, field, message and, for refused claims, the limits.
    package var refusal: RefusalDocument
    /// Seconds after which the request may be repeated.
    package var retryAfter: Int?

    /// Makes a problem from all its parts.
    package init(status: Int, title: String, refusal: RefusalDocument, retryAfter: Int? = nil) {
        self.status = status
        self.title = title
        self.refusal = refusal
        self.retryAfter = retryAfter
    }

    /// 400: the request itself is wrong.
    package static func malformed(_ code: String, field: String?, _ message: String) -> APIProblem {
        APIProblem(
            status: 400,
            title: "Malformed request",
            refusal: RefusalDocument(code: code, message: message, field: field)
        )
    }

    /// 404: there is no such thing here.
    package static func notFound(_ code: String, field: String?, _ message: String) -> APIProblem {
        APIProblem(
            status: 404,
            title: "Not Found",
            refusal: RefusalDocument(code: code, message: message, field: field)
        )
    }

    /// 429: too much at once; repeat later.
    package static func tooMany(_ code: String, _ message: String, retryAfter: Int) -> APIProblem {
        APIProblem(
            status: 429,
            title: "Too Many Requests",
            refusal: RefusalDocument(code: code, message: message),
            retryAfter: retryAfter
        )
    }

    /// 503: the node cannot answer now.
    package static func unavailable(
        _ code: String,
        _ message: String,
        retryAfter: Int
    ) -> APIProblem {
        APIProblem(
            status: 503,
            title: "Unavailable",
            refusal: RefusalDocument(code: code, message: message),
            retryAfter: retryAfter
        )
    }

    /// 400: a statement that the ledger does not take, titled as SCRAPI names the case.
    package static func rejected(_ refusal: RefusalDocument) -> APIProblem {
        APIProblem(status: 400, title: title(ofRefusal: refusal.code), refusal: refusal)
    }

    private static func title(ofRefusal code: String) -> String {
        switch code {
        case "malformed", "too-large": "Malformed request"
        case "bad-algorithm": "Bad Signature Algorithm"
        case "payload-missing": "Payload Missing"
        default: "Rejected"
        }
    }
}

extension APIProblem: Codable {
    private enum CodingKeys: String, CodingKey {
        case status
        case title
        case retryAfter
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        status = try fields.decode(Int.self, forKey: .status)
        title = try fields.decode(String.self, forKey: .title)
        retryAfter = try fields.decodeIfPresent(Int.self, forKey: .retryAfter)
        refusal = try RefusalDocument(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(status, forKey: .status)
        try fields.encode(title, forKey: .title)
        try fields.encodeIfPresent(retryAfter, forKey: .retryAfter)
        try refusal.encode(to: encoder)
    }
}
