public import MerkleLog
public import Transparency

/// Two checkpoints of one ledger and a proof that the newer extends the older, as received.
public struct UnverifiedConsistency: Hashable, Sendable {
    /// The checkpoint that is said to be older.
    public let older: UnverifiedCheckpoint
    /// The checkpoint that is said to be newer.
    public let newer: UnverifiedCheckpoint
    /// The proof; nil where both have one size and need none.
    public let proof: ConsistencyProof?

    /// What is to be verified.
    public init(
        older: UnverifiedCheckpoint,
        newer: UnverifiedCheckpoint,
        proof: ConsistencyProof?
    ) {
        self.older = older
        self.newer = newer
        self.proof = proof
    }

    /// Checks the signatures of both checkpoints, then the proof.
    ///
    /// - Returns: Both checkpoints, tied to each other.
    /// - Throws: `VerificationFailure`; `fork` if trusted keys signed two trees of one size.
    public func verify(_ policy: TrustPolicy) throws(VerificationFailure) -> VerifiedConsistency {
        try verify(older: policy, newer: policy)
    }

    /// Checks the signatures of both checkpoints, each by the policy of its epoch, then the proof.
    ///
    /// - Returns: Both checkpoints, tied to each other.
    /// - Throws: `VerificationFailure`; `fork` if trusted keys signed two trees of one size.
    public func verify(
        older: TrustPolicy,
        newer: TrustPolicy
    ) throws(VerificationFailure) -> VerifiedConsistency {
        let (old, new) = try signed(older, newer)
        guard old.checkpoint.origin.utf8.elementsEqual(new.checkpoint.origin.utf8) else {
            throw VerificationFailure(
                .otherLedger,
                "the checkpoints are of '\(old.checkpoint.origin)' and '\(new.checkpoint.origin)'"
            )
        }
        let (oldSize, newSize) = (old.checkpoint.size, new.checkpoint.size)
        guard oldSize != newSize || old.checkpoint.root == new.checkpoint.root else {
            throw Self.fork(old, new)
        }
        if oldSize != newSize || proof != nil {
            try verifyProof(old, new)
        }
        return VerifiedConsistency(older: old, newer: new)
    }

    /// Both checkpoints with their signers; the reasons of both if both are refused.
    private func signed(
        _ olderPolicy: TrustPolicy,
        _ newerPolicy: TrustPolicy
    ) throws(VerificationFailure) -> (VerifiedCheckpoint, VerifiedCheckpoint) {
        var reasons: [VerificationFailure.Reason] = []
        var verified: [VerifiedCheckpoint] = []
        for (name, checkpoint, policy) in [
            ("older", older, olderPolicy), ("newer", newer, newerPolicy),
        ] {
            do throws(VerificationFailure) {
                verified.append(try checkpoint.verify(policy))
            } catch {
                reasons += error.reasons.map { .init($0.code, "\(name): \($0.message)") }
            }
        }
        guard reasons.isEmpty else { throw VerificationFailure(reasons) }
        return (verified[0], verified[1])
    }

    private func verifyProof(
        _ old: VerifiedCheckpoint,
        _ new: VerifiedCheckpoint
    ) throws(VerificationFailure) {
        let (oldSize, newSize) = (old.checkpoint.size, new.checkpoint.size)
        guard let proof, proof.oldSize == oldSize, proof.newSize == newSize else {
            throw VerificationFailure(
                .notConsistent,
                "no proof from size \(oldSize) to size \(newSize) was given"
            )
        }
        do {
            try proof.verify(oldRoot: old.checkpoint.root, newRoot: new.checkpoint.root)
        } catch {
            throw VerificationFailure(
                .notConsistent,
                "the tree of size \(newSize) is not shown to extend that of size \(oldSize): "
                    + error.description
            )
        }
    }

    /// Names everybody whose signature stands under both trees.
    private static func fork(
        _ left: VerifiedCheckpoint,
        _ right: VerifiedCheckpoint
    ) -> VerificationFailure {
        let logs = left.logs.filter(right.logs.contains).map { "log key \($0.vkey)" }
        let witnesses = left.witnesses
            .filter { signer in right.witnesses.contains { $0.key == signer.key } }
            .map { "witness \($0.name)" }
        let names = (logs + witnesses).joined(separator: ", ")
        return VerificationFailure(
            .fork,
            "two trees of size \(left.checkpoint.size) were signed, with the roots "
                + "\(left.checkpoint.root) and \(right.checkpoint.root); "
                + (names.isEmpty ? "no key signed both" : "signed both: \(names)")
        )
    }
}

/// Two checkpoints of which the newer is proven to extend the older.
public struct VerifiedConsistency: Hashable, Sendable {
    /// The older checkpoint.
    public let older: VerifiedCheckpoint
    /// The newer checkpoint.
    public let newer: VerifiedCheckpoint

    init(older: VerifiedCheckpoint, newer: VerifiedCheckpoint) {
        self.older = older
        self.newer = newer
    }
}
