package import Ledger
package import Transparency
package import Verifier

/// What became of a claim, proven by the ledger's state.
package struct ProvenClaim: Sendable {
    /// The claim.
    package let claim: ClaimReference
    /// Where each of its lines stands.
    package let record: ClaimRecord
    /// The checkpoint of the proof.
    package let checkpoint: VerifiedCheckpoint
}

extension LedgerClient {
    /// Where a claim stands, proven by a checkpoint that `policy` accepts.
    ///
    /// - Throws: ``ClientError`` if no node answers, `VerificationFailure` if the proof does not hold or
    ///   shows that there is no such claim.
    package func provenClaim(
        _ claim: ClaimReference,
        by policy: TrustPolicy
    ) async throws -> ProvenClaim {
        let key = [StatementKind.claim.rawValue, claim.issuer, claim.id]
        let entry = try UnverifiedStateEntry(try await stateProof(key)).verify(policy)
        guard entry.key.parts == key else {
            throw VerificationFailure(
                .otherAccount,
                "the proof is of \(entry.key), not of \(claim)"
            )
        }
        guard let value = entry.value else {
            throw VerificationFailure(
                .notIncluded,
                "there is no claim \(claim) at checkpoint \(entry.checkpoint.checkpoint.size)"
            )
        }
        return ProvenClaim(
            claim: claim,
            record: try ClaimRecord.decode(value),
            checkpoint: entry.checkpoint
        )
    }
}
