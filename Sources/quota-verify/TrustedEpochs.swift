import LogReader
import Transparency
import Verifier

/// Whom a command believes: one policy, or the validators of every epoch.
enum TrustedEpochs {
    /// What a file says, whatever the size of the log.
    case policy(TrustPolicy)
    /// What follows from the hash of the genesis statement.
    case handOffs(VerifiedHandOffs)

    /// The policy that was given, or that of the present validators.
    var present: TrustPolicy {
        switch self {
        case .policy(let policy): policy
        case .handOffs(let handOffs): handOffs.present.policy
        }
    }

    /// What `verify` makes by the policy that was given, or else by that of the newest epoch whose
    /// validators may have signed.
    ///
    /// - Parameters:
    ///   - size: The size of the tree that a result is about.
    ///   - verify: Checks by a policy.
    /// - Returns: What `verify` made of it.
    /// - Throws: `VerificationFailure` as `verify` throws it.
    func judge<Result>(
        size: (Result) -> UInt64,
        by verify: (TrustPolicy) throws(VerificationFailure) -> Result
    ) throws(VerificationFailure) -> Result {
        switch self {
        case .policy(let policy): try verify(policy)
        case .handOffs(let handOffs): try handOffs.first(size: size, verify: verify)
        }
    }

    /// The policy that accepts a checkpoint: the one that was given, or that of an epoch.
    func policy(
        accepting checkpoint: UnverifiedCheckpoint
    ) throws(VerificationFailure) -> TrustPolicy {
        guard case .handOffs(let handOffs) = self else { return present }
        return try handOffs.first(size: \.size) { policy throws(VerificationFailure) in
            (policy: policy, size: try checkpoint.verify(policy).checkpoint.size)
        }.policy
    }

    /// The log's checkpoint with the policy that accepts it; a copy may be of an epoch that is over.
    func accepted(_ log: any LogSource) async throws -> (UnverifiedCheckpoint, TrustPolicy) {
        do {
            return (try await log.checkpoint(acceptedBy: present), present)
        } catch let failure as VerificationFailure {
            guard case .handOffs = self else { throw failure }
            let checkpoint = try UnverifiedCheckpoint(try await log.checkpoint())
            return (checkpoint, try policy(accepting: checkpoint))
        }
    }
}
