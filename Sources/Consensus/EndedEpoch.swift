public import Votes

/// How the epoch before ended here, to notice that it ended otherwise elsewhere (I6).
public struct EndedEpoch: Sendable {
    /// Its members.
    let committee: Committee
    /// Checks their votes.
    let verifier: any VoteVerifier
    /// Its last final proposal here: the one with the sealing block, or an echo of it.
    let tip: FinalizedTip

    /// The end of an epoch.
    ///
    /// - Parameters:
    ///   - committee: The members of that epoch.
    ///   - verifier: Checks the votes of that epoch.
    ///   - last: Its last final proposal, with its finalization.
    ///   - seal: The block that sealed it.
    public init(
        committee: Committee,
        verifier: any VoteVerifier,
        last: ProposalEntry,
        seal: BlockID
    ) {
        self.init(
            committee: committee,
            verifier: verifier,
            tip: FinalizedTip(
                view: last.proposal.view,
                proposal: last.proposal.id,
                block: seal,
                certificate: last.finalization
            )
        )
    }

    init(committee: Committee, verifier: any VoteVerifier, tip: FinalizedTip) {
        self.committee = committee
        self.verifier = verifier
        self.tip = tip
    }
}
