internal import CBOR

/// What follows when a rule applies or a limit is passed.
public struct Consequence: Hashable, Sendable {
    /// What becomes of the claim.
    public let outcome: Outcome
    /// How a licence is reviewed, if this is about licences.
    public let review: Review?
    /// Types of evidence that lift the consequence when all are on file.
    public let waivedBy: [String]
    /// The decision of the policy that is asked for, if the outcome is `needs_decision`.
    public let decision: String?
    /// Why, for people.
    public let text: String
    /// The paragraph.
    public let citation: String

    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        outcome = try fields.item("outcome").choice(Outcome.self)
        review = try fields.ifPresent("review") { item throws(CBORFieldError) in
            try item.choice(Review.self, standIn: .caseByCase)
        }
        waivedBy = try fields.identifiersIfPresent("waivedBy")
        let outcome = outcome
        decision = try fields.ifPresent("decision") { item throws(CBORFieldError) in
            try item.require(
                outcome == .needsDecision,
                "not allowed: the outcome is \(outcome.rawValue)"
            )
            return try item.identifier()
        }
        text = try fields.item("text").prose()
        citation = try fields.item("citation").prose()
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([
            ("outcome", .text(outcome.rawValue)), ("review", review.map { .text($0.rawValue) }),
            ("waivedBy", .textsIfAny(waivedBy)), ("decision", decision.map { .text($0) }),
            ("text", .text(text)),
            ("citation", .text(citation)),
        ])
    }
}
