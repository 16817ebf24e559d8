/// What a statement says, by kind.
public indirect enum StatementBody: Hashable, Sendable {
    /// The start of a ledger.
    case genesis(GenesisBody)
    /// Who a member is.
    case member(MemberCard)
    /// The emergency stop of a member's keys.
    case suspension(SuspensionBody)
    /// Something that governments decide by votes.
    case proposal(ProposalBody)
    /// A government's answer.
    case vote(VoteBody)
    /// Where an organisation is and whom it belongs to.
    case organisation(OrganisationBody)
    /// A place where chips stand or model weights are kept.
    case facility(FacilityBody)
    /// Where the weights of a model are kept.
    case storage(StorageBody)
    /// A claim against the quotas.
    case claim(ClaimBody)
    /// What one country had before the ledger began.
    case inventory(InventoryBody)
    /// Something that happened to a claim afterwards.
    case event(EventBody)
    /// The withdrawal of a claim.
    case cancel(CancelBody)
    /// That a node is ready for the next epoch.
    case ready(ReadyBody)
    /// That a validator contradicted itself.
    case evidence(EvidenceBody)
}
