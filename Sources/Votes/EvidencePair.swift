public import QuotaCrypto

/// Two votes of one member for one view that no correct member casts together (section 2.8).
///
/// Anyone who knows the epoch's vote keys can check a pair; no witness is needed.
public struct EvidencePair: Hashable, Sendable {
    /// Which rule a pair breaks.
    public enum Offence: UInt8, Hashable, Sendable, CaseIterable {
        /// E1: two notarize votes for different proposals (by a leader: a double proposal).
        case doubleNotarize = 1
        /// E2: nullify and finalize.
        case nullifyAndFinalize = 2
        /// E3: two finalize votes for different proposals.
        case doubleFinalize = 3
        /// E4: notarize of one proposal and finalize of another.
        case finalizeOfAnother = 4

        /// What was done, as the end of a sentence.
        public var sentence: String {
            switch self {
            case .doubleNotarize: "voted for two proposals"
            case .nullifyAndFinalize: "gave the view up and made it final"
            case .doubleFinalize: "made two proposals final"
            case .finalizeOfAnother: "made another proposal final than it voted for"
            }
        }
    }

    /// The rule that was broken.
    public let offence: Offence
    /// The vote with the lower kind, or else the lower proposal identifier.
    public let first: Vote
    /// The other vote.
    public let second: Vote

    /// A pair, if the two votes contradict each other; signatures are not checked here.
    ///
    /// Two different signatures of one statement are no offence: votes are compared by what they
    /// say, never by signature bytes.
    public init?(_ left: Vote, _ right: Vote) {
        guard (left.epoch, left.view, left.member) == (right.epoch, right.view, right.member) else {
            return nil
        }
        let isOrdered =
            left.kind == right.kind
            ? left.proposal < right.proposal : left.kind.rawValue < right.kind.rawValue
        (first, second) = isOrdered ? (left, right) : (right, left)
        switch (first.kind, second.kind) {
        case (.notarize, .notarize) where first.proposal != second.proposal:
            offence = .doubleNotarize
        case (.nullify, .finalize):
            offence = .nullifyAndFinalize
        case (.finalize, .finalize) where first.proposal != second.proposal:
            offence = .doubleFinalize
        case (.notarize, .finalize) where first.proposal != second.proposal:
            offence = .finalizeOfAnother
        default:
            return nil
        }
    }

    /// The accused member's position.
    public var member: Int { first.member }

    /// Whether both signatures are the accused member's.
    public func isValid(chainID: Digest, verifier: any VoteVerifier) -> Bool {
        [first, second].allSatisfy { $0.isValid(chainID: chainID, verifier: verifier) }
    }
}

extension Vote {
    /// Whether the signature is the member's, over this chain and this statement.
    public func isValid(chainID: Digest, verifier: any VoteVerifier) -> Bool {
        let message = Vote.signedBytes(
            chainID: chainID,
            epoch: epoch,
            kind: kind,
            view: view,
            proposal: proposal
        )
        return (kind == .nullify) == (proposal == .zero)
            && verifier.isValid(signature, for: message, by: member)
    }
}
