/// What the rules need to know about a claim, with every organisation looked up.
public struct ClaimFacts: Hashable, Sendable {
    /// The route that the claim uses: the id of a route of the policy, such as `LPP`.
    public let authority: String
    /// The country of ultimate destination, ISO 3166-1 alpha-2.
    public let destination: String
    /// The parties.
    ///
    /// The exporter is not among them.
    public let parties: [PartyFacts]
    /// What is shipped.
    public let lines: [ClaimLine]
    /// The day of export, which selects group membership and what was in force.
    public let exported: CalendarDate
    /// The day of receipt, for limits that count by receipt; without it `exported` stands in.
    public let received: CalendarDate?
    /// The types of evidence on file, such as `lpp_certification`.
    public let evidence: [String]
    /// The member who claims, for limits whose subject is the exporter.
    public let exporter: String
    /// The registered facility that the items go to, for limits whose subject is a facility.
    public let facility: String?

    /// The facts of one claim.
    public init(
        authority: String,
        destination: String,
        parties: [PartyFacts],
        lines: [ClaimLine],
        exported: CalendarDate,
        received: CalendarDate? = nil,
        evidence: [String] = [],
        exporter: String = "",
        facility: String? = nil
    ) {
        self.authority = authority
        self.destination = destination
        self.parties = parties
        self.lines = lines
        self.exported = exported
        self.received = received
        self.evidence = evidence
        self.exporter = exporter
        self.facility = facility
    }
}

/// One party to a claim.
public struct PartyFacts: Hashable, Sendable {
    /// What the party does, one of the policy's roles, such as `ultimate_consignee`.
    public let role: String
    /// The id of the organisation.
    public let organisation: String
    /// Where it is, ISO 3166-1 alpha-2.
    public let location: String
    /// Where its headquarters are.
    public let headquarters: String
    /// The id of its ultimate parent; its own id if it has none.
    public let parentID: String
    /// Where the headquarters of its ultimate parent are.
    public let parentHeadquarters: String

    /// A party.
    public init(
        role: String,
        organisation: String,
        location: String,
        headquarters: String,
        parentID: String,
        parentHeadquarters: String
    ) {
        self.role = role
        self.organisation = organisation
        self.location = location
        self.headquarters = headquarters
        self.parentID = parentID
        self.parentHeadquarters = parentHeadquarters
    }

    /// A party that is its own ultimate parent.
    public init(role: String, organisation: String, location: String, headquarters: String) {
        self.init(
            role: role,
            organisation: organisation,
            location: location,
            headquarters: headquarters,
            parentID: organisation,
            parentHeadquarters: headquarters
        )
    }
}

/// A number of one catalogue item.
public struct ClaimLine: Hashable, Sendable {
    /// The id of the item in the catalogue.
    public let sku: String
    /// How many.
    public let quantity: UInt64

    /// A line.
    public init(sku: String, quantity: UInt64) {
        self.sku = sku
        self.quantity = quantity
    }
}
