import QuotaRules

extension BlockRun {
    /// How many approvals a claim that waits for a decision wants.
    ///
    /// Of several decisions that the rules asked for, the one that wants the most of the governments
    /// counts, and the number that the policy sets for claims where a decision has none of its own.
    func decisionThreshold(of claim: ClaimRecord) -> ApprovalThreshold {
        let standard = rules.threshold(of: .claim)
        let thresholds = claim.asks.map { id in
            policy.document.document.decisions.first { $0.id == id }?.threshold ?? standard
        }
        let size = electorate(standard, without: nil).size
        return thresholds.max { $0.needed(of: size) < $1.needed(of: size) } ?? standard
    }

    /// Lets a claim that waits for a decision go on, or ends it.
    ///
    /// One that goes on is reserved anew, as if it had been admitted now.
    mutating func decide(_ claim: ClaimReference, _ waiting: ClaimRecord, approved: Bool) {
        var record = waiting
        if approved {
            record.decision = .approved
            record.deadlines.reserved = today + policy.document.lifecycle.reservationDays
        } else {
            end(.reserved, of: &record, .rejected, releasing: .cancellation)
            record.decision = .rejected
        }
        update(record, claim)
    }

    /// The claim, which is refused unless it waits for a decision.
    func waiting(_ claim: ClaimReference) throws(Refusal) -> ClaimRecord {
        guard let record = self.claim(claim) else {
            throw Refusal(
                .unknownClaim,
                "'\(claim.issuer)' has no claim '\(claim.id)' on this ledger.",
                path: "$.payload.body.on"
            )
        }
        guard record.isWaiting else {
            throw Refusal(
                .notOpen,
                "The claim \(claim) does not wait for a decision.",
                path: "$.payload.body.on",
                existing: record.index
            )
        }
        return record
    }
}
