/// What a policy says of a signed checkpoint.
public struct CheckpointVerdict: Hashable, Sendable {
    /// A trusted witness that cosigned.
    public struct Cosigned: Hashable, Sendable {
        /// The witness's name in the policy.
        public let name: String
        /// Its key.
        public let key: NoteKey
        /// When it signed, in POSIX seconds, as it says itself.
        public let timestamp: UInt64
    }

    /// The checkpoint.
    public let checkpoint: Checkpoint
    /// The trusted log keys that signed; at least one.
    public let logs: [NoteKey]
    /// The trusted witnesses that cosigned.
    public let witnesses: [Cosigned]
    /// Whether these witnesses make the policy's quorum.
    public let isQuorumMet: Bool
    /// The latest time from which on a quorum has cosigned; nil if it is not met or `none`.
    ///
    /// The quorum's freshness: a single witness with a late clock does not move it.
    public let quorumTime: UInt64?
}

/// Why a policy cannot judge a note as a checkpoint.
public enum CheckpointRefusal: Error, Hashable, CustomStringConvertible {
    /// The note's text is not a checkpoint.
    case checkpoint(CheckpointError)
    /// A known key's signature is wrong, or no known key signed.
    case note(NoteError)
    /// No log of the policy has this origin.
    case unknownOrigin(String)
    /// Witnesses signed, but none of the policy's keys of this log.
    case noLogSignature

    /// A sentence that says what is wrong.
    public var description: String {
        switch self {
        case .checkpoint(let error): error.description
        case .note(let error): error.description
        case .unknownOrigin(let origin): "the policy has no log with the origin '\(origin)'"
        case .noLogSignature: "no log key of the policy signed the checkpoint"
        }
    }
}

extension TrustPolicy {
    /// Says who signed a checkpoint and whether that is enough.
    ///
    /// Only the logs whose key name is the checkpoint's origin count. Lines of keys that the policy
    /// does not list are ignored.
    ///
    /// - Returns: a verdict; the caller decides on `isQuorumMet`.
    /// - Throws: `CheckpointRefusal` if the note is no checkpoint, its origin is unknown, a listed
    ///   key's signature is wrong, or no listed log key signed.
    public func evaluate(_ note: SignedNote) throws(CheckpointRefusal) -> CheckpointVerdict {
        let checkpoint: Checkpoint
        do {
            checkpoint = try Checkpoint(text: note.text)
        } catch {
            throw .checkpoint(error)
        }
        let logKeys = logs.map(\.key).filter { $0.name.hasSameBytes(as: checkpoint.origin) }
        guard !logKeys.isEmpty else { throw .unknownOrigin(checkpoint.origin) }
        let verified: [VerifiedSignature]
        do {
            verified = try note.verify(keys: logKeys + witnesses.map(\.key))
        } catch {
            throw .note(error)
        }
        let signedLogs = verified.filter { $0.key.type == .ed25519 }.map(\.key)
        guard !signedLogs.isEmpty else { throw .noLogSignature }
        let timestamps = witnesses.map { witness in
            verified.first { $0.key == witness.key }?.timestamp
        }
        let cosigned = zip(witnesses, timestamps).compactMap { witness, timestamp in
            timestamp.map {
                CheckpointVerdict.Cosigned(name: witness.name, key: witness.key, timestamp: $0)
            }
        }
        return CheckpointVerdict(
            checkpoint: checkpoint,
            logs: signedLogs,
            witnesses: cosigned,
            isQuorumMet: isQuorumMet(signed: timestamps.map { $0 != nil }),
            quorumTime: quorumTime(timestamps)
        )
    }

    private func quorumTime(_ timestamps: [UInt64?]) -> UInt64? {
        guard quorum != nil else { return nil }
        return timestamps.compactMap { $0 }.sorted(by: >).first { time in
            isQuorumMet(signed: timestamps.map { $0.map { $0 >= time } ?? false })
        }
    }
}
