import LogReader
import MerkleLog
import QuotaCrypto
import Transparency
import Verifier

/// How two accepted checkpoints stand to each other.
enum Comparison {
    /// The larger extends the smaller, or they are the same tree.
    case consistent
    /// At most one of them is of the ledger; these keys signed both, perhaps none.
    case conflict(UnverifiedEvidence)
    /// It could not be told; the reason.
    case unknown(String)

    /// Compares two checkpoints.
    ///
    /// - Parameters:
    ///   - left: A checkpoint with its note.
    ///   - right: The other.
    ///   - logs: Where tiles of the larger tree may be had; those that do not lead to its root are
    ///     passed over.
    ///   - keys: The keys whose holders may have signed both.
    /// - Returns: What was found, with evidence if they conflict.
    static func of(
        _ left: Head,
        _ right: Head,
        logs: [any LogSource],
        keys: [NoteKey]
    ) async -> Comparison {
        let (older, newer) = left.size <= right.size ? (left, right) : (right, left)
        func conflict(_ prefix: UnverifiedEvidence.Prefix?) -> Comparison {
            let signers = UnverifiedEvidence.signers(of: older.note, and: newer.note, among: keys)
            return .conflict(
                UnverifiedEvidence(
                    keys: signers,
                    older: older.note,
                    newer: newer.note,
                    prefix: prefix
                )
            )
        }
        guard older.size < newer.size else {
            return older.root == newer.root ? .consistent : conflict(nil)
        }
        var problems: [String] = []
        for log in logs {
            do {
                let growth = try await FetchedTiles.growth(
                    from: older.size,
                    to: newer.size,
                    of: log
                )
                guard growth.newRoot == newer.root else {
                    problems.append("\(log.name): its tiles do not lead to the signed root")
                    continue
                }
                guard growth.oldRoot != older.root else { return .consistent }
                return conflict(.init(root: growth.oldRoot, path: growth.proof.path))
            } catch {
                problems.append("\(error)")
            }
        }
        return .unknown(problems.joined(separator: "; "))
    }
}

/// An accepted checkpoint with everything that was signed.
struct Head {
    /// The note as it came.
    let note: SignedNote
    /// What the policy says of it.
    let verdict: CheckpointVerdict
    /// The policy that judged it.
    let policy: TrustPolicy

    var checkpoint: Checkpoint { verdict.checkpoint }
    var size: UInt64 { verdict.checkpoint.size }
    var root: Digest { verdict.checkpoint.root }

    /// A checkpoint that a listed log key signed.
    init(_ note: SignedNote, _ policy: TrustPolicy) throws(CheckpointRefusal) {
        self.note = note
        self.policy = policy
        verdict = try policy.evaluate(note)
    }
}
