import Ledger
import LedgerStore
import Transparency
import Verifier

/// The checkpoint of a block that sealed an epoch, gathering the lines of the validators of that epoch.
///
/// With a quorum of them it hands the ledger over to the next ones, for whoever knows only the old.
struct SealPage: Sendable {
    /// The epoch that ended.
    let epoch: UInt64
    /// The size of the log at the sealing block.
    let size: UInt64
    /// The lines verified so far.
    private(set) var note: SignedNote
    private let policy: TrustPolicy
    /// The keys of the validators of the next epoch, encoded.
    private let next: [UInt8]

    /// A page without lines; nil if the text is no checkpoint.
    init?(epoch: UInt64, size: UInt64, text: String, policy: TrustPolicy, next: [Validator]) {
        guard let note = try? SignedNote(text: text, signatures: []) else { return nil }
        self.epoch = epoch
        self.size = size
        self.note = note
        self.policy = policy
        self.next = ValidatorKeys.encode(next.map { ValidatorKeys($0) })
    }

    /// Adds the lines that hold.
    ///
    /// - Returns: Whether one was new.
    @discardableResult
    mutating func merge(_ lines: [NoteSignature]) -> Bool {
        guard let signed = try? SignedNote(text: note.text, signatures: lines),
            let verdict = try? policy.evaluate(signed)
        else { return false }
        let trusted = verdict.logs + verdict.witnesses.map(\.key)
        let before = note
        note.merge(lines.filter { line in trusted.contains { $0.matches(line) } })
        return note != before
    }

    /// Whether a quorum of the old validators hands the ledger over.
    var isComplete: Bool { (try? policy.evaluate(note))?.isQuorumMet == true }

    /// The page as it goes into the store.
    var stored: StoredSeal {
        StoredSeal(epoch: epoch, size: size, note: note.description, validators: next)
    }
}
