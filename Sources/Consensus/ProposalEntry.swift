/// A proposal with all that is needed to judge it: as sent, stored and handed to those who fetch it.
public struct ProposalEntry: Hashable, Sendable {
    /// The proposal.
    public let proposal: Proposal
    /// Why it may stand on its parent.
    public let justification: Justification
    /// The bytes of its block; nil for an echo.
    public let payload: [UInt8]?
    /// The certificate that made it final, if the sender holds one for this very proposal.
    public let finalization: Certificate?

    /// Gathers the parts; nothing is checked here.
    public init(
        proposal: Proposal,
        justification: Justification,
        payload: [UInt8]?,
        finalization: Certificate? = nil
    ) {
        self.proposal = proposal
        self.justification = justification
        self.payload = payload
        self.finalization = finalization
    }

    /// The same entry with another finalization.
    package func with(finalization: Certificate?) -> ProposalEntry {
        ProposalEntry(
            proposal: proposal,
            justification: justification,
            payload: payload,
            finalization: finalization
        )
    }

    /// The same entry with another payload.
    func with(payload: [UInt8]?) -> ProposalEntry {
        ProposalEntry(
            proposal: proposal,
            justification: justification,
            payload: payload,
            finalization: finalization
        )
    }
}
