/// What the rules say of a claim: the outcome and every limit that it touches.
package struct DecisionDocument: Codable, Hashable, Sendable {
    /// How a claim was judged.
    package enum Outcome: String, Codable, Sendable {
        /// It passes.
        case admit
        /// It passes and a notice is due.
        case admitWithNotice = "admit-with-notice"
        /// A person must decide.
        case needsDecision = "needs-decision"
        /// It does not pass.
        case refuse
    }

    /// How the claim was judged.
    package var outcome: Outcome
    /// The limits it touches, in the policy's order.
    package var limits: [LimitDocument]
    /// Duties that come with admission, such as a notice before shipment.
    package var notices: [String]
    /// Why it was refused or needs a decision.
    package var reasons: [ReasonDocument]
    /// The largest quantity of the claim's one line that would pass.
    package var largestQuantity: UInt64?
    /// The size of the tree whose state it was judged at.
    package var judgedAt: UInt64?

    /// Makes a decision.
    package init(
        outcome: Outcome,
        limits: [LimitDocument],
        notices: [String] = [],
        reasons: [ReasonDocument] = [],
        largestQuantity: UInt64? = nil,
        judgedAt: UInt64? = nil
    ) {
        self.outcome = outcome
        self.limits = limits
        self.notices = notices
        self.reasons = reasons
        self.largestQuantity = largestQuantity
        self.judgedAt = judgedAt
    }

    /// Whether the claim passes.
    package var isAdmitted: Bool { outcome == .admit || outcome == .admitWithNotice }
}

/// One limit that a claim touches, with the account before and after it.
package struct LimitDocument: Codable, Hashable, Sendable {
    /// The limit's id in the policy.
    package var limit: String
    /// Whom the account counts for, such as a country.
    package var subject: [String]
    /// The period that the account covers, such as `2025`.
    package var period: String
    /// Consumed before the claim.
    package var before: Amount
    /// What the claim asks.
    package var amount: Amount
    /// Consumed after it, if it passes.
    package var after: Amount
    /// The cap.
    package var cap: Amount
    /// Cap less what was consumed before the claim.
    package var room: Amount
    /// The largest quantity of the claim's one line that this limit lets pass.
    package var largestQuantity: UInt64?
    /// The paragraph of the regulation.
    package var citation: String

    /// Makes a report on one limit.
    package init(
        limit: String,
        subject: [String],
        period: String,
        before: Amount,
        amount: Amount,
        after: Amount,
        cap: Amount,
        room: Amount,
        largestQuantity: UInt64? = nil,
        citation: String
    ) {
        self.limit = limit
        self.subject = subject
        self.period = period
        self.before = before
        self.amount = amount
        self.after = after
        self.cap = cap
        self.room = room
        self.largestQuantity = largestQuantity
        self.citation = citation
    }
}

/// One reason of a refusal.
package struct ReasonDocument: Codable, Hashable, Sendable {
    /// Stable code.
    package var code: String
    /// A sentence for people.
    package var message: String
    /// The paragraph of the regulation.
    package var citation: String?

    /// Makes a reason.
    package init(code: String, message: String, citation: String? = nil) {
        self.code = code
        self.message = message
        self.citation = citation
    }
}

/// A claim put to the rules without being submitted: `POST /v1/dry-run`.
package struct DryRunClaim: Hashable, Sendable {
    /// The member that would sign it.
    package var issuer: String
    /// The claim id.
    package var subject: String
    /// The claim body, deterministic CBOR as it would stand in the statement.
    package var body: [UInt8]

    /// Makes a question.
    package init(issuer: String, subject: String, body: [UInt8]) {
        self.issuer = issuer
        self.subject = subject
        self.body = body
    }
}

/// The answer to one claim of a dry run.
package enum DryRunVerdict: Hashable, Sendable {
    /// The rules were asked.
    case judged(DecisionDocument)
    /// The claim has a fault, so that the rules were not asked.
    case refused(RefusalDocument)
}
