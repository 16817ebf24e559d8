internal import Consensus
internal import QuotaCrypto

extension World {
    /// What a Byzantine member tells some of the others instead; nil if it has no lie for this.
    func contradiction(of message: Message, by node: Int) -> Message? {
        guard nodes[node].isByzantine else { return nil }
        switch message {
        case .propose(let entry, _): return secondProposal(beside: entry, by: node)
        case .vote(let vote) where vote.kind != .nullify:
            return .vote(sign(.nullify, in: vote.view, for: .zero, by: node))
        default: return nil
        }
    }

    /// E1 by a leader: another valid block in the same view on the same parent.
    private func secondProposal(beside entry: ProposalEntry, by node: Int) -> Message? {
        let first = entry.proposal
        guard entry.payload != nil, let alternative = nodes[node].alternative,
            alternative.view == first.view
        else { return nil }
        let proposal = Proposal(
            chainID: chainID,
            epoch: first.epoch,
            view: first.view,
            parentView: first.parentView,
            parent: first.parent,
            block: alternative.body.digest
        )
        let second = ProposalEntry(
            proposal: proposal,
            justification: entry.justification,
            payload: alternative.body.payload
        )
        return .propose(second, sign(.notarize, in: first.view, for: proposal.id, by: node))
    }

    private func sign(
        _ kind: VoteKind,
        in view: UInt64,
        for proposal: Digest,
        by node: Int
    ) -> Vote {
        let message = Vote.signedBytes(
            chainID: chainID,
            epoch: 1,
            kind: kind,
            view: view,
            proposal: proposal
        )
        return Vote(
            epoch: 1,
            kind: kind,
            view: view,
            proposal: proposal,
            member: node,
            signature: keys.signer(of: node).sign(message)
        )
    }
}
