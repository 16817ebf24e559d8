import Ledger
import LedgerStore
import MerkleLog
import QuotaCrypto
import Transparency

/// The checkpoints that are gathering signatures, and the newest one with a quorum.
///
/// A checkpoint is published when the ledger's own trust policy is met; lines that come later are
/// merged, so that a published checkpoint tends to all validators (formats.md section 2).
struct CheckpointBook {
    /// A checkpoint with the lines verified so far, and the state it describes.
    struct Page: Sendable {
        let state: LedgerState
        var note: SignedNote
        var witnesses: Set<String> = []
        var isPublished = false
    }

    /// What became of a note from a peer.
    enum Outcome {
        /// New lines were merged.
        case merged
        /// It says nothing new, or is older than what is published.
        case known
        /// This node has not signed this size yet; the note is kept.
        case ahead
        /// It is no checkpoint of this ledger signed by a validator.
        case refused(String)
        /// These log keys signed another tree of the same size; told once of each key.
        case fork([NoteKey])
    }

    /// The newest page with a quorum.
    private(set) var published: Page?
    private var pages: [UInt64: Page] = [:]
    private var ahead: [Int: (size: UInt64, note: SignedNote)] = [:]
    private var own: SignedNote?
    /// The log keys that are known to have signed another tree.
    private var forkers: Set<NoteKey> = []
    private var unstored: [UInt64: String] = [:]
    /// What a checkpoint of the present epoch needs.
    private(set) var policy: TrustPolicy
    /// The checkpoint that ended the epoch before.
    private(set) var seal: SealPage?
    private var isSealUnstored = false
    /// The keys of the operator's outside witnesses: their lines travel with a checkpoint, and do not
    /// count for its quorum.
    private let outside: [NoteKey]
    /// Checkpoints that outside witnesses cosigned, by size: the one that is shown, and later ones.
    private var witnessedPages: [UInt64: Page] = [:]
    /// The newest of the late checkpoints that most outside witnesses cosigned.
    ///
    /// While the ledger grows, a line comes when the checkpoint that it is for has been replaced: the
    /// published one never shows it. The size of this one only grows.
    private(set) var witnessed: Page?

    /// The most cosigned checkpoints that are compared by their lines; beyond it the oldest is given
    /// up, however many lines it has, so that a witness that is gone holds up nothing.
    private static let witnessedMax = 8

    /// The most checkpoints that gather signatures at once; beyond it the oldest is given up.
    private static let pagesMax = 64

    /// How many lines of a note that waits are enough.
    private static let aheadLinesMax = 512

    init(policy: TrustPolicy, seal: SealPage? = nil, outside: [NoteKey] = []) {
        self.policy = policy
        self.seal = seal
        self.outside = outside
    }

    /// Goes over to the validators of another epoch; what the old ones signed last is still gathered.
    mutating func begin(policy: TrustPolicy, seal: SealPage?) {
        self.policy = policy
        self.seal = seal
        pages = [:]
        own = nil
    }

    /// The last epoch's end, if it gained lines since the last call.
    mutating func takeUnstoredSeal() -> StoredSeal? {
        defer { isSealUnstored = false }
        return isSealUnstored ? seal?.stored : nil
    }

    /// Continues from a stored note of the state that the node starts with.
    mutating func restore(_ note: SignedNote, state: LedgerState) {
        guard open(state) != nil else { return }
        _ = merge(note, size: state.size)
        unstored = [:]
    }

    /// This node's own newest note.
    func ownNote() -> [UInt8]? { own?.bytes }

    /// Notes that changed since the last call, by size.
    mutating func takeUnstored() -> [StoredCheckpoint] {
        defer { unstored = [:] }
        return unstored.sorted { $0.key < $1.key }
            .map { StoredCheckpoint(size: $0.key, note: $0.value) }
    }

    /// Whether a note waits to be stored.
    var hasUnstored: Bool { !unstored.isEmpty || isSealUnstored }

    /// Signs the checkpoint of `state`, whose size and root are already durable as signed.
    ///
    /// - Returns: The note with this node's two lines, for the peers.
    mutating func sign(
        _ state: LedgerState,
        log: NoteSigner,
        cosigner: Cosigner,
        time: UInt64
    ) -> [UInt8]? {
        guard let page = open(state) else { return nil }
        let checkpoint = Checkpoint(origin: state.origin, size: state.size, root: state.tree.root)
        let lines = [log.sign(page.note.text), cosigner.cosign(checkpoint, timestamp: time)]
        guard let note = try? SignedNote(text: page.note.text, signatures: lines) else {
            return nil
        }
        own = note
        _ = merge(note, size: state.size)
        return note.bytes
    }

    /// Notes that came before this node had signed their size, and can be added now; by peer.
    mutating func takeAhead() -> [(peer: Int, note: SignedNote)] {
        let ready = ahead.filter { $0.value.size <= signedSize }.sorted { $0.key < $1.key }
        for (peer, _) in ready { ahead[peer] = nil }
        return ready.map { ($0.key, $0.value.note) }
    }

    /// Takes a note from a peer.
    ///
    /// A note of a block that is final here but not yet signed waits like one that is ahead: both
    /// may come in one turn, and a quiet ledger sends no note again.
    mutating func add(_ note: SignedNote, from peer: Int) -> Outcome {
        guard let checkpoint = try? Checkpoint(text: note.text) else {
            return .refused("not a checkpoint")
        }
        if seal?.note.text == note.text, seal?.merge(note.signatures) == true {
            isSealUnstored = true
            guard isOfPolicy(note) else { return .merged }
        } else if seal?.note.text == note.text, !isOfPolicy(note) {
            return .known
        }
        guard checkpoint.size <= signedSize else {
            // The end of an epoch comes twice, by the keys of the old one and of the new.
            if var held = ahead[peer], held.note.text == note.text,
                held.note.signatures.count < Self.aheadLinesMax
            {
                held.note.merge(note.signatures)
                ahead[peer] = held
            } else {
                ahead[peer] = (checkpoint.size, note)
            }
            return .ahead
        }
        guard let page = pages[checkpoint.size] else { return .known }
        guard page.note.text == note.text else {
            do {
                let signers = try policy.evaluate(note).logs
                let new = signers.filter { forkers.insert($0).inserted }
                return new.isEmpty ? .known : .fork(new)
            } catch {
                return .refused(error.description)
            }
        }
        return merge(note, size: checkpoint.size)
    }

    /// Whether a validator of the present epoch signed it.
    private func isOfPolicy(_ note: SignedNote) -> Bool {
        (try? policy.evaluate(note)) != nil
    }

    /// Makes room for the lines of others where this node signs none: it only follows.
    mutating func follow(_ state: LedgerState) { _ = open(state) }

    /// Takes the line of an outside witness, on the page that it was shown with its quorum.
    ///
    /// - Returns: Whether what readers see changed.
    mutating func add(cosigned shown: Page) -> Bool {
        let size = shown.state.size
        let lines = outsideLines(shown.note)
        guard !lines.isEmpty else { return false }
        guard var page = pages[size], page.note.text == shown.note.text else {
            return keepWitnessed(shown)
        }
        let before = page.note
        page.note.merge(lines)
        guard page.note != before else { return false }
        pages[size] = page
        guard published?.state.size == size else { return false }
        published = page
        unstored[size] = page.note.description
        _ = keepWitnessed(page)
        return true
    }

    /// Takes a checkpoint that outside witnesses cosigned, if a quorum signed it.
    ///
    /// - Returns: Whether ``witnessed`` changed.
    private mutating func keepWitnessed(_ page: Page) -> Bool {
        let note = page.note
        guard outsideCount(note) > 0, (try? policy.evaluate(note))?.isQuorumMet == true else {
            return false
        }
        let before = witnessed?.note
        witnessedPages[page.state.size, default: page].note.merge(note.signatures)
        if witnessedPages.count > Self.witnessedMax, let oldest = witnessedPages.keys.min() {
            witnessedPages[oldest] = nil
        }
        let best = witnessedPages.max {
            (outsideCount($0.value.note), $0.key) < (outsideCount($1.value.note), $1.key)
        }
        guard let best else { return false }
        witnessedPages = witnessedPages.filter { $0.key >= best.key }
        witnessed = best.value
        return best.value.note != before
    }

    private func outsideCount(_ note: SignedNote) -> Int {
        note.signatures.count { line in outside.contains { $0.matches(line) } }
    }

    private func outsideLines(_ note: SignedNote) -> [NoteSignature] {
        guard !outside.isEmpty, let verified = try? note.verify(keys: outside) else { return [] }
        return verified.map(\.signature)
    }

    /// The largest size that this node has signed.
    private var signedSize: UInt64 { pages.keys.max() ?? 0 }

    /// The page of a state, made if it does not exist.
    private mutating func open(_ state: LedgerState) -> Page? {
        if let page = pages[state.size] { return page }
        guard let note = try? SignedNote(text: state.checkpointText, signatures: []) else {
            return nil
        }
        let page = Page(state: state, note: note)
        pages[state.size] = page
        if pages.count > Self.pagesMax, let oldest = pages.keys.min() { pages[oldest] = nil }
        return page
    }

    /// Merges the lines of `note` that hold into the page of `size`.
    private mutating func merge(_ note: SignedNote, size: UInt64) -> Outcome {
        guard var page = pages[size] else { return .known }
        let verdict: CheckpointVerdict
        do {
            verdict = try policy.evaluate(note)
        } catch {
            return .refused(error.description)
        }
        let trusted = verdict.logs + verdict.witnesses.map(\.key)
        let before = page.note
        page.note.merge(
            note.signatures.filter { line in trusted.contains { $0.matches(line) } }
                + outsideLines(note)
        )
        guard page.note != before else { return .known }
        page.witnesses.formUnion(verdict.witnesses.map(\.name))
        page.isPublished = policy.isQuorumMet(by: page.witnesses.sorted())
        pages[size] = page
        guard page.isPublished, size >= published?.state.size ?? 0 else {
            return .merged
        }
        published = page
        unstored[size] = page.note.description
        _ = keepWitnessed(page)
        for old in pages.keys where old < size { pages[old] = nil }
        return .merged
    }
}
