extension Evaluation {
    /// The answer of the route that the claim names.
    func decision(assumesEvidence: Bool, consumed: (AccountKey) -> UInt64) -> Decision {
        guard claim.problems.isEmpty else {
            var draft = Draft()
            for problem in claim.problems { draft.close(problem) }
            return finish(draft, alternatives: [])
        }
        let routes = policy.index.routes
        var draft: Draft
        if let route = routes.first(where: { $0.route.id == facts.authority }) {
            draft = decide(route, assumesEvidence: assumesEvidence, consumed: consumed)
        } else {
            draft = Draft()
            draft.close(
                Reason(
                    .unknownRoute,
                    "The policy '\(policy.id)' has no such route; it has "
                        + "\(routes.map(\.route.id).joined(separator: ", ")).",
                    citation: policy.document.citation,
                    field: "authority"
                )
            )
        }
        guard draft.outcome == .refuse else { return finish(draft, alternatives: []) }
        let alternatives = routes.filter { $0.route.id != facts.authority }.map {
            alternative($0, consumed: consumed)
        }
        if let reason = reason(for: alternatives) { draft.reasons.append(reason) }
        return finish(draft, alternatives: alternatives)
    }

    private func finish(_ draft: Draft, alternatives: [Alternative]) -> Decision {
        var reasons = draft.reasons
        if let admission = draft.admission, draft.outcome != .refuse {
            reasons.insert(admission, at: 0)
        }
        return decision(of: draft, reasons: reasons, alternatives: alternatives)
    }

    private func decision(
        of draft: Draft,
        reasons: [Reason],
        alternatives: [Alternative]
    ) -> Decision {
        Decision(
            outcome: draft.outcome,
            review: draft.review,
            limits: draft.touched.map(\.use),
            notices: draft.outcome == .refuse ? [] : draft.notices,
            reasons: reasons,
            largestQuantities: draft.isClosed
                ? facts.lines.map { _ in 0 } : claim.lines.map { largest($0, in: draft) },
            movements: draft.outcome == .refuse ? [] : movements(of: draft),
            alternatives: alternatives
        )
    }

    /// What the accounts gain.
    func movements(of draft: Draft) -> [Movement] {
        var movements: [Movement] = []
        movements.reserveCapacity(draft.touched.count)
        for touched in draft.touched
        where policy.index.limits[touched.limit].limit.window != .shipment {
            movements.append(
                Movement(
                    account: touched.use.account,
                    amount: touched.use.amount,
                    cap: touched.use.cap,
                    unit: touched.use.unit
                )
            )
        }
        return movements
    }

    /// The largest quantity of a line that passes every binding limit; nil if none binds.
    private func largest(_ line: ResolvedClaim.Line, in draft: Draft) -> UInt64? {
        var result: UInt64?
        for touched in draft.touched
        where touched.isBinding && (touched.product == nil || touched.product == line.position) {
            let use = touched.use
            let limit = policy.index.limits[touched.limit]
            guard let own = largest(line, limit, use.amount, use.before, use.cap) else {
                // The line does not count here, but the others alone may already be too much.
                if !use.fits { result = 0 }
                continue
            }
            result = min(result ?? own, own)
        }
        return result
    }

    private func alternative(
        _ route: RouteIndex,
        consumed: (AccountKey) -> UInt64
    ) -> Alternative {
        let draft = decide(route, assumesEvidence: true, consumed: consumed)
        return Alternative(
            authority: route.route.id,
            outcome: draft.outcome,
            review: draft.review,
            missingEvidence: draft.missingEvidence,
            largestQuantity: draft.isClosed
                ? 0 : claim.lines.last.flatMap { largest($0, in: draft) }
        )
    }

    /// Which other route would pass the claim, or that none would.
    private func reason(for alternatives: [Alternative]) -> Reason? {
        guard !alternatives.isEmpty else { return nil }
        let open = alternatives.filter { $0.outcome != .refuse }
        let named = (open.isEmpty ? alternatives : open).map { alternative in
            var text = alternative.authority
            var remarks: [String] = []
            if alternative.outcome == .needsDecision { remarks.append("needs a decision") }
            if let review = alternative.review { remarks.append(review.words) }
            if !open.isEmpty, !alternative.missingEvidence.isEmpty {
                remarks.append("with \(alternative.missingEvidence.joined(separator: ", "))")
            }
            if !remarks.isEmpty { text += " (\(remarks.joined(separator: "; ")))" }
            return text
        }.joined(separator: ", ")
        return Reason(
            .otherRoute,
            open.isEmpty
                ? "No other route would pass it either: \(named)."
                : "Another route would pass it: \(named)."
        )
    }
}
