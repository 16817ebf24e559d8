internal import QuotaCrypto
internal import Votes

/// A vote as received, and whether its signature was checked.
struct Ballot: Sendable {
    let vote: Vote
    let isVerified: Bool
}

/// What a replica knows of one view.
struct Round: Sendable {
    /// First vote of each kind and member: kind-major, `memberCount` slots each; empty before the first
    /// vote.
    private var ballots: [Ballot?]
    private let memberCount: Int
    /// A quorum accepted a proposal.
    var notarization: Certificate?
    /// A quorum gave the view up.
    var nullification: Certificate?
    /// A quorum will never give the view up.
    var finalization: Certificate?
    /// Own votes by kind, all durable.
    var own = OwnVotes()
    /// Kinds of certificates that are durable.
    var saved: [VoteKind] = []
    /// Proposals that the leader itself sent.
    var leaderProposals: [Digest] = []

    init(memberCount: Int) {
        self.memberCount = memberCount
        ballots = []
    }

    /// The first vote of a kind by a member.
    subscript(kind: VoteKind, member: Int) -> Ballot? {
        get { ballots.isEmpty ? nil : ballots[Int(kind.rawValue - 1) * memberCount + member] }
        set {
            if ballots.isEmpty {
                ballots = Array(repeating: nil, count: memberCount * VoteKind.allCases.count)
            }
            ballots[Int(kind.rawValue - 1) * memberCount + member] = newValue
        }
    }

    /// The verified votes of one kind, whatever they name, members ascending.
    func votes(_ kind: VoteKind) -> [Vote] {
        (0..<memberCount).compactMap { member in
            self[kind, member].flatMap { $0.isVerified ? $0.vote : nil }
        }
    }

    /// The verified votes of one kind for one proposal, members ascending.
    func votes(_ kind: VoteKind, for proposal: Digest) -> [Vote] {
        (0..<memberCount).compactMap { member in
            guard let ballot = self[kind, member], ballot.isVerified else { return nil }
            return ballot.vote.proposal == proposal ? ballot.vote : nil
        }
    }

    /// The certificate of a kind.
    func certificate(_ kind: VoteKind) -> Certificate? {
        switch kind {
        case .notarize: notarization
        case .nullify: nullification
        case .finalize: finalization
        }
    }

    /// Keeps a certificate unless one of its kind is there.
    mutating func keep(_ certificate: Certificate) {
        switch certificate.kind {
        case .notarize: notarization = notarization ?? certificate
        case .nullify: nullification = nullification ?? certificate
        case .finalize: finalization = finalization ?? certificate
        }
    }

    /// Forgets all but the votes, which may still contradict a later one.
    mutating func retire() {
        notarization = nil
        nullification = nil
        finalization = nil
        own = OwnVotes()
        saved = []
        leaderProposals = []
    }
}

/// This node's own votes in one view.
struct OwnVotes: Sendable {
    var notarize: Vote?
    var nullify: Vote?
    var finalize: Vote?

    mutating func keep(_ vote: Vote) {
        switch vote.kind {
        case .notarize: notarize = vote
        case .nullify: nullify = vote
        case .finalize: finalize = vote
        }
    }

    /// The votes cast, by kind.
    var all: [Vote] { [notarize, nullify, finalize].compactMap { $0 } }
}
