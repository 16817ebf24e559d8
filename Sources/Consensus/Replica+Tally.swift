internal import QuotaCrypto
internal import Votes

extension Replica {
    /// 2.5 `onVote`, for a vote that came over its member's own link.
    mutating func onVote(_ vote: Vote, from member: Int) {
        guard vote.epoch == configuration.epoch || !follows(.votesOfOneEpoch) else { return }
        // Whoever follows, having left or being about to join, has no vote in this epoch.
        guard vote.member == member, member < committee.count else {
            return reject(member, .notYours(view: vote.view))
        }
        guard isWithinWindow(vote.view) else { return }
        if let held = ballot(vote.kind, in: vote.view, of: member),
            held.vote.saysTheSame(as: vote)
        {
            return
        }
        if isSettled(vote) {
            tally(Ballot(vote: vote, isVerified: false))
        } else if isGenuine(vote) {
            tally(Ballot(vote: vote, isVerified: true))
        } else {
            return reject(member, .badSignature(vote.kind, view: vote.view))
        }
        react(to: vote)
    }

    /// Near enough to matter: open, or recently final and still of use as evidence.
    private func isWithinWindow(_ voted: UInt64) -> Bool {
        let floor = finalized.view - min(finalized.view, limits.evidenceViews)
        return voted > floor && voted <= view + limits.viewWindow
    }

    /// The vote can change nothing any more: its signature need not be checked unless it contradicts
    /// another one.
    private func isSettled(_ vote: Vote) -> Bool {
        vote.view <= finalized.view
            || round(vote.view).certificate(vote.kind)?.proposal == vote.proposal
    }

    private func isGenuine(_ vote: Vote) -> Bool {
        vote.isValid(chainID: configuration.chainID, verifier: verifier)
    }

    /// Counts a vote: the first of its kind and member counts, a contradiction becomes evidence.
    mutating func tally(_ ballot: Ballot) {
        let vote = ballot.vote
        noteActivity(of: vote)
        accuse(by: ballot)
        let held = self.ballot(vote.kind, in: vote.view, of: vote.member)
        guard held == nil || (ballot.isVerified && held?.isVerified == false) else { return }
        withRound(vote.view) { $0[vote.kind, vote.member] = ballot }
        if ballot.isVerified { certify(vote.kind, in: vote.view, for: vote.proposal) }
    }

    private mutating func noteActivity(of vote: Vote) {
        peers[vote.member].highestVotedView = max(
            peers[vote.member].highestVotedView,
            vote.view
        )
        peers[vote.member].lastSigned = armedTime
    }

    /// Makes a certificate of the votes if they are a quorum: the lowest members' signatures.
    private mutating func certify(_ kind: VoteKind, in voted: UInt64, for proposal: Digest) {
        guard voted > finalized.view, round(voted).certificate(kind) == nil else { return }
        let votes =
            follows(.votesCountPerProposal)
            ? round(voted).votes(kind, for: proposal) : round(voted).votes(kind)
        guard votes.count >= committee.quorum else { return }
        arrivals.append(
            Certificate(
                epoch: configuration.epoch,
                kind: kind,
                view: voted,
                proposal: proposal,
                signatures: votes.prefix(committee.quorum).map {
                    Certificate.Signature(member: $0.member, bytes: $0.signature)
                }
            )
        )
    }

    /// 2.5 `onVote`: reasons to ask for a proposal, or to give the view up before the timer does.
    private mutating func react(to vote: Vote) {
        switch vote.kind {
        case .notarize: askIfUnknown(vote)
        case .nullify: if vote.view == view { joinNullification() }
        case .finalize: break
        }
    }

    /// The proposal was lost on its way here.
    ///
    /// Its leader's vote vouches for it, or those of f + 1 members do, since one of them is correct.
    /// This node's vote may be the one that is needed.
    private mutating func askIfUnknown(_ vote: Vote) {
        guard vote.view > voteFloor, vote.view <= view, pool[vote.proposal] == nil else { return }
        let votes = round(vote.view).votes(.notarize, for: vote.proposal)
        guard
            vote.member == committee.leader(of: vote.view) || votes.count > committee.faultyMax
        else { return }
        want(.proposal(vote.proposal), in: vote.view, preferring: vote.member)
    }

    /// 2.8: pairs a vote with those it contradicts; both signatures are checked before anyone is
    /// accused.
    private mutating func accuse(by ballot: Ballot) {
        for kind in VoteKind.allCases {
            guard let held = self.ballot(kind, in: ballot.vote.view, of: ballot.vote.member),
                let pair = EvidencePair(held.vote, ballot.vote), isNew(pair)
            else { continue }
            guard ballot.isVerified || isGenuine(ballot.vote) else { return }
            guard held.isVerified || isGenuine(held.vote) else {
                // What was taken unchecked proves nothing; the genuine vote takes its place.
                withRound(held.vote.view) { $0[kind, held.vote.member] = nil }
                continue
            }
            keep(pair)
        }
    }

    /// Keeps proof against a member and tells the driver, if it is new.
    mutating func keep(_ pair: EvidencePair) {
        guard isNew(pair) else { return }
        evidence.append(pair)
        persist(DurableKey.evidence(pair), pair.encoded())
        emit(.evidence(pair))
    }

    /// One pair a member and view is enough, and a member cannot fill the store with its crimes.
    private func isNew(_ pair: EvidencePair) -> Bool {
        let ofMember = evidence.filter { $0.member == pair.member }
        return ofMember.count < limits.evidencePerMemberMax
            && !ofMember.contains {
                ($0.first.epoch, $0.first.view) == (pair.first.epoch, pair.first.view)
            }
    }
}
