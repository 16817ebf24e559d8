/// One claim under one policy: what each route of the policy would answer.
///
/// A class so that tests passed on as closures do not copy the claim.
final class Evaluation {
    let facts: ClaimFacts
    let policy: Policy
    let catalogue: ChipCatalogue
    let standing: any Standing
    /// Whether a cap that is passed has no consequence.
    let isOverridden: Bool
    let claim: ResolvedClaim

    init(
        _ facts: ClaimFacts,
        policy: Policy,
        catalogue: ChipCatalogue,
        standing: any Standing,
        isOverridden: Bool = false
    ) {
        self.facts = facts
        self.policy = policy
        self.catalogue = catalogue
        self.standing = standing
        self.isOverridden = isOverridden
        claim = ResolvedClaim(facts, policy: policy, catalogue: catalogue)
    }

    /// An answer that is being put together.
    struct Draft {
        var outcome = Outcome.admit
        var review: Review?
        /// The causes of a refusal or of a decision that is needed.
        var reasons: [Reason] = []
        /// The rule that lets the claim pass, unless a limit keeps it from passing.
        var admission: Reason?
        var notices: [Notice] = []
        var requests: [DecisionRequest] = []
        var touched: [Touched] = []
        var missingEvidence: [String] = []
        /// Whether the claim fails for a cause that no quantity cures.
        var isClosed = false

        /// Refuses for a cause that no quantity cures.
        mutating func close(_ reason: Reason) {
            reasons.append(reason)
            outcome = .refuse
            isClosed = true
        }
    }

    /// A limit that the claim touches.
    struct Touched {
        let addition: Addition
        /// The number of the sub-share; nil for the account of the whole.
        let part: Int?
        let use: LimitUse
        /// What its cap is a part of, for a share.
        let base: Base?
        /// The lowest cap that keeps the claim from passing, if one does.
        let bound: Bound?
        /// The cap that the account is kept with: the first that refuses, else the highest; nil for
        /// a share, whose cap moves with another sum.
        let firmCap: UInt64?
    }

    /// The day that decides membership and validity.
    var date: CalendarDate { facts.exported }

    /// What a route answers.
    ///
    /// - Parameters:
    ///   - route: The route.
    ///   - assumesEvidence: Whether the route's evidence counts as being on file.
    /// - Returns: The answer, with the limits that it touches.
    func decide(_ route: RouteIndex, assumesEvidence: Bool) -> Draft {
        var draft = Draft()
        guard claim.lines.contains(where: \.isRegulated) else {
            draft.reasons.append(
                Reason(
                    .notRegulated,
                    "Nothing in the claim is \(policy.index.regulated.title), "
                        + "so the policy asks for nothing and no account moves.",
                    citation: policy.index.regulated.citation,
                    source: policy.index.regulated.id
                )
            )
            return draft
        }
        check(route, assumesEvidence: assumesEvidence, into: &draft)
        guard let rule = rule(of: route) else {
            draft.close(
                Reason(
                    .noRule,
                    "No rule of \(route.route.id) covers this claim.",
                    citation: route.route.citation,
                    source: route.route.id
                )
            )
            return draft
        }
        let consequence = rule.rule.consequence
        guard consequence.outcome != .refuse else {
            draft.review = consequence.review
            draft.close(refusal(by: rule, of: route))
            return draft
        }
        draft.outcome = max(draft.outcome, consequence.outcome)
        draft.review = consequence.review
        draft.admission = Reason(
            .rule,
            consequence.text,
            citation: consequence.citation,
            source: rule.rule.id
        )
        request(consequence, source: rule.rule.id, in: &draft)
        for limit in rule.limits { touch(limit, into: &draft) }
        if draft.outcome != .refuse { addNotices(of: route, to: &draft) }
        return draft
    }

    /// Notes that a consequence asks for a decision.
    func request(_ consequence: Consequence, source: String, in draft: inout Draft) {
        guard consequence.outcome == .needsDecision else { return }
        draft.requests.append(
            DecisionRequest(
                source: source,
                decision: consequence.decision,
                threshold: policy.document.decisions.first {
                    $0.id == consequence.decision
                }?.threshold,
                citation: consequence.citation
            )
        )
    }

    /// Checks what a route asks of every claim.
    private func check(_ route: RouteIndex, assumesEvidence: Bool, into draft: inout Draft) {
        if let validity = route.route.validity, !validity.contains(date) {
            draft.close(
                Reason(
                    .outsideValidity,
                    "\(route.route.id) can be used \(validity.words); this export is on \(date).",
                    citation: route.route.citation,
                    source: route.route.id,
                    field: "exported"
                )
            )
        }
        for role in route.requiredRoles
        where !claim.parties.contains(where: { $0.role == role }) {
            draft.close(
                Reason(
                    .missingParty,
                    "\(route.route.id) needs a party with the role "
                        + "'\(policy.index.roles[role])'; name one.",
                    citation: route.route.citation,
                    source: route.route.id,
                    field: "parties"
                )
            )
        }
        if let eligible = route.eligible { check(eligible, of: route, into: &draft) }
        for evidence in route.route.evidence where !facts.evidence.contains(evidence.type) {
            draft.missingEvidence.append(evidence.type)
            guard !assumesEvidence, evidence.missing == .refuse else { continue }
            draft.close(
                Reason(
                    .missingEvidence,
                    "\(route.route.id) needs evidence '\(evidence.type)': \(evidence.text) "
                        + "Obtain it and name it in the claim.",
                    citation: evidence.citation,
                    source: route.route.id,
                    field: "evidence"
                )
            )
        }
    }

    private func check(_ eligible: ItemFilter, of route: RouteIndex, into draft: inout Draft) {
        for (position, line) in claim.lines.enumerated() where line.isRegulated {
            guard eligible.match(catalogue.items[line.position]) != .yes else { continue }
            draft.close(
                Reason(
                    .ineligibleItem,
                    "\(route.route.id) covers \(eligible.title) only; "
                        + "'\(facts.lines[position].sku)' is not.",
                    citation: eligible.citation,
                    source: route.route.id,
                    field: "lines[\(position)].sku"
                )
            )
        }
    }

    /// The first rule that applies.
    ///
    /// A rule whose consequence is waived does not.
    private func rule(of route: RouteIndex) -> RuleIndex? {
        route.rules.first { rule in
            if let validity = rule.rule.validity, !validity.contains(date) { return false }
            return rule.tests.allSatisfy(holds) && !isWaived(rule.rule.consequence)
        }
    }

    /// Whether all evidence that lifts a consequence is on file.
    func isWaived(_ consequence: Consequence) -> Bool {
        !consequence.waivedBy.isEmpty
            && consequence.waivedBy.allSatisfy { facts.evidence.contains($0) }
    }
}
