internal import QuotaCrypto
internal import Votes

extension Replica {
    /// 2.5 `restart`: own votes count again and stored proposals are executed again.
    ///
    /// What was sent before is sent again, never signed again: votes when a link comes up.
    mutating func start() {
        guard let state = restored else { return }
        restored = nil
        let votes = binding(state.votes)
        highestOwnVote = state.votes.last?.view ?? 0
        for vote in votes {
            withRound(vote.view) { $0.own.keep(vote) }
        }
        arrivals += state.certificates
        for entry in state.entries {
            arrivals += entry.justification.certificates
            insert(entry, from: nil, isDurable: true)
        }
        drain()
        noteSaved(state.certificates)
        if follows(.ownVotesCountAgain) {
            for vote in votes { tally(Ballot(vote: vote, isVerified: true)) }
        }
        drain()
        deleteStale(state)
        emit(.broadcast(.status(status)))
        emit(.setTimer(.status, afterMilliseconds: timeouts.statusIdle))
        sendOwnProposalAgain()
        askForStandings()
        investigate()
    }

    private mutating func noteSaved(_ certificates: [Certificate]) {
        for certificate in certificates where certificate.view > finalized.view {
            withRound(certificate.view) { $0.saved.append(certificate.kind) }
        }
        unsaved.removeAll { certificate in
            certificates.contains { $0.durableKey == certificate.durableKey }
        }
    }

    /// Deletes what a crash left of final views.
    private mutating func deleteStale(_ state: DurableState) {
        for vote in state.votes where vote.view <= finalized.view {
            persist(DurableKey.vote(vote), nil)
        }
        for certificate in state.certificates where certificate.view <= finalized.view {
            persist(certificate.durableKey, nil)
        }
        for entry in state.entries where entry.proposal.view <= finalized.view {
            persist(DurableKey.proposal(entry.proposal), nil)
        }
        for key in state.stale { persist(key, nil) }
        // The first record of an epoch: where it begins, and what was lost at the end of the one before.
        guard finalized.view == 0, !state.stale.isEmpty else { return }
        persist(DurableKey.lastFinal, finalized.encoded())
        if abstainUpTo > 0, recovery == nil { persist(DurableKey.abstain, abstention) }
    }

    /// The stored votes of open views, which bind in this life too.
    private func binding(_ votes: [Vote]) -> [Vote] {
        let floor = finalized.view + (follows(.votesRestoredFromFirstOpenView) ? 0 : 1)
        return votes.filter {
            $0.view > floor && ($0.kind == .notarize || follows(.allVotesRestored))
        }
    }

    /// I4: the same proposal, with the same signature.
    private mutating func sendOwnProposalAgain() {
        guard committee.leader(of: view) == ownIndex, let vote = round(view).own.notarize,
            let candidate = pool[vote.proposal]
        else { return }
        leading = .done
        emit(.broadcast(.propose(candidate.entry, vote)))
    }
}

extension DurableState {
    /// Votes of final views that a crash left undeleted are of no use and do no harm.
    func checkAge(for configuration: Configuration) throws(RestoreError) {
        guard configuration.disabledRules.contains(.staleRecordsIgnored) else { return }
        for vote in votes where vote.view <= tip?.view ?? 0 {
            throw RestoreError(key: DurableKey.vote(vote), problem: "is of a final view")
        }
    }
}
