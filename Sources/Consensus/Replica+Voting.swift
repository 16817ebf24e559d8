internal import QuotaCrypto
internal import Votes

extension Replica {
    /// Whether this node votes at all.
    ///
    /// I6: after an alarm never again.
    var canVote: Bool { ownIndex != nil && signer != nil && !isHalted }

    /// Votes are cast only above this view: below, all is final, or known to be, or lost (2.9).
    var voteFloor: UInt64 {
        max(finalized.view, finalizations.last ?? 0, abstainUpTo)
    }

    /// 2.5 `tryNotarize`.
    ///
    /// Late votes for older open views are allowed and needed (2.14 lesson 5).
    mutating func notarize(_ id: Digest) {
        guard canVote, let candidate = pool[id], candidate.state == .executed else { return }
        let proposed = candidate.entry.proposal.view
        guard proposed > voteFloor, proposed <= view else { return }
        guard proposed == view || follows(.lateNotarize) else { return }
        // I1, and I4 for the leader: its own proposal is its notarize vote.
        guard round(proposed).own.notarize == nil || !follows(.oneNotarizePerView) else { return }
        // I5 holds: `executed` means justified, parent present, block valid or an echo.
        store(candidate)
        cast(.notarize, in: proposed, for: id)
        finalize(proposed)
    }

    /// 2.5 `tryFinalize`.
    mutating func finalize(_ voted: UInt64) {
        let round = round(voted)
        // I3: only what I notarized, and only with its notarization in hand.
        guard canVote, voted > voteFloor, round.own.finalize == nil,
            let proposal = round.own.notarize?.proposal, let notarization = round.notarization,
            notarization.proposal == proposal
        else { return }
        // I2.
        guard round.own.nullify == nil || !follows(.noFinalizeAfterNullify) else { return }
        cast(.finalize, in: voted, for: proposal)
    }

    /// 2.6: signs a vote, makes it durable, counts it and, unless it travels otherwise, sends it.
    @discardableResult
    mutating func cast(
        _ kind: VoteKind,
        in given: UInt64,
        for proposal: Digest,
        isSentAlone: Bool = true
    ) -> Vote? {
        guard let signer, let ownIndex else { return nil }
        let vote = Vote(
            chainID: configuration.chainID,
            epoch: configuration.epoch,
            kind: kind,
            view: given,
            proposal: proposal,
            member: ownIndex,
            signer: signer
        )
        withRound(given) { $0.own.keep(vote) }
        highestOwnVote = max(highestOwnVote, given)
        if isSentAlone || follows(.proposalDurableFirst) {
            persist(DurableKey.vote(vote), vote.encoded())
        }
        if isSentAlone { emit(.broadcast(.vote(vote))) }
        tally(Ballot(vote: vote, isVerified: true))
        return vote
    }

    /// Makes a proposal durable before a vote for it leaves (2.4).
    mutating func store(_ candidate: Candidate) {
        guard !candidate.isDurable else { return }
        var durable = candidate
        durable.isDurable = true
        pool.insert(durable)
        persist(DurableKey.proposal(candidate.entry.proposal), candidate.entry.encoded())
    }
}
