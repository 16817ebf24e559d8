import QuotaRules

extension BlockRun {
    /// How many approvals a claim that waits for a decision wants.
    ///
    /// Of several decisions that the rules asked for, the one that wants the most of the governments
    /// counts; nil for the number that the policy sets for claims. Refused if the claim is unknown or
    /// does not wait.
    func decisionThreshold(of claim: ClaimReference) throws(Refusal) -> ApprovalThreshold? {
        let record = try waiting(claim)
        let thresholds = record.asks.map { id in
            policy.document.document.decisions.first { $0.id == id }?.threshold
                ?? rules.threshold(of: .claim)
        }
        let size = electorate(rules.threshold(of: .claim), without: nil).size
        return thresholds.max { $0.needed(of: size) < $1.needed(of: size) }
    }

    /// Lets a claim that waits for a decision go on, or ends it.
    ///
    /// One that goes on is reserved anew, as if it had been admitted now.
    mutating func decide(_ claim: ClaimReference, approved: Bool) throws(Refusal) {
        var record = try waiting(claim)
        if approved {
            record.decision = .approved
            record.deadlines.reserved = today + policy.document.lifecycle.reservationDays
        } else {
            end(.reserved, of: &record, .rejected, releasing: .cancellation)
            record.decision = .rejected
        }
        let key = BallotSubject(.claim, issuer: claim.issuer, id: claim.id)
        governance.setWaiting(key, false)
        update(record, claim)
    }

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
