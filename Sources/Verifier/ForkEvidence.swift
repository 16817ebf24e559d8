import MerkleLog
public import QuotaCrypto
public import Transparency

/// Two signed checkpoints that nobody honest signs both, as received: nothing is known about them yet.
///
/// File extension `.fork-evidence`. The file needs no other source: it names the keys, and holds both
/// notes whole. Text form, a line each, both notes byte by byte:
///
/// ```
/// quota-ledger/fork-evidence@v1
/// key <vkey>                  (one or more: each signed both notes)
/// prefix <base64 root>        (only where the sizes differ: the newer tree's root at the older size)
/// path <base64 hash>          (the consistency proof from `prefix` to the newer root)
///                             (empty line)
/// older <number of bytes>
/// <the note>
/// newer <number of bytes>
/// <the note>
/// ```
///
/// With equal sizes, two roots are the offence. With different sizes, the newer tree has one root at
/// the older size, shown by `prefix` and `path`, and the older note signs another.
public struct UnverifiedEvidence: Hashable, Sendable {
    /// The newer tree's root at the size of the older one.
    public struct Prefix: Hashable, Sendable {
        /// The root.
        public let root: Digest
        /// The proof that the newer tree extends the tree with this root.
        public let path: [Digest]

        /// A root with its proof.
        public init(root: Digest, path: [Digest]) {
            self.root = root
            self.path = path
        }
    }

    /// The most keys of one file.
    public static let keysMax = 64

    /// The keys that are said to have signed both notes.
    public let keys: [NoteKey]
    /// The note of the smaller tree, or one of two of the same size.
    public let older: SignedNote
    /// The note of the larger tree, or the other.
    public let newer: SignedNote
    /// What shows that the trees differ where their sizes do.
    public let prefix: Prefix?

    /// Evidence from its parts; nothing is checked until `verify`.
    public init(keys: [NoteKey], older: SignedNote, newer: SignedNote, prefix: Prefix? = nil) {
        self.keys = keys
        self.older = older
        self.newer = newer
        self.prefix = prefix
    }

    /// The keys among `known` whose signatures hold under both notes.
    public static func signers(
        of left: SignedNote,
        and right: SignedNote,
        among known: [NoteKey]
    ) -> [NoteKey] {
        known.filter { key in
            [left, right].allSatisfy { note in (try? note.verify(keys: [key])) != nil }
        }
    }

    /// Checks that each named key signed both checkpoints, and that no log that only grows has both.
    ///
    /// No trust policy is needed: whoever holds such a key broke the promise that it stands for.
    ///
    /// - Returns: Who is convicted, and of what.
    /// - Throws: `VerificationFailure` with every reason; of kind `noConflict` if both checkpoints can
    ///   be of one log.
    public func verify() throws(VerificationFailure) -> VerifiedEvidence {
        let first = try Self.checkpoint(older, "older")
        let second = try Self.checkpoint(newer, "newer")
        guard first.origin.utf8.elementsEqual(second.origin.utf8) else {
            throw VerificationFailure(
                .otherLedger,
                "the checkpoints are of '\(first.origin)' and '\(second.origin)'"
            )
        }
        var reasons = signatureProblems(origin: first.origin)
        do throws(VerificationFailure) {
            try checkConflict(first, second)
        } catch {
            reasons += error.reasons
        }
        guard reasons.isEmpty else { throw VerificationFailure(reasons) }
        return VerifiedEvidence(
            keys: keys,
            older: first,
            newer: second,
            prefixRoot: prefix?.root
        )
    }

    private static func checkpoint(
        _ note: SignedNote,
        _ name: String
    ) throws(VerificationFailure) -> Checkpoint {
        do {
            return try Checkpoint(text: note.text)
        } catch {
            throw VerificationFailure(.malformed, "\(name): \(error.description)")
        }
    }

    private func signatureProblems(origin: String) -> [VerificationFailure.Reason] {
        guard !keys.isEmpty else { return [.init(.malformed, "the evidence names no key")] }
        var reasons: [VerificationFailure.Reason] = []
        for key in keys {
            // A log key speaks for the origin that it is named after, and for no other.
            if key.type == .ed25519, !key.name.utf8.elementsEqual(origin.utf8) {
                reasons.append(
                    .init(.otherLedger, "the log key '\(key.name)' is not of '\(origin)'")
                )
            }
            for (name, note) in [("older", older), ("newer", newer)] {
                do {
                    _ = try note.verify(keys: [key])
                } catch {
                    reasons.append(
                        .init(.badSignature, "\(name): \(key.vkey): \(error.description)")
                    )
                }
            }
        }
        return reasons
    }

    private func checkConflict(
        _ first: Checkpoint,
        _ second: Checkpoint
    ) throws(VerificationFailure) {
        guard first.size <= second.size else {
            throw VerificationFailure(.malformed, "the older checkpoint has the larger size")
        }
        guard first.size < second.size else {
            guard prefix == nil else {
                throw VerificationFailure(.malformed, "trees of one size need no prefix")
            }
            guard first.root != second.root else {
                throw VerificationFailure(.noConflict, "both checkpoints sign one root")
            }
            return
        }
        guard let prefix else {
            throw VerificationFailure(
                .noConflict,
                "the sizes differ and no prefix shows that the trees do"
            )
        }
        do {
            try ConsistencyProof(oldSize: first.size, newSize: second.size, path: prefix.path)
                .verify(oldRoot: prefix.root, newRoot: second.root)
        } catch {
            throw VerificationFailure(
                .notConsistent,
                "the prefix is not shown to be of the newer tree: \(error.description)"
            )
        }
        guard prefix.root != first.root else {
            throw VerificationFailure(.noConflict, "the newer tree extends the older one")
        }
    }
}

/// Keys that signed two trees of which at most one can be the log's.
///
/// It does not follow which of the two is the true one, nor that the holders of the keys meant it: a
/// stolen key convicts as well. Nor does it follow whose keys they are; a trust policy or the genesis
/// statement says that.
public struct VerifiedEvidence: Hashable, Sendable {
    /// The convicted keys, in the order of the file.
    public let keys: [NoteKey]
    /// The checkpoint of the smaller tree, or one of two of the same size.
    public let older: Checkpoint
    /// The checkpoint of the larger tree, or the other.
    public let newer: Checkpoint
    /// The newer tree's root at the older size, where the sizes differ.
    public let prefixRoot: Digest?
}
