/// What becomes of a claim, from mildest to hardest.
public enum Outcome: String, Hashable, Sendable, CaseIterable, Comparable {
    /// It passes.
    case admit
    /// It passes, and a notice or a filing is due.
    case admitWithNotice = "admit_with_notice"
    /// A government must decide.
    case needsDecision = "needs_decision"
    /// It does not pass.
    case refuse

    private var severity: Int {
        switch self {
        case .admit: 0
        case .admitWithNotice: 1
        case .needsDecision: 2
        case .refuse: 3
        }
    }

    /// Whether the claim passes without a decision by anyone.
    public var passes: Bool { severity <= 1 }

    /// The milder outcome comes first.
    public static func < (left: Outcome, right: Outcome) -> Bool {
        left.severity < right.severity
    }
}

/// How a licence application of this kind is reviewed.
public enum Review: String, Hashable, Sendable, CaseIterable {
    /// Approved unless there is a reason against it.
    case presumptionOfApproval = "presumption_of_approval"
    /// Decided on its own merits.
    case caseByCase = "case_by_case"
    /// Denied unless there is a reason for it.
    case presumptionOfDenial = "presumption_of_denial"
    /// Denied.
    case policyOfDenial = "policy_of_denial"

    /// The name in a sentence: `presumption of approval`.
    public var words: String { rawValue.split(separator: "_").joined(separator: " ") }
}

/// The engine's answer for one claim under one policy.
public struct Decision: Hashable, Sendable {
    /// What becomes of the claim.
    public let outcome: Outcome
    /// How a licence for it is reviewed, if the deciding rule says so.
    public let review: Review?
    /// Every limit that the claim touches, in the order of the policy.
    ///
    /// Empty if the claim is refused before any limit is reached, or nothing in it counts against one.
    public let limits: [LimitUse]
    /// The notices and filings that are due.
    public let notices: [Notice]
    /// Why, in order: for a refusal every cause found, for an admission the rule that let it pass.
    public let reasons: [Reason]
    /// The decisions that the claim waits for; empty unless the outcome is `needsDecision`.
    public let requests: [DecisionRequest]
    /// For each line the largest quantity that would pass with the other lines as they are.
    ///
    /// Nil where no limit binds. All 0 if the claim cannot pass at any quantity.
    public let largestQuantities: [UInt64?]
    /// What the accounts gain if the claim is admitted.
    ///
    /// Empty if it is refused.
    public let movements: [Movement]
    /// What the other routes of the policy would answer.
    ///
    /// Only for a refusal, else empty.
    public let alternatives: [Alternative]

    /// The largest quantity of the last line that would pass with the other lines as they are.
    ///
    /// For a claim with one line: the largest quantity that would pass. Nil if no limit binds.
    public var largestQuantity: UInt64? { largestQuantities.last ?? nil }
}

/// How a claim stands against one account of one limit.
public struct LimitUse: Hashable, Sendable {
    /// The id of the limit in the policy; for the account of a sub-share `<limit>/<sub-share>`, and
    /// `<limit>/rest` for what the sub-shares leave.
    public let limitID: String
    /// Whose account: one text for each part of the limit's subject.
    public let subject: [String]
    /// The period of the account.
    public let period: String
    /// What the numbers count.
    public let unit: QuotaUnit
    /// Used before the claim.
    public let before: UInt64
    /// What the claim uses.
    public let amount: UInt64
    /// The cap on the claim's date, uplift and grants included; nil if the account only counts.
    ///
    /// Of several tiers the lowest that no evidence waives. For a share, what the cap is of the
    /// denominator after the claim, rounded down: a whole amount is within the share exactly if it
    /// is at most this.
    public let cap: UInt64?
    /// What the cap is a part of, for a share; else nil.
    public let proportion: Proportion?
    /// The largest quantity that fits this limit alone, of the last line that counts against it
    /// and with the other lines as they are; nil without a cap.
    public let largestQuantity: UInt64?
    /// The paragraph that sets the limit.
    public let citation: String

    /// Used after the claim, if it is admitted.
    public var after: UInt64 { before + amount }
    /// Whether the claim fits.
    public var fits: Bool { cap.map { after <= $0 } ?? true }
    /// What the cap leaves before the claim.
    public var room: UInt64? { cap.map { $0 > before ? $0 - before : 0 } }
    /// What the cap leaves after the claim; 0 if it does not fit.
    public var left: UInt64? { cap.map { $0 > after ? $0 - after : 0 } }
    /// By how much the claim passes the cap; 0 if it fits.
    public var excess: UInt64 { cap.map { after > $0 ? after - $0 : 0 } ?? 0 }
    /// The account.
    public var account: AccountKey {
        AccountKey(limit: limitID, subject: subject, period: period)
    }
}

/// One cause, for programs and for people.
public struct Reason: Hashable, Sendable {
    /// What kind of cause; see `ReasonCode`.
    public let code: ReasonCode
    /// The cause and what would cure it.
    public let message: String
    /// The paragraph, if the policy names one.
    public let citation: String?
    /// The rule or limit of the policy that speaks, if one does.
    public let source: String?
    /// The place in the claim, such as `lines[1].sku`, if one field is the cause.
    public let field: String?

    init(
        _ code: ReasonCode,
        _ message: String,
        citation: String? = nil,
        source: String? = nil,
        field: String? = nil
    ) {
        self.code = code
        self.message = message
        self.citation = citation
        self.source = source
        self.field = field
    }
}

/// A filing that is due if the claim goes ahead.
public struct Notice: Hashable, Sendable {
    /// The id of the notice in the policy.
    public let id: String
    /// To whom.
    public let recipient: String
    /// What.
    public let message: String
    /// Whether it must come before the shipment.
    public let isBeforeShipment: Bool
    /// The last day for it, if the policy counts days.
    public let due: CalendarDate?
    /// The paragraph.
    public let citation: String
}

/// What an admitted claim adds to one account.
public struct Movement: Hashable, Sendable {
    /// The account.
    public let account: AccountKey
    /// How much it gains, more than 0.
    public let amount: UInt64
    /// The cap on the claim's date: of several tiers the first that refuses, else the highest.
    ///
    /// Nil if the account only counts, and for a share, whose cap moves with another sum. An
    /// account may stand above it only where the policy makes excess a warning or a decision, not a
    /// refusal.
    public let cap: UInt64?
    /// What the numbers count.
    public let unit: QuotaUnit
    /// For each line of the claim, what one item adds; 0 for a line that does not count here.
    ///
    /// The products with the lines' quantities add up to `amount`.
    public let perUnit: [UInt64]
    /// For each line of the claim, how many integrated circuits one item adds.
    public let circuitsPerUnit: [UInt64]
}

/// What another route would answer to the same claim.
public struct Alternative: Hashable, Sendable {
    /// The route.
    public let authority: String
    /// Its answer, if all its evidence were on file.
    public let outcome: Outcome
    /// How a licence would be reviewed, if the deciding rule says so.
    public let review: Review?
    /// The evidence that it needs and the claim does not have.
    public let missingEvidence: [String]
    /// The largest quantity of the last line that this route would pass; nil if no limit binds.
    public let largestQuantity: UInt64?
}
