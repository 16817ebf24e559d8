public import QuotaRules

/// An organisation as the ledger registered it.
public struct Organisation: Hashable, Sendable {
    /// What was registered.
    public let body: OrganisationBody
    /// The government member that registered it, with the approval of others.
    public let issuer: String
    /// The index of its statement.
    public let index: UInt64
    /// The block time from which it can be a party, POSIX seconds; 0 for those of founders.
    public let usableFrom: UInt64

    init(body: OrganisationBody, issuer: String, index: UInt64, usableFrom: UInt64 = 0) {
        self.body = body
        self.issuer = issuer
        self.index = index
        self.usableFrom = usableFrom
    }

    /// The organisation in `role`, as the rules see it.
    public func facts(role: String) -> PartyFacts {
        PartyFacts(
            role: role,
            organisation: body.id,
            location: body.location,
            headquarters: body.headquarters,
            parentID: body.parent?.id ?? body.id,
            parentHeadquarters: body.parent?.headquarters ?? body.headquarters
        )
    }
}
