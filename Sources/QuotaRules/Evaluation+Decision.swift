extension Evaluation {
    /// The answer of the route that the claim names.
    func decision(assumesEvidence: Bool) -> Decision {
        guard claim.problems.isEmpty else {
            var draft = Draft()
            for problem in claim.problems { draft.close(problem) }
            return finish(draft, alternatives: [])
        }
        let routes = policy.index.routes
        var draft: Draft
        if let route = routes.first(where: { $0.route.id == facts.authority }) {
            draft = decide(route, assumesEvidence: assumesEvidence)
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
        let alternatives = routes.filter { $0.route.id != facts.authority }.map(alternative)
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
            requests: draft.outcome == .needsDecision ? draft.requests : [],
            largestQuantities: draft.isClosed
                ? facts.lines.map { _ in 0 }
                : claim.lines.indices.map { largest(line: $0, in: draft) },
            movements: draft.outcome == .refuse ? [] : movements(of: draft),
            alternatives: alternatives
        )
    }

    /// What the accounts gain.
    func movements(of draft: Draft) -> [Movement] {
        var movements: [Movement] = []
        movements.reserveCapacity(draft.touched.count)
        for touched in draft.touched where touched.addition.limit.limit.window != .shipment {
            let perUnit = touched.addition.perUnit
            movements.append(
                Movement(
                    account: touched.use.account,
                    amount: touched.use.amount,
                    cap: touched.firmCap,
                    unit: touched.use.unit,
                    perUnit: perUnit,
                    circuitsPerUnit: touched.use.unit == .units
                        ? perUnit : circuits(where: perUnit)
                )
            )
        }
        return movements
    }

    /// How many circuits one item of each line has; 0 for a line that does not count.
    private func circuits(where perUnit: [UInt64]) -> [UInt64] {
        zip(claim.lines, perUnit).map { $0.1 > 0 ? $0.0.circuits : 0 }
    }

    /// The largest quantity of a line that passes every binding limit; nil if none binds.
    private func largest(line: Int, in draft: Draft) -> UInt64? {
        var result: UInt64?
        let position = claim.lines[line].position
        for touched in draft.touched {
            guard let bound = touched.bound else { continue }
            let product = touched.addition.product
            guard product == nil || product == position else { continue }
            let use = touched.use
            let own = largest(line: line, touched.addition, use.before, bound, touched.base)
            guard let own else {
                // The line does not count here, but the others alone may already be too much.
                if touched.addition.perUnit[line] == 0, use.after > bound.cap { result = 0 }
                continue
            }
            result = min(result ?? own, own)
        }
        return result
    }

    private func alternative(_ route: RouteIndex) -> Alternative {
        let draft = decide(route, assumesEvidence: true)
        return Alternative(
            authority: route.route.id,
            outcome: draft.outcome,
            review: draft.review,
            missingEvidence: draft.missingEvidence,
            largestQuantity: draft.isClosed
                ? 0 : claim.lines.indices.last.flatMap { largest(line: $0, in: draft) }
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
