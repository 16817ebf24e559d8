/// Why a statement or a request was refused, for people and for programs.
package struct RefusalDocument: Codable, Hashable, Sendable {
    /// Stable code, such as `limit-exceeded`.
    package var code: String
    /// What is wrong and how to cure it.
    package var message: String
    /// The offending field, such as `$.lines[0].sku` or a query parameter.
    package var field: String?
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
        limits: [LimitDocument] = [],
        largestQuantity: UInt64? = nil,
        citation: String? = nil,
        judgedAt: UInt64? = nil
    ) {
        self.code = code
        self.message = message
        self.field = field
        self.limits = limits
        self.largestQuantity = largestQuantity
        self.citation = citation
        self.judgedAt = judgedAt
    }
}
