public import QuotaRules

/// What a statement says, by kind.
public indirect enum StatementBody: Hashable, Sendable {
    /// The start of a ledger.
    case genesis(GenesisBody)
    /// Who a member is.
    case member(MemberCard)
    /// The limits that claims are judged by.
    case policy(Policy)
    /// What a unit of each SKU weighs.
    case catalogue(ChipCatalogue)
    /// Where an organisation is and whom it belongs to.
    case organisation(OrganisationBody)
    /// A claim against the quotas.
    case claim(ClaimBody)
    /// What one country had before the ledger began.
    case inventory(InventoryBody)
    /// Something that happened to a claim afterwards.
    case event(EventBody)
    /// The withdrawal of a claim.
    case cancel(CancelBody)
}
