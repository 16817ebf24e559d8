public import Ledger
import MerkleLog
public import Transparency

extension LedgerAudit {
    /// Compares the replayed ledger with a signed checkpoint.
    ///
    /// - Parameters:
    ///   - checkpoint: The checkpoint up to which all leaves were appended.
    ///   - policy: Which keys count and how many of them it takes.
    /// - Returns: The ledger's last state with the signers of its checkpoint.
    /// - Throws: `VerificationFailure` with every reason.
    public func finish(
        _ checkpoint: UnverifiedCheckpoint,
        policy: TrustPolicy
    ) throws(VerificationFailure) -> VerifiedLedger {
        let verified = try checkpoint.verify(policy)
        guard let state else {
            throw VerificationFailure(.rootMismatch, "the log has no block")
        }
        var reasons: [VerificationFailure.Reason] = []
        let signed = verified.checkpoint
        if !signed.origin.utf8.elementsEqual(state.origin.utf8) {
            reasons.append(
                .init(
                    .otherLedger,
                    "the leaves are of '\(state.origin)', the checkpoint of '\(signed.origin)'"
                )
            )
        }
        if !isAtBlockEnd {
            reasons.append(.init(.ruleBroken, "the log ends inside a block"))
        }
        if signed.size != progress.leaves || signed.root != state.tree.root {
            reasons.append(
                .init(
                    .rootMismatch,
                    "\(progress.leaves) leaves hash to \(state.tree.root), the checkpoint signs "
                        + "\(signed.root) at size \(signed.size)"
                )
            )
        }
        guard reasons.isEmpty else { throw VerificationFailure(reasons) }
        let trusted = policy.logs.map(\.key.publicKey)
        let unknown = state.validators.filter { !trusted.contains($0.node.log) }.map(\.id)
        return VerifiedLedger(
            state: state,
            progress: progress,
            checkpoint: verified,
            untrustedValidators: unknown
        )
    }
}

/// A ledger of which every leaf was replayed, up to a checkpoint that a trust policy accepts.
public struct VerifiedLedger: Sendable {
    /// The state after the last block: members, accounts, policy, validators.
    public let state: LedgerState
    /// How much was replayed.
    public let progress: LedgerAudit.Progress
    /// The checkpoint, with its signers.
    public let checkpoint: VerifiedCheckpoint
    /// Validators of the ledger whose log keys the policy does not list.
    public let untrustedValidators: [String]
}
