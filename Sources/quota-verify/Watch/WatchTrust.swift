import LogReader
import QuotaCrypto
import Transparency
import Verifier

/// Whom a watcher believes: one policy, and those of the epochs that followed it.
struct WatchTrust {
    /// What the reader gave.
    enum Root {
        /// The policy of an epoch.
        case policy(TrustPolicy)
        /// The hash of the genesis statement.
        case chain(Digest)
    }

    private let root: Root
    /// The epochs in order, the present one last.
    private(set) var terms: [PolicyTerm]

    /// Trust in one policy, until an epoch is found to follow.
    init(_ policy: TrustPolicy) {
        root = .policy(policy)
        terms = [PolicyTerm(policy: policy, end: nil)]
    }

    /// Trust in the validators that follow from a genesis statement.
    init(_ handOffs: VerifiedHandOffs) {
        root = .chain(handOffs.chainID)
        terms = Self.terms(handOffs)
    }

    private static func terms(_ handOffs: VerifiedHandOffs) -> [PolicyTerm] {
        handOffs.epochs.map { PolicyTerm(policy: $0.policy, end: $0.end) }
    }

    /// The policy of the present epoch, as far as it is known.
    var present: TrustPolicy { terms[terms.count - 1].policy }

    /// Every key that is believed for a part of the log.
    var keys: [NoteKey] {
        var keys: [NoteKey] = []
        for key in terms.flatMap({ $0.policy.logs.map(\.key) + $0.policy.witnesses.map(\.key) })
        where !keys.contains(key) { keys.append(key) }
        return keys
    }

    /// Takes steps to later epochs.
    ///
    /// - Returns: Whether they lead further than what was known.
    /// - Throws: `VerificationFailure` if they do not hold.
    mutating func follow(_ bytes: [UInt8]) throws(VerificationFailure) -> Bool {
        let handOffs = try UnverifiedHandOffs(bytes)
        let found =
            switch root {
            case .policy(let policy): try handOffs.terms(following: policy)
            case .chain(let hash): Self.terms(try handOffs.verify(chainID: hash))
            }
        guard found.count > terms.count else { return false }
        terms = found
        return true
    }

    /// Judges a checkpoint by the newest epoch whose validators may have signed it.
    ///
    /// - Returns: The checkpoint; with a quorum, if that of any epoch stands under it.
    /// - Throws: Why the present epoch refuses it, if all do.
    func head(_ note: SignedNote) throws(CheckpointRefusal) -> Head {
        var best: Head?
        for term in terms.reversed() {
            guard let head = try? Head(note, term.policy), head.size <= term.end ?? .max else {
                continue
            }
            if head.verdict.isQuorumMet { return head }
            best = best ?? head
        }
        if let best { return best }
        return try Head(note, present)
    }
}
