import HashTreeCollections
import QuotaRules

extension BlockRun {
    /// Suspends a member at once.
    mutating func suspend(_ body: SuspensionBody, _ statement: Statement) throws(Refusal) {
        let issuer = statement.identity.issuer
        if body.member != issuer { try checkGovernment(issuer, may: "suspends another member") }
        guard let member = members[body.member], member.ended == nil else {
            throw Refusal(
                .unknownMember,
                "'\(body.member)' is not a member of this ledger.",
                path: "$.payload.member"
            )
        }
        if let held = governance.suspended[body.member], let record = governance.suspensions[held] {
            throw Refusal(
                .conflict,
                "'\(body.member)' is suspended already by \(held).",
                path: "$.payload.member",
                existing: record.index
            )
        }
        try checkSuspensions(by: issuer, of: body.member)
        var record = SuspensionRecord(
            index: next,
            leafHash: statement.leafHash,
            member: body.member,
            since: time,
            until: time + rules.suspensionHours * 3_600
        )
        record.ballot.add(Ballot.Vote(member: issuer, approves: true, index: next))
        settle(
            record,
            BallotSubject(.suspension, issuer: issuer, id: statement.identity.subject)
        )
    }

    /// Refuses a government that suspends one member after the other, or the same again and again:
    /// the emergency stop of one must not become a standing power of one.
    private func checkSuspensions(by issuer: String, of member: String) throws(Refusal) {
        for key in governance.suspensions(by: issuer) {
            guard let record = governance.suspensions[key] else { continue }
            if record.state == .open {
                throw Refusal(
                    .tooManyOpen,
                    "\(key) of '\(issuer)' is neither confirmed nor ended; another suspension passes "
                        + "after that, or by another government.",
                    path: "$.protected.15.1",
                    existing: record.index
                )
            }
            let again = (record.closed ?? 0) + rules.votingDays * 86_400
            if record.member == member, record.state != .confirmed, time < again {
                throw Refusal(
                    .tooSoon,
                    "'\(issuer)' suspended '\(member)' before and was not confirmed; it can again "
                        + "from block time \(again) on. Another government can now.",
                    path: "$.payload.member",
                    existing: record.index
                )
            }
        }
    }

    /// Takes a vote on a suspension.
    mutating func voteOnSuspension(
        _ key: BallotSubject,
        _ vote: Ballot.Vote
    ) throws(Refusal) {
        guard var record = governance.suspensions[key] else {
            throw Refusal(
                .unknownProposal,
                "'\(key.issuer)' has made no suspension '\(key.id)'.",
                path: "$.payload.body.on"
            )
        }
        try checkOpen(record.state == .open, state: record.state.rawValue, key, record.index)
        if key.issuer == vote.member, vote.approves {
            throw Refusal(
                .conflict,
                "A suspension counts as the approval of its issuer; only 'reject' passes, which ends "
                    + "it.",
                path: "$.payload.body.choice",
                existing: record.index
            )
        }
        try checkDisinterested(vote.member, in: record.member)
        record.ballot.add(vote)
        settle(record, key)
    }

    /// Counts the votes on a suspension by who may vote now, and stores it; a recount that decides
    /// nothing stores nothing.
    mutating func settle(
        _ record: SuspensionRecord,
        _ key: BallotSubject,
        isRecount: Bool = false
    ) {
        var record = record
        let electorate = electorate(
            rules.threshold(of: .suspension),
            without: record.member
        )
        switch electorate.outcome(of: record.ballot, proposer: key.issuer) {
        case .open where isRecount: return
        case .open: break
        case .passed:
            record.state = .confirmed
            record.decided = next
        case .rejected: record.close(.released, at: time, decided: next)
        }
        set(record, for: key)
    }

    /// Ends the suspension of a member, if there is one.
    mutating func endSuspension(of member: String) {
        guard let key = governance.suspended[member], var record = governance.suspensions[key]
        else { return }
        record.close(.released, at: time, decided: next)
        set(record, for: key)
    }

    /// Stores a suspension in memory and in the state map.
    mutating func set(_ record: SuspensionRecord, for key: BallotSubject) {
        if governance.suspensions[key]?.state != record.state { mustRecount = true }
        governance.set(record, for: key)
        set(
            .encoded(index: record.index, leafHash: record.leafHash, bytes: record.encoded()),
            for: key.stateKey
        )
    }
}

extension SuspensionRecord {
    mutating func close(_ state: State, at time: UInt64, decided: UInt64?) {
        self.state = state
        closed = time
        self.decided = decided
    }
}
