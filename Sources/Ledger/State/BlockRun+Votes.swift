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
        _ = try waiting(claim)
        var record = decision(on: claim) ?? DecisionRecord()
        record.ballot.add(vote)
        try settle(&record, key)
    }

    /// Counts the votes on a claim that waits, and lets it go on or ends it if they are enough.
    mutating func settle(
        _ record: inout DecisionRecord,
        _ key: BallotSubject
    ) throws(Refusal) {
        let claim = ClaimReference(issuer: key.issuer, id: key.id)
        let threshold = try decisionThreshold(of: claim) ?? rules.threshold(of: .claim)
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
        set(record, for: key)
    }

    /// Ends the ballot on a claim that ended in another way.
    mutating func dropBallot(on claim: ClaimReference) {
        let key = BallotSubject(.claim, issuer: claim.issuer, id: claim.id)
        guard governance.isWaiting(key), var record = decision(on: claim) else { return }
        record.state = .lapsed
        set(record, for: key)
    }

    /// Stores the votes on a claim in the state map, and notes whether they are still taken.
    private mutating func set(_ record: DecisionRecord, for key: BallotSubject) {
        governance.setWaiting(key, record.state == .open)
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
