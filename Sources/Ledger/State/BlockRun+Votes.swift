import HashTreeCollections
import QuotaCrypto
import QuotaRules

extension BlockRun {
    /// Takes a government's vote.
    mutating func vote(_ body: VoteBody, _ statement: Statement) throws(Refusal) {
        let issuer = statement.identity.issuer
        try checkGovernment(issuer, may: "votes")
        let vote = Ballot.Vote(member: issuer, approves: body.choice == .approve, index: next)
        switch body.on.kind {
        case .proposal: try self.vote(on: body.on, vote)
        case .suspension: try voteOnSuspension(body.on, vote)
        case .claim: try voteOnClaim(body.on, vote)
        }
        register(statement, body: nil)
    }

    /// Takes a vote on a claim that waits for a decision.
    private mutating func voteOnClaim(
        _ key: BallotSubject,
        _ vote: Ballot.Vote
    ) throws(Refusal) {
        let claim = ClaimReference(issuer: key.issuer, id: key.id)
        let threshold = try decisionThreshold(of: claim) ?? rules.threshold(of: .claim)
        var record = decision(on: claim) ?? DecisionRecord()
        record.ballot.add(vote)
        let electorate = electorate(threshold, without: nil)
        switch electorate.outcome(of: record.ballot, proposer: key.issuer) {
        case .open: break
        case .passed:
            try decide(claim, approved: true)
            record.state = .approved
            record.decided = next
        case .rejected:
            try decide(claim, approved: false)
            record.state = .rejected
            record.decided = next
        }
        set(
            .encoded(index: next, leafHash: .zero, bytes: record.encoded()),
            for: StateKey.derived("decision", issuer: key.issuer, id: key.id)
        )
    }

    /// The votes on a claim so far; nil before the first.
    func decision(on claim: ClaimReference) -> DecisionRecord? {
        value(StateKey.derived("decision", issuer: claim.issuer, id: claim.id))
            .flatMap { try? DecisionRecord.decode($0) }
    }
}
