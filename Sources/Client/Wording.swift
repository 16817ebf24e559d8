package import APIModel

/// What the rules said, in lines for people.
package enum Wording {
    /// How a claim stands against one limit.
    package static func limit(_ limit: LimitDocument) -> String {
        let holder = Self.holder(limit.subject, period: limit.period)
        guard let cap = limit.cap, let room = limit.room else {
            return "\(limit.limit) \(holder): \(limit.after.text) counted, no cap"
                + citation(limit.citation)
        }
        guard limit.fits else {
            var text =
                "\(limit.limit) \(holder): \(limit.before.number) used + \(limit.amount.number)"
                + " asked = \(limit.after.number), over \(cap.text); room \(room.text)"
            if let largest = limit.largestQuantity {
                text += ", largest quantity \(Amount.grouped(largest))"
            }
            return text + citation(limit.citation)
        }
        let left = Amount(cap.value - min(cap.value, limit.after.value), unit: cap.unit)
        return "\(limit.limit) \(holder): \(limit.before.number) + \(limit.amount.number)"
            + " = \(limit.after.number) of \(cap.text); \(left.text) left"
            + citation(limit.citation)
    }

    /// The lines below an admission.
    package static func admission(_ decision: DecisionDocument) -> [String] {
        decision.limits.map { "limit    \(limit($0))" }
            + decision.notices.map { notice in
                let due = notice.due.map { " by \($0)" } ?? ""
                let when = notice.isBeforeShipment ? " before shipment" : ""
                return "notice   \(notice.message) (to \(notice.recipient)\(when)\(due)"
                    + "; \(notice.citation))"
            }
    }

    /// The lines below a refusal: why, the paragraph, room left, what would pass.
    package static func refusal(_ refusal: RefusalDocument) -> [String] {
        var lines = reasons(refusal.reasons)
        if lines.isEmpty {
            lines.append("why      \(refusal.message)" + citation(refusal.citation))
        }
        if let field = refusal.field { lines.append("field    \(field)") }
        if let review = refusal.review {
            lines.append("review   \(review.split(separator: "_").joined(separator: " "))")
        }
        lines += refusal.limits.map { "limit    \(limit($0))" }
        lines += passes(refusal.largestQuantity)
        lines += alternatives(refusal.alternatives)
        if let size = refusal.judgedAt { lines.append("judged   at checkpoint \(size)") }
        return lines
    }

    /// The lines below a verdict of a dry run that is no admission.
    package static func refusal(_ decision: DecisionDocument) -> [String] {
        var lines = reasons(decision.reasons)
        if let review = decision.review {
            lines.append("review   \(review.split(separator: "_").joined(separator: " "))")
        }
        lines += decision.limits.map { "limit    \(limit($0))" }
        lines += passes(decision.largestQuantity)
        lines += alternatives(decision.alternatives)
        return lines
    }

    /// Whose account it is.
    package static func holder(_ subject: [String], period: String) -> String {
        (subject + (period.isEmpty ? [] : [period])).joined(separator: " ")
    }

    /// Every cause but the summary of other routes, which `instead` lines give in full.
    private static func reasons(_ reasons: [ReasonDocument]) -> [String] {
        reasons.filter { $0.code != "other-route" }.map {
            "why      \($0.message)" + citation($0.citation)
        }
    }

    private static func passes(_ largest: UInt64?) -> [String] {
        switch largest {
        case nil: []
        case 0?: ["passes   no quantity"]
        case let largest?: ["passes   at most \(Amount.grouped(largest)) units"]
        }
    }

    /// The routes that would pass the claim, or would let a government decide.
    private static func alternatives(_ others: [AlternativeDocument]) -> [String] {
        others.compactMap { other in
            let answer: String
            switch other.outcome {
            case .admit: answer = "would pass"
            case .admitWithNotice: answer = "would pass with a notice"
            case .needsDecision: answer = "a government would decide"
            case .refuse: return nil
            }
            var text = "instead  \(other.authority): \(answer)"
            if let largest = other.largestQuantity {
                text += ", at most \(Amount.grouped(largest)) units"
            }
            if !other.missingEvidence.isEmpty {
                text += ", given \(other.missingEvidence.joined(separator: ", "))"
            }
            return text
        }
    }

    private static func citation(_ text: String?) -> String {
        guard let text, !text.isEmpty else { return "" }
        return " [\(text)]"
    }
}
