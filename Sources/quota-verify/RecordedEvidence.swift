import ArgumentParser
import Ledger
import LogReader
import Transparency
import Verifier
import Votes

/// Judges a proof that the ledger holds contradicting votes, for `quota-verify evidence`.
struct RecordedEvidence {
    /// The path of a trust policy.
    let policy: String?
    /// The validators of all epochs, used if there is none.
    let epochs: HandOffOptions

    /// Says whom the ledger convicts.
    ///
    /// - Throws: `Unreadable` if what is to be trusted cannot be read, `VerificationFailure`.
    func judge(_ proof: UnverifiedStateEntry) throws -> Report<RecordedEvidenceFacts> {
        let verified = try PolicyOptions.trust(policy, epochs).judge(
            size: \.checkpoint.checkpoint.size
        ) {
            policy throws(VerificationFailure) in
            try proof.verify(policy)
        }
        let (body, index) = try verified.evidence()
        let checkpoint = verified.checkpoint.checkpoint
        return Report(
            verdict: .proven,
            summary: "\(body.sentence): the ledger holds both votes as leaf \(index).",
            details: [
                "Ledger \(checkpoint.origin), block \(verified.header.height) of "
                    + "\(Words.time(verified.header.time)), root \(checkpoint.root)."
            ],
            notProven: [
                "what the members made of it;",
                "that it was meant: a stolen key convicts as well.",
            ],
            facts: RecordedEvidenceFacts(
                member: body.member,
                epoch: body.epoch,
                view: body.pair.first.view,
                offence: "E\(body.pair.offence.rawValue)",
                index: index,
                checkpoint: CheckpointFacts(verified.checkpoint)
            )
        )
    }
}

/// Guilt that the ledger holds, as data.
struct RecordedEvidenceFacts: Encodable {
    let member: String
    let epoch: UInt64
    let view: UInt64
    let offence: String
    let index: UInt64
    let checkpoint: CheckpointFacts
}
