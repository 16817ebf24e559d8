/// A facility as the ledger registered it.
public struct Facility: Hashable, Sendable {
    /// What was registered, or set by a later proposal.
    public let body: FacilityBody
    /// The government member that registered it.
    public let issuer: String
    /// The index of its statement.
    public let index: UInt64
}
