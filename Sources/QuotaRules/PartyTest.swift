internal import CBOR

/// A test of the countries that a claim has to do with, or of the organisations in it.
public struct PartyTest: Hashable, Sendable {
    /// How many of the countries must be in the groups.
    public enum Match: String, Hashable, Sendable, CaseIterable {
        /// At least one.
        case any
        /// All, and there must be one.
        case every
        /// None.
        case none
    }

    /// Which country is meant.
    public enum Aspect: String, Hashable, Sendable, CaseIterable {
        /// The destination of the claim.
        case destination
        /// Where a party is.
        case location
        /// Where a party has its headquarters.
        case headquarters
        /// Where a party's ultimate parent has its headquarters.
        case parentHeadquarters = "parent_headquarters"
        /// The party itself, by its id.
        case id
        /// A party's ultimate parent, by its id.
        case parent

        /// Whether an organisation is looked at, and not a country.
        var isOrganisation: Bool { self == .id || self == .parent }
    }

    /// How many must be in the groups.
    public let match: Match
    /// Which countries are looked at.
    public let aspects: [Aspect]
    /// Whose; empty for every party.
    public let roles: [String]
    /// The groups; being in one of them is enough.
    ///
    /// Empty if organisations are looked at.
    public let groups: [String]
    /// The organisations; being one of them is enough.
    ///
    /// Empty if countries are looked at.
    public let organisations: [String]

    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        match = try fields.item("match").choice(Match.self)
        aspects = try fields.item("of").list { item throws(CBORFieldError) in
            try item.choice(Aspect.self)
        }
        roles = try fields.identifiersIfPresent("roles")
        let looksAtOrganisations = aspects.contains(where: \.isOrganisation)
        try fields.require(
            !looksAtOrganisations || aspects.allSatisfy(\.isOrganisation),
            at: "of",
            "a test looks at countries or at organisations, not at both"
        )
        groups = looksAtOrganisations ? [] : try fields.item("in").identifiers()
        organisations = looksAtOrganisations ? try fields.item("organisations").identifiers() : []
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([
            ("match", .text(match.rawValue)), ("of", .texts(aspects.map(\.rawValue))),
            ("roles", .textsIfAny(roles)), ("in", .textsIfAny(groups)),
            ("organisations", .textsIfAny(organisations)),
        ])
    }
}
