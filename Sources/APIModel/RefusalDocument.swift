/// Why a statement or a request was refused, for people and for programs.
package struct RefusalDocument: Hashable, Sendable {
    /// Stable code, such as `limit-exceeded`.
    package var code: String
    /// What is wrong and how to cure it.
    package var message: String
    /// The offending field, such as `$.lines[0].sku` or a query parameter.
    package var field: String?
    /// Every reason, if there is more than one.
    package var reasons: [ReasonDocument]
    /// The limits that the claim touches, if the rules refused it.
    package var limits: [LimitDocument]
    /// The largest quantity that would pass.
    package var largestQuantity: UInt64?
    /// The paragraph of the regulation.
    package var citation: String?
    /// The size of the tree whose state the statement was judged at.
    package var judgedAt: UInt64?

    /// Makes a refusal.
    package init(
        code: String,
        message: String,
        field: String? = nil,
        reasons: [ReasonDocument] = [],
        limits: [LimitDocument] = [],
        largestQuantity: UInt64? = nil,
        citation: String? = nil,
        judgedAt: UInt64? = nil
    ) {
        self.code = code
        self.message = message
        self.field = field
        self.reasons = reasons
        self.limits = limits
        self.largestQuantity = largestQuantity
        self.citation = citation
        self.judgedAt = judgedAt
    }
}

extension RefusalDocument: Codable {
    private enum CodingKeys: String, CodingKey {
        case code
        case message = "detail"
        case field
        case reasons
        case limits
        case largestQuantity
        case citation
        case judgedAt
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        code = try fields.decode(String.self, forKey: .code)
        message = try fields.decode(String.self, forKey: .message)
        field = try fields.decodeIfPresent(String.self, forKey: .field)
        reasons = try fields.decodeIfPresent([ReasonDocument].self, forKey: .reasons) ?? []
        limits = try fields.decodeIfPresent([LimitDocument].self, forKey: .limits) ?? []
        largestQuantity = try fields.decodeIfPresent(UInt64.self, forKey: .largestQuantity)
        citation = try fields.decodeIfPresent(String.self, forKey: .citation)
        judgedAt = try fields.decodeIfPresent(UInt64.self, forKey: .judgedAt)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(code, forKey: .code)
        try fields.encode(message, forKey: .message)
        try fields.encodeIfPresent(field, forKey: .field)
        if !reasons.isEmpty { try fields.encode(reasons, forKey: .reasons) }
        if !limits.isEmpty { try fields.encode(limits, forKey: .limits) }
        try fields.encodeIfPresent(largestQuantity, forKey: .largestQuantity)
        try fields.encodeIfPresent(citation, forKey: .citation)
        try fields.encodeIfPresent(judgedAt, forKey: .judgedAt)
    }
}
