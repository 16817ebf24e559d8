public import Transparency

/// A checkpoint as received: nothing is known about it yet.
public struct UnverifiedCheckpoint: Hashable, Sendable {
    /// The signed note.
    public let note: SignedNote

    /// A checkpoint from a note.
    public init(_ note: SignedNote) {
        self.note = note
    }

    /// A checkpoint from a note's bytes.
    ///
    /// - Throws: `VerificationFailure` if the bytes are not a note.
    public init(_ bytes: [UInt8]) throws(VerificationFailure) {
        do {
            note = try SignedNote(bytes)
        } catch {
            throw VerificationFailure(.malformed, error.description)
        }
    }

    /// Checks who signed, and that it is enough.
    ///
    /// - Parameter policy: Which keys count and how many of them it takes.
    /// - Returns: The checkpoint with its signers.
    /// - Throws: `VerificationFailure` if the policy does not accept the checkpoint.
    public func verify(_ policy: TrustPolicy) throws(VerificationFailure) -> VerifiedCheckpoint {
        let verdict: CheckpointVerdict
        do {
            verdict = try policy.evaluate(note)
        } catch {
            throw VerificationFailure([error.reason])
        }
        guard verdict.isQuorumMet else {
            let names = verdict.witnesses.map(\.name).joined(separator: ", ")
            throw VerificationFailure(
                .quorumNotMet,
                "the checkpoint of size \(verdict.checkpoint.size) lacks the policy's quorum "
                    + "'\(policy.quorum ?? "none")'; of the listed witnesses "
                    + (names.isEmpty ? "none signed" : "only these signed: \(names)")
            )
        }
        return VerifiedCheckpoint(verdict)
    }
}

/// A checkpoint that a trust policy accepts.
public struct VerifiedCheckpoint: Hashable, Sendable {
    /// Origin, size and root.
    public let checkpoint: Checkpoint
    /// The trusted log keys that signed, at least one.
    public let logs: [NoteKey]
    /// The trusted witnesses that signed, with the time that each states.
    public let witnesses: [CheckpointVerdict.Cosigned]
    /// The latest time from which on a quorum has signed, POSIX seconds; nil if the policy asks for
    /// no quorum.
    public let quorumTime: UInt64?

    init(_ verdict: CheckpointVerdict) {
        checkpoint = verdict.checkpoint
        logs = verdict.logs
        witnesses = verdict.witnesses
        quorumTime = verdict.quorumTime
    }

    /// Refuses a checkpoint whose quorum signed too long ago.
    ///
    /// - Parameters:
    ///   - now: The time to compare with, POSIX seconds.
    ///   - maxAge: The most seconds that may have passed.
    /// - Throws: `VerificationFailure` of kind `stale`.
    public func checkFresh(at now: UInt64, maxAge: UInt64) throws(VerificationFailure) {
        guard let quorumTime else {
            throw VerificationFailure(.stale, "the policy asks for no quorum, so nothing is dated")
        }
        try Freshness.check(quorumTime, at: now, maxAge: maxAge)
    }
}

extension CheckpointRefusal {
    /// The refusal as a reason of the verifier.
    var reason: VerificationFailure.Reason {
        switch self {
        case .checkpoint, .note(.tooLong), .note(.notUTF8), .note(.malformedText):
            .init(.malformed, description)
        case .note(.badSignature): .init(.badSignature, description)
        case .unknownOrigin: .init(.unknownLedger, description)
        case .noLogSignature, .note: .init(.quorumNotMet, description)
        }
    }
}
