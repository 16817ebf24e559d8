import CBOR
import Ledger
import MerkleLog
import StateMap
public import Transparency

extension UnverifiedTotal {
    /// Checks the checkpoint, that the header is its last leaf, and the path in the state map.
    ///
    /// - Parameter policy: Which keys count and how many of them it takes.
    /// - Returns: The account, what it held, and who signed.
    /// - Throws: `VerificationFailure` with every reason.
    public func verify(_ policy: TrustPolicy) throws(VerificationFailure) -> VerifiedTotal {
        var reasons: [VerificationFailure.Reason] = []
        var checkpoint: VerifiedCheckpoint?
        do throws(VerificationFailure) {
            let signed = try UnverifiedCheckpoint(proof.note).verify(policy)
            checkpoint = signed
            reasons += placeProblems(signed)
        } catch {
            reasons += error.reasons
        }
        var amount: TotalAmount?
        do throws(MapProofError) {
            try mapProof.verify(root: header.mapRoot)
            amount = self.amount(&reasons)
        } catch {
            reasons.append(.init(.mapMismatch, error.description))
        }
        guard reasons.isEmpty, let checkpoint else { throw VerificationFailure(reasons) }
        return VerifiedTotal(
            account: account,
            amount: amount,
            header: header,
            checkpoint: checkpoint
        )
    }

    /// What speaks against the header being the last leaf of the signed tree.
    private func placeProblems(_ signed: VerifiedCheckpoint) -> [VerificationFailure.Reason] {
        var reasons: [VerificationFailure.Reason] = []
        let checkpoint = signed.checkpoint
        if proof.index != header.index || header.treeSize != checkpoint.size {
            reasons.append(
                .init(
                    .notTheState,
                    "the header is leaf \(header.index) and the proof is of leaf \(proof.index), but "
                        + "the state at size \(checkpoint.size) stands in its last leaf"
                )
            )
        }
        let inclusion = InclusionProof(
            index: proof.index,
            size: checkpoint.size,
            path: proof.path
        )
        do throws(ProofError) {
            try inclusion.verify(leaf: TreeHash.leaf(headerBytes), root: checkpoint.root)
        } catch {
            reasons.append(.init(.notIncluded, "the header: \(error)"))
        }
        return reasons
    }

    private func amount(_ reasons: inout [VerificationFailure.Reason]) -> TotalAmount? {
        guard let value = mapProof.value else { return nil }
        do throws(CBORFieldError) {
            return try TotalAmount(value)
        } catch {
            reasons.append(.init(.malformed, "the account's value: \(error)"))
            return nil
        }
    }
}
