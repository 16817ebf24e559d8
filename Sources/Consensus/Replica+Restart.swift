internal import QuotaCrypto

extension Replica {
    /// 2.5 `restart`: own votes count again and stored proposals are executed again.
    ///
    /// What was sent before is sent again, never signed again: votes when a link comes up.
    mutating func start() {
        guard let state = restored else { return }
        restored = nil
        let votes = state.votes.filter { $0.view > finalized.view }
        for vote in votes {
            withRound(vote.view) { $0.own[vote.kind] = vote }
        }
        arrivals += state.notarizations
        for entry in state.entries {
            arrivals += entry.justification.certificates
            insert(entry, from: nil, isDurable: true)
        }
        drain()
        if follows(.ownVotesCountAgain) {
            for vote in votes { tally(Ballot(vote: vote, isVerified: true)) }
        }
        drain()
        emit(.broadcast(.status(status)))
        emit(.setTimer(.status, afterMilliseconds: timeouts.statusIdle))
        sendOwnProposalAgain()
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
    /// Refuses records of another chain or epoch.
    func check(for configuration: Configuration) throws(RestoreError) {
        for vote in votes where vote.epoch != configuration.epoch {
            throw RestoreError(key: DurableKey.vote(vote), problem: "is of another epoch")
        }
        for certificate in notarizations where certificate.epoch != configuration.epoch {
            let key = DurableKey.notarization(of: certificate.view, epoch: certificate.epoch)
            throw RestoreError(key: key, problem: "is of another epoch")
        }
        for entry in entries
        where entry.proposal.epoch != configuration.epoch
            || entry.proposal.chainID != configuration.chainID
        {
            throw RestoreError(
                key: DurableKey.proposal(entry.proposal),
                problem: "is of another chain or epoch"
            )
        }
        guard let tip, tip.view > 0 else { return }
        guard let certificate = tip.certificate, certificate.kind == .finalize,
            certificate.epoch == configuration.epoch, certificate.view == tip.view,
            certificate.proposal == tip.proposal
        else {
            throw RestoreError(
                key: DurableKey.lastFinal,
                problem: "the certificate is not of this proposal"
            )
        }
    }
}
