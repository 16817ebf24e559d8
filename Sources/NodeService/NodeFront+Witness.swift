import HTTPAPI
import Ledger
import MerkleLog
import QuotaCrypto
import Transparency

/// The node as a witness of its own ledger; of those of others see ``ForeignWitness``.
///
/// Its cosignature says more than that of an outside witness: it has made the tree final itself. So it
/// cosigns nothing that it does not hold, whatever consistency proof comes with it.
extension NodeFront {
    func witness(_ request: WitnessRequest, _ checkpoint: Checkpoint) async throws -> WitnessAnswer
    {
        let state = shared.current.final
        guard checkpoint.origin.utf8.elementsEqual(state.origin.utf8) else {
            return try shared.foreign.add(
                request,
                checkpoint,
                by: shared.roster.keys.cosigner,
                at: NodeCore.posixTime()
            )
        }
        do {
            _ = try state.trustPolicy().evaluate(request.note)
        } catch let refusal as CheckpointRefusal {
            return .untrusted(refusal.description)
        }
        guard let (own, line) = ownCosignature else { return .notFinal(retryAfter: 1) }
        guard request.oldSize == own.size else { return .otherSize(own.size) }
        guard checkpoint.size == own.size else { return .notFinal(retryAfter: 1) }
        guard request.isConsistent(with: own, new: checkpoint) else {
            return .inconsistent(
                "the tree of size \(own.size) has the root \(own.root) here, and trees of one size need no "
                    + "proof"
            )
        }
        return .cosigned(line.line)
    }

    func witnessed(_ originHash: Digest) async throws -> [UInt8]? {
        let origin = Array(shared.current.final.origin.utf8)
        guard SHA256.hash(origin) == originHash else {
            return shared.foreign.note(of: originHash)?.bytes
        }
        return shared.current.published?.note.bytes
    }

    /// The newest checkpoint that this node has cosigned, and that a quorum has, with this node's line.
    private var ownCosignature: (Checkpoint, NoteSignature)? {
        guard let page = shared.current.published,
            let line = page.note.signatures.first(where: shared.roster.keys.cosigner.key.matches)
        else { return nil }
        let state = page.state
        return (Checkpoint(origin: state.origin, size: state.size, root: state.tree.root), line)
    }
}
