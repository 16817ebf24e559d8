public import Ledger
public import MerkleLog
import QuotaCrypto
public import Transparency

/// What the node of a founder signs.
extension Founder {
    /// The node's two lines under a checkpoint: as the log, and a cosignature of the given time.
    public func signatures(
        of checkpoint: Checkpoint,
        at time: UInt64
    ) throws -> [NoteSignature] {
        let log = try NoteSigner(
            name: checkpoint.origin,
            privateKey: try seed.key(for: .log)
        )
        let cosigner = try Cosigner(
            name: NodeCard.cosignerName(member: id, origin: checkpoint.origin),
            privateKey: try seed.key(for: .cosigner)
        )
        return [log.sign(checkpoint.text), cosigner.cosign(checkpoint, timestamp: time)]
    }

    /// The node's receipt for a statement.
    public func receipt(
        for statement: Statement,
        proof: InclusionProof,
        origin: String = LedgerFixture.origin,
        at time: UInt64
    ) throws -> Receipt {
        try Receipt.make(
            for: statement,
            proof: proof,
            origin: origin,
            issuer: "http://\(id).example",
            at: time,
            with: try seed.key(for: .log)
        )
    }

    /// The node's word that it took a statement while `state` was the newest that it held.
    public func intake(
        of statement: Statement,
        at state: LedgerState,
        time: UInt64,
        epoch: UInt64 = 1
    ) throws -> IntakeReceipt {
        IntakeReceipt(
            of: statement,
            head: IntakeReceipt.Head(state),
            epoch: epoch,
            view: state.height + 1,
            by: id,
            at: time,
            with: try seed.key(for: .log)
        )
    }
}
