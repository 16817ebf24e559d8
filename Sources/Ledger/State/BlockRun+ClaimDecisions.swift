import QuotaRules

extension BlockRun {
    /// How many approvals a claim that waits for a decision wants; nil for the number that the
    /// policy sets for claims.
    ///
    /// Refused if the claim is unknown or does not wait.
    func decisionThreshold(of claim: ClaimReference) throws(Refusal) -> ApprovalThreshold? {
        guard let entry = entry(claim.stateKey, kind: .claim) else {
            throw Refusal(
                .unknownClaim,
                "'\(claim.issuer)' has no claim '\(claim.id)' on this ledger.",
                path: "$.payload.body.on"
            )
        }
        throw Refusal(
            .notOpen,
            "The claim \(claim) does not wait for a decision.",
            path: "$.payload.body.on",
            existing: entry.index
        )
    }

    /// Lets a claim go on, or ends it.
    mutating func decide(_ claim: ClaimReference, approved: Bool) throws(Refusal) {
        _ = try decisionThreshold(of: claim)
    }
}
