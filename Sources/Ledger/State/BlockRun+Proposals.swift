import HashTreeCollections
import QuotaCrypto
import QuotaRules

/// The bounds of governance.
public enum GovernanceLimits {
    /// The most proposals of one member that are open at a time.
    public static let openProposalsMax = 32
    /// The most suspensions of one member that are open at a time; see ``SuspensionBody``.
    public static let openSuspensionsMax = 1
}

extension BlockRun {
    /// Takes a proposal; where its issuer decides alone, it is carried out at once.
    mutating func propose(_ body: ProposalBody, _ statement: Statement) throws(Refusal) {
        let issuer = statement.identity.issuer
        try checkGovernment(issuer, may: "makes proposals")
        let open = governance.openBallots.count { $0.kind == .proposal && $0.issuer == issuer }
        guard open < GovernanceLimits.openProposalsMax else {
            throw Refusal(
                .tooManyOpen,
                "'\(issuer)' has \(open) open proposals; another passes when one of them is closed. "
                    + "A vote 'reject' of its own closes one.",
                path: "$.protected.15.1"
            )
        }
        try check(body.action)
        var record = ProposalRecord(
            index: next,
            leafHash: statement.leafHash,
            body: body,
            opened: time,
            ends: time + rules.votingDays * 86_400
        )
        record.ballot.add(Ballot.Vote(member: issuer, approves: true, index: next))
        let key = BallotSubject(.proposal, issuer: issuer, id: statement.identity.subject)
        try settle(record, key)
    }

    /// Takes a vote on a proposal.
    mutating func vote(on key: BallotSubject, _ vote: Ballot.Vote) throws(Refusal) {
        guard var record = governance.proposals[key] else {
            throw Refusal(
                .unknownProposal,
                "'\(key.issuer)' has made no proposal '\(key.id)'.",
                path: "$.payload.body.on"
            )
        }
        try checkOpen(record.state == .open, state: record.state.rawValue, key, record.index)
        if key.issuer == vote.member, vote.approves {
            throw Refusal(
                .conflict,
                "A proposal counts as the approval of its issuer; only 'reject' passes, which takes "
                    + "the proposal back.",
                path: "$.payload.body.choice",
                existing: record.index
            )
        }
        try checkDisinterested(vote.member, in: record.body.action.interested)
        record.ballot.add(vote)
        try settle(record, key)
    }

    /// Counts the votes on a proposal by who may vote now, carries it out if they are enough, and
    /// stores it; a recount that decides nothing stores nothing.
    mutating func settle(
        _ record: ProposalRecord,
        _ key: BallotSubject,
        isRecount: Bool = false
    ) throws(Refusal) {
        var record = record
        let action = record.body.action
        let electorate = electorate(
            rules.threshold(of: action.matter),
            without: action.interested
        )
        switch electorate.outcome(of: record.ballot, proposer: key.issuer) {
        case .open where isRecount: return
        case .open: break
        case .rejected: record.close(.rejected, at: time, decided: next)
        case .passed:
            try check(action)
            record.close(.passed, at: time, decided: next)
            carryOut(action, of: record, key)
        }
        set(record, for: key)
    }

    /// Stores a proposal in memory and in the state map.
    mutating func set(_ record: ProposalRecord, for key: BallotSubject) {
        governance.set(record, for: key)
        set(
            .encoded(index: record.index, leafHash: record.leafHash, bytes: record.encoded()),
            for: key.stateKey
        )
    }

    /// Refuses a vote on what is closed.
    func checkOpen(
        _ isOpen: Bool,
        state: String,
        _ key: BallotSubject,
        _ index: UInt64
    ) throws(Refusal) {
        guard isOpen else {
            throw Refusal(
                .notOpen,
                "\(key) is \(state); no further vote is taken.",
                path: "$.payload.body.on",
                existing: index
            )
        }
    }

    /// Refuses the vote of the member that the matter is about.
    func checkDisinterested(_ voter: String, in interested: String?) throws(Refusal) {
        guard voter != interested else {
            throw Refusal(
                .notAuthorised,
                "The matter is about '\(voter)', which has no vote on it.",
                path: "$.protected.15.1"
            )
        }
    }
}

extension ProposalRecord {
    mutating func close(_ state: State, at time: UInt64, decided: UInt64?) {
        self.state = state
        closed = time
        self.decided = decided
    }
}
