/// What the rules say of a claim: the outcome and every limit that it touches.
package struct DecisionDocument: Codable, Hashable, Sendable {
    /// How a claim was judged.
    package enum Outcome: String, Codable, Sendable {
        /// It passes.
        case admit
        /// It passes and a notice or a filing is due.
        case admitWithNotice = "admit_with_notice"
        /// A government must decide.
        case needsDecision = "needs_decision"
        /// It does not pass.
        case refuse
    }

    /// How the claim was judged.
    package var outcome: Outcome
    /// How a licence for it is reviewed, such as `presumption_of_denial`.
    package var review: String?
    /// The limits it touches, in the policy's order.
    package var limits: [LimitDocument]
    /// The notices and filings that come with admission.
    package var notices: [NoticeDocument]
    /// Why: every cause of a refusal, or the rule that let the claim pass.
    package var reasons: [ReasonDocument]
    /// What other routes would answer, for a refusal.
    package var alternatives: [AlternativeDocument]
    /// The largest quantity of the claim's last line that would pass.
    package var largestQuantity: UInt64?
    /// The size of the tree whose state it was judged at.
    package var judgedAt: UInt64?

    /// Makes a decision.
    package init(
        outcome: Outcome,
        review: String? = nil,
        limits: [LimitDocument],
        notices: [NoticeDocument] = [],
        reasons: [ReasonDocument] = [],
        alternatives: [AlternativeDocument] = [],
        largestQuantity: UInt64? = nil,
        judgedAt: UInt64? = nil
    ) {
        self.outcome = outcome
        self.review = review
        self.limits = limits
        self.notices = notices
        self.reasons = reasons
        self.alternatives = alternatives
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
    /// The cap; nil if the account only counts.
    package var cap: Amount?
    /// Cap less what was consumed before the claim; nil without a cap.
    package var room: Amount?
    /// The largest quantity of the claim's last line that this limit lets pass.
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
        cap: Amount?,
        room: Amount?,
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

    /// Whether the claim fits.
    package var fits: Bool { cap.map { after.value <= $0.value } ?? true }
}

/// One cause of an outcome.
package struct ReasonDocument: Codable, Hashable, Sendable {
    /// Stable code.
    package var code: String
    /// The cause and what would cure it.
    package var message: String
    /// The paragraph of the regulation.
    package var citation: String?
    /// The place in the claim, such as `lines[1].sku`.
    package var field: String?

    /// Makes a reason.
    package init(code: String, message: String, citation: String? = nil, field: String? = nil) {
        self.code = code
        self.message = message
        self.citation = citation
        self.field = field
    }
}

/// A filing that is due if the claim goes ahead.
package struct NoticeDocument: Codable, Hashable, Sendable {
    /// The notice's id in the policy.
    package var id: String
    /// To whom.
    package var recipient: String
    /// What.
    package var message: String
    /// Whether it must come before the shipment.
    package var isBeforeShipment: Bool
    /// The last day for it as `YYYY-MM-DD`, if the policy counts days.
    package var due: String?
    /// The paragraph of the regulation.
    package var citation: String

    /// Makes a notice.
    package init(
        id: String,
        recipient: String,
        message: String,
        isBeforeShipment: Bool,
        due: String? = nil,
        citation: String
    ) {
        self.id = id
        self.recipient = recipient
        self.message = message
        self.isBeforeShipment = isBeforeShipment
        self.due = due
        self.citation = citation
    }
}

/// What another route would answer to the same claim.
package struct AlternativeDocument: Codable, Hashable, Sendable {
    /// The route, such as `LPP`.
    package var authority: String
    /// Its answer, if all its evidence were on file.
    package var outcome: DecisionDocument.Outcome
    /// How a licence would be reviewed.
    package var review: String?
    /// The evidence that it needs and the claim does not have.
    package var missingEvidence: [String]
    /// The largest quantity of the last line that it would pass; nil if no limit binds.
    package var largestQuantity: UInt64?

    /// Makes an alternative.
    package init(
        authority: String,
        outcome: DecisionDocument.Outcome,
        review: String? = nil,
        missingEvidence: [String] = [],
        largestQuantity: UInt64? = nil
    ) {
        self.authority = authority
        self.outcome = outcome
        self.review = review
        self.missingEvidence = missingEvidence
        self.largestQuantity = largestQuantity
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
