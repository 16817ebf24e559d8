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
    /// What other routes would answer, if the rules refused the claim.
    package var alternatives: [AlternativeDocument]
    /// How a licence for the claim is reviewed, such as `policy_of_denial`.
    package var review: String?
    /// The largest quantity that would pass.
    package var largestQuantity: UInt64?
    /// The paragraph of the regulation.
    package var citation: String?
    /// The size of the tree whose state the statement was judged at.
    package var judgedAt: UInt64?
    /// The index of the leaf that stands in the way, for a conflict.
    package var existing: UInt64?

    /// Makes a refusal.
    package init(
        code: String,
        message: String,
        field: String? = nil,
        reasons: [ReasonDocument] = [],
        limits: [LimitDocument] = [],
        alternatives: [AlternativeDocument] = [],
        review: String? = nil,
        largestQuantity: UInt64? = nil,
        citation: String? = nil,
        judgedAt: UInt64? = nil,
        existing: UInt64? = nil
    ) {
        self.code = code
        self.message = message
        self.field = field
        self.reasons = reasons
        self.limits = limits
        self.alternatives = alternatives
        self.review = review
        self.largestQuantity = largestQuantity
        self.citation = citation
        self.judgedAt = judgedAt
        self.existing = existing
    }
}

extension RefusalDocument: Codable {
    private enum CodingKeys: String, CodingKey {
        case code
        case message = "detail"
        case field
        case reasons
        case limits
        case alternatives
        case review
        case largestQuantity
        case citation
        case judgedAt
        case existing
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        code = try fields.decode(String.self, forKey: .code)
        message = try fields.decode(String.self, forKey: .message)
        field = try fields.decodeIfPresent(String.self, forKey: .field)
        reasons = try fields.decodeIfPresent([ReasonDocument].self, forKey: .reasons) ?? []
        limits = try fields.decodeIfPresent([LimitDocument].self, forKey: .limits) ?? []
        alternatives =
            try fields.decodeIfPresent([AlternativeDocument].self, forKey: .alternatives) ?? []
        review = try fields.decodeIfPresent(String.self, forKey: .review)
        largestQuantity = try fields.decodeIfPresent(UInt64.self, forKey: .largestQuantity)
        citation = try fields.decodeIfPresent(String.self, forKey: .citation)
        judgedAt = try fields.decodeIfPresent(UInt64.self, forKey: .judgedAt)
        existing = try fields.decodeIfPresent(UInt64.self, forKey: .existing)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(code, forKey: .code)
        try fields.encode(message, forKey: .message)
        try fields.encodeIfPresent(field, forKey: .field)
        if !reasons.isEmpty { try fields.encode(reasons, forKey: .reasons) }
        if !limits.isEmpty { try fields.encode(limits, forKey: .limits) }
        if !alternatives.isEmpty { try fields.encode(alternatives, forKey: .alternatives) }
        try fields.encodeIfPresent(review, forKey: .review)
        try fields.encodeIfPresent(largestQuantity, forKey: .largestQuantity)
        try fields.encodeIfPresent(citation, forKey: .citation)
        try fields.encodeIfPresent(judgedAt, forKey: .judgedAt)
        try fields.encodeIfPresent(existing, forKey: .existing)
    }
}
