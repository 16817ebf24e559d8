internal import CBOR

/// A set of countries that changes by date.
///
/// A group either lists its members or is every country that is in none of some other groups.
public struct CountryGroup: Hashable, Sendable {
    /// Countries that belong to the group on certain days.
    public struct Membership: Hashable, Sendable {
        /// The countries, ISO 3166-1 alpha-2.
        public let countries: [String]
        /// When.
        public let validity: Validity
        /// The paragraph, if it is another than the group's.
        public let citation: String?
    }

    /// The id.
    public let id: String
    /// What it is called.
    public let title: String
    /// The paragraph.
    public let citation: String
    /// The members.
    ///
    /// Empty for a complement, and for a list that has no entry yet.
    public let members: [Membership]
    /// The groups whose members do not belong to it; nil for a list.
    public let complementOf: [String]?

    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        id = try fields.item("id").identifier()
        title = try fields.item("title").prose()
        citation = try fields.item("citation").prose()
        complementOf = try fields.ifPresent("complementOf") { item throws(CBORFieldError) in
            try item.identifiers()
        }
        var members: [Membership] = []
        if complementOf == nil {
            // An empty list is meaningful here: a list of the law that nobody is on yet.
            members = try fields.array("members", maxCount: 400).reading {
                entry throws(CBORFieldError) in
                try Membership(entry)
            }
        }
        self.members = members
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([
            ("id", .text(id)), ("title", .text(title)), ("citation", .text(citation)),
            ("complementOf", complementOf.map { .texts($0) }),
            ("members", complementOf == nil ? .array(members.map(\.cbor)) : nil),
        ])
    }
}

extension CountryGroup.Membership {
    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        countries = try fields.item("countries").list(maxCount: 400) {
            item throws(CBORFieldError) in
            try item.country()
        }
        validity = try Validity(from: &fields)
        citation = try fields.ifPresent("citation") { item throws(CBORFieldError) in
            try item.prose()
        }
        try fields.finish()
    }

    var cbor: CBORValue {
        .object(
            [("countries", .texts(countries)), ("citation", citation.map { .text($0) })]
                + validity.pairs
        )
    }
}
