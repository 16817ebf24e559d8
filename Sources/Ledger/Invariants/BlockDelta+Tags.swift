extension BlockDelta {
    /// Checks that no chip is live twice and none comes back to life where it ended.
    func checkTags(_ findings: inout InvariantFindings) {
        for change in tags where change.after.isLive {
            let claim = change.after.claim
            let record = after.claim(issuer: claim.issuer, id: claim.id)
            findings.expect(
                record.map { $0.tagCount > 0 } ?? false,
                .finality,
                "the tag \(change.key)",
                "live in a claim that counts it",
                found: "live in \(claim)"
            )
            guard let old = change.before else { continue }
            findings.expect(
                old.isLive ? isLinked(claim, to: old.claim) : old.claim != claim,
                .finality,
                "the tag \(change.key), \(old.isLive ? "live" : "ended") in \(old.claim)",
                old.isLive ? "live only in a claim whose source that is" : "live only in another",
                found: "live in \(claim)"
            )
        }
    }

    /// Whether goods of a claim may have come from another, over several steps if need be.
    private func isLinked(_ claim: ClaimReference, to source: ClaimReference) -> Bool {
        var claim = claim
        // Each step is a statement of this block.
        for _ in 0...block.statements.count {
            if claim == source { return true }
            guard let next = after.claim(issuer: claim.issuer, id: claim.id)?.facts.source else {
                return false
            }
            claim = next
        }
        return false
    }
}
