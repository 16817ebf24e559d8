package import APIModel
package import QuotaRules

extension DecisionDocument {
    /// The rules' answer as a document, judged at a tree of `size` leaves.
    package init(_ decision: Decision, judgedAt size: UInt64?) {
        self.init(
            outcome: Outcome(decision.outcome),
            review: decision.review?.rawValue,
            limits: decision.limits.map(LimitDocument.init),
            notices: decision.notices.map(NoticeDocument.init),
            reasons: decision.reasons.map(ReasonDocument.init),
            alternatives: decision.alternatives.map(AlternativeDocument.init),
            largestQuantity: decision.largestQuantity,
            judgedAt: size
        )
    }
}

extension DecisionDocument.Outcome {
    /// The rules' outcome.
    package init(_ outcome: Outcome) {
        self =
            switch outcome {
            case .admit: .admit
            case .admitWithNotice: .admitWithNotice
            case .needsDecision: .needsDecision
            case .refuse: .refuse
            }
    }
}

extension Amount {
    /// An amount in a unit of the rules.
    package init(_ value: UInt64, _ unit: QuotaUnit) {
        self =
            switch unit {
            case .tpp: .tenths(value)
            case .units: Amount(value, unit: unit.rawValue)
            }
    }
}

extension LimitDocument {
    /// How a claim stands against one account of one limit.
    package init(_ use: LimitUse) {
        self.init(
            limit: use.limitID,
            subject: use.subject,
            period: use.period,
            before: Amount(use.before, use.unit),
            amount: Amount(use.amount, use.unit),
            after: Amount(use.after, use.unit),
            cap: use.cap.map { Amount($0, use.unit) },
            room: use.room.map { Amount($0, use.unit) },
            largestQuantity: use.largestQuantity,
            citation: use.citation
        )
    }
}

extension ReasonDocument {
    /// One cause that the rules name.
    package init(_ reason: Reason) {
        self.init(
            code: reason.code.rawValue,
            message: reason.message,
            citation: reason.citation,
            field: reason.field
        )
    }
}

extension NoticeDocument {
    /// A filing that the rules ask for.
    package init(_ notice: Notice) {
        self.init(
            id: notice.id,
            recipient: notice.recipient,
            message: notice.message,
            isBeforeShipment: notice.isBeforeShipment,
            due: notice.due?.description,
            citation: notice.citation
        )
    }
}

extension AlternativeDocument {
    /// What another route would answer.
    package init(_ alternative: Alternative) {
        self.init(
            authority: alternative.authority,
            outcome: DecisionDocument.Outcome(alternative.outcome),
            review: alternative.review?.rawValue,
            missingEvidence: alternative.missingEvidence,
            largestQuantity: alternative.largestQuantity
        )
    }
}
