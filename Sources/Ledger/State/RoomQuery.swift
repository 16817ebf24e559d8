public import QuotaRules

/// A question: how much could be claimed, on which route, for whom, of which chip.
public struct RoomQuery: Hashable, Sendable {
    /// The member that would claim.
    public let issuer: String
    /// The route.
    public let authority: String
    /// The country of destination.
    public let destination: String
    /// The registered parties.
    ///
    /// Empty for an unnamed party of the destination in every role that the policy knows.
    public let parties: [ClaimBody.Party]
    /// The item of the catalogue.
    public let sku: String
    /// The day of export.
    public let exported: CalendarDate
    /// The day of receipt, if known.
    public let received: CalendarDate?
    /// The evidence that would be on file.
    public let evidence: [String]

    /// A question with the given contents.
    public init(
        issuer: String,
        authority: String,
        destination: String,
        parties: [ClaimBody.Party] = [],
        sku: String,
        exported: CalendarDate,
        received: CalendarDate? = nil,
        evidence: [String] = []
    ) {
        self.issuer = issuer
        self.authority = authority
        self.destination = destination
        self.parties = parties
        self.sku = sku
        self.exported = exported
        self.received = received
        self.evidence = evidence
    }
}
