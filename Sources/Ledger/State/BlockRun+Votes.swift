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
        var record = decision(on: claim) ?? DecisionRecord()
        record.ballot.add(vote)
        try settle(record, key)
    }

    /// Counts the votes on a claim that waits, lets it go on or ends it if they are enough, and stores
    /// them; a recount that decides nothing stores nothing.
    mutating func settle(
        _ record: DecisionRecord,
        _ key: BallotSubject,
        isRecount: Bool = false
    ) throws(Refusal) {
        let claim = ClaimReference(issuer: key.issuer, id: key.id)
        let waiting = try waiting(claim)
        var record = record
        let electorate = electorate(decisionThreshold(of: waiting), without: nil)
        switch electorate.outcome(of: record.ballot, proposer: key.issuer) {
        case .open where isRecount: return
        case .open: break
        case .passed: record.state = .approved
        case .rejected: record.state = .rejected
        }
        if record.state != .open { record.decided = next }
        // Stored first, so that the claim no longer counts as open to votes when it goes on.
        set(record, for: key)
        if record.state != .open {
            decide(claim, waiting, approved: record.state == .approved)
        }
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
