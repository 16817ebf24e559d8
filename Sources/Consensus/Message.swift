public import QuotaCrypto
public import Votes

/// What members say to each other.
///
/// A link between members is authenticated and may lose anything.
public enum Message: Hashable, Sendable {
    /// The leader's proposal with its own notarize vote, which authenticates it.
    case propose(ProposalEntry, Vote)
    /// A vote of the sender.
    case vote(Vote)
    /// A certificate, by whomever collected.
    case certificate(Certificate)
    /// What the sender holds above its last final view, for one that seems to lag.
    case bundle(Bundle)
    /// Where the sender stands.
    case status(Status)
    /// Asks for one proposal by its identifier.
    case fetch(Digest)
    /// Asks for the final proposals of the views of an epoch after this one, oldest first.
    case fetchFinalized(epoch: UInt64, after: UInt64)
    /// Answers a fetch; empty if the sender does not hold what was asked for.
    case proposals(FetchKey, [ProposalEntry])
    /// Asks where a member stands, for one that lost its votes; the number comes back in the answer.
    case recover(nonce: UInt64)
    /// Answers `recover`.
    case standing(Standing)
}

/// What an answer answers.
public enum FetchKey: Hashable, Sendable {
    /// One proposal.
    case proposal(Digest)
    /// The final proposals of an epoch after a view.
    case finalized(epoch: UInt64, after: UInt64)
    /// The last final proposal of an epoch that is over: it carries the block that sealed it.
    case seal(epoch: UInt64)
}

/// Certificates and the sender's own votes, re-sent to heal loss.
public struct Bundle: Hashable, Sendable {
    /// The last finalization and certificates above it.
    public let certificates: [Certificate]
    /// The sender's own votes above its last final view that no certificate above replaces.
    public let votes: [Vote]

    /// Gathers the parts.
    public init(certificates: [Certificate], votes: [Vote]) {
        self.certificates = certificates
        self.votes = votes
    }
}

/// Where a member stands.
///
/// Not signed: it moves nothing but the wish to help or be helped.
public struct Status: Hashable, Sendable {
    /// The member's epoch.
    public let epoch: UInt64
    /// The view it is in.
    public let view: UInt64
    /// The view of its last final proposal.
    public let finalizedView: UInt64
    /// The height of its last final block.
    public let height: UInt64
    /// The last view in which it does not vote because it lost its votes; 0 if it lost none, and
    /// `Limits.viewMax` while it does not know yet.
    public let abstainUpTo: UInt64

    /// Gathers the parts.
    public init(
        epoch: UInt64,
        view: UInt64,
        finalizedView: UInt64,
        height: UInt64,
        abstainUpTo: UInt64 = 0
    ) {
        self.epoch = epoch
        self.view = view
        self.finalizedView = finalizedView
        self.height = height
        self.abstainUpTo = abstainUpTo
    }
}

/// The view a member is in, and why: what counts when another one recovers (section 2.9).
public struct Standing: Hashable, Sendable {
    /// The epoch of the view.
    public let epoch: UInt64
    /// The number in the question.
    public let nonce: UInt64
    /// The view.
    public let view: UInt64
    /// A certificate of the view before, which let the member enter; nil in view 1.
    public let certificate: Certificate?

    /// Gathers the parts.
    public init(epoch: UInt64, nonce: UInt64, view: UInt64, certificate: Certificate?) {
        self.epoch = epoch
        self.nonce = nonce
        self.view = view
        self.certificate = certificate
    }

    /// Whether the certificate, which is checked elsewhere, leads into the view.
    var isProven: Bool {
        guard let certificate else { return view == 1 }
        return certificate.epoch == epoch && certificate.view + 1 == view
    }
}
