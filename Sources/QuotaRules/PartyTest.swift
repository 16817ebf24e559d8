internal import CBOR

/// A test of the countries that a claim has to do with.
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
    }

    /// How many must be in the groups.
    public let match: Match
    /// Which countries are looked at.
    public let aspects: [Aspect]
    /// Whose; empty for every party.
    public let roles: [String]
    /// The groups; being in one of them is enough.
    public let groups: [String]

    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        match = try fields.item("match").choice(Match.self)
        aspects = try fields.item("of").list { item throws(CBORFieldError) in
            try item.choice(Aspect.self)
        }
        roles = try fields.identifiersIfPresent("roles")
        groups = try fields.item("in").identifiers()
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([
            ("match", .text(match.rawValue)), ("of", .texts(aspects.map(\.rawValue))),
            ("roles", .textsIfAny(roles)), ("in", .texts(groups)),
        ])
    }
}
