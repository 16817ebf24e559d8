internal import CBOR

/// Where the weights of large models may be kept: the section `weights` of a policy file.
///
/// Layout: `{citation, floor: [{from, operations, citation?}], places: [{id, text, citation, when,
/// paragraphs?, attestedWithinDays?}]}`. A model below the floor of the day is not regulated. One at
/// or above it may be kept where all tests of a place hold and the facility has attested every
/// paragraph that the place asks for.
public struct PolicyWeights: Hashable, Sendable {
    /// From when on how many operations make a model a regulated one.
    public struct Floor: Hashable, Sendable {
        /// The first day; it holds until the next floor.
        public let from: CalendarDate
        /// The number of operations.
        public let operations: OperationCount
        /// The paragraph, if it is another than the section's.
        public let citation: String?
    }

    /// A kind of place where weights may be kept.
    public struct Place: Hashable, Sendable {
        /// The id.
        public let id: String
        /// What it is, for people.
        public let text: String
        /// The paragraph.
        public let citation: String
        /// Tests that must all hold.
        public let tests: [WeightsTest]
        /// The security paragraphs that the facility must have attested.
        public let paragraphs: [String]
        /// How old an attestation may be, in days; nil for any age.
        public let attestedWithinDays: UInt64?
    }

    /// The paragraph.
    public let citation: String
    /// The floors, ascending by day.
    public let floors: [Floor]
    /// The kinds of places.
    public let places: [Place]

    /// The floor of a day; nil before the first.
    public func floor(on date: CalendarDate) -> Floor? { floors.last { $0.from <= date } }
}

/// A test of the countries that a storage declaration has to do with.
public struct WeightsTest: Hashable, Sendable {
    /// Which country is meant.
    public enum Aspect: String, Hashable, Sendable, CaseIterable {
        /// Where the facility stands.
        case facilityLocation = "facility_location"
        /// Where the owner of the facility has its headquarters.
        case facilityOwnerHeadquarters = "facility_owner_headquarters"
        /// Where the ultimate parent of the facility's owner has its headquarters.
        case facilityOwnerParentHeadquarters = "facility_owner_parent_headquarters"
        /// Where the operator of the facility has its headquarters.
        case operatorHeadquarters = "operator_headquarters"
        /// Where the ultimate parent of the operator has its headquarters.
        case operatorParentHeadquarters = "operator_parent_headquarters"
        /// Where the owner of the weights has its headquarters.
        case ownerHeadquarters = "owner_headquarters"
        /// Where the ultimate parent of the weights' owner has its headquarters.
        case ownerParentHeadquarters = "owner_parent_headquarters"
    }

    /// How many of the countries must be in the groups.
    public let match: PartyTest.Match
    /// Which countries are looked at.
    public let aspects: [Aspect]
    /// The groups; being in one of them is enough.
    public let groups: [String]
}

extension PolicyWeights {
    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        citation = try fields.item("citation").prose()
        floors = try fields.item("floor").list { item throws(CBORFieldError) in try Floor(item) }
        places = try fields.item("places").list { item throws(CBORFieldError) in try Place(item) }
        try fields.finish()
        for index in floors.indices.dropFirst() {
            try fields.require(
                floors[index].from > floors[index - 1].from,
                at: "floor[\(index)].from",
                "must be later than the floor before, \(floors[index - 1].from)"
            )
        }
        for (position, name) in PolicyNames.repeated(places.map(\.id)) {
            try fields.require(
                false,
                at: "places[\(position)].id",
                "'\(name)' stands here twice"
            )
        }
    }

    var cbor: CBORValue {
        .object([
            ("citation", .text(citation)), ("floor", .array(floors.map(\.cbor))),
            ("places", .array(places.map(\.cbor))),
        ])
    }
}

extension PolicyWeights.Floor {
    fileprivate init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        from = try fields.item("from").date()
        operations = try OperationCount(try fields.item("operations"))
        citation = try fields.ifPresent("citation") { item throws(CBORFieldError) in
            try item.prose()
        }
        try fields.finish()
    }

    fileprivate var cbor: CBORValue {
        .object([
            ("from", .date(from)), ("operations", .text(operations.text)),
            ("citation", citation.map { .text($0) }),
        ])
    }
}

extension PolicyWeights.Place {
    fileprivate init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        id = try fields.item("id").identifier()
        text = try fields.item("text").prose()
        citation = try fields.item("citation").prose()
        tests = try fields.item("when").list { item throws(CBORFieldError) in
            try WeightsTest(item)
        }
        paragraphs = try fields.identifiersIfPresent("paragraphs")
        attestedWithinDays = try fields.ifPresent("attestedWithinDays") {
            item throws(CBORFieldError) in try item.unsigned(max: 36_600)
        }
        try fields.finish()
        try fields.require(
            attestedWithinDays == nil || !paragraphs.isEmpty,
            at: "attestedWithinDays",
            "not allowed: no paragraph must be attested"
        )
    }

    fileprivate var cbor: CBORValue {
        .object([
            ("id", .text(id)), ("text", .text(text)), ("citation", .text(citation)),
            ("when", .array(tests.map(\.cbor))), ("paragraphs", .textsIfAny(paragraphs)),
            ("attestedWithinDays", attestedWithinDays.map { .unsigned($0) }),
        ])
    }
}

extension WeightsTest {
    fileprivate init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        match = try fields.item("match").choice(PartyTest.Match.self)
        aspects = try fields.item("of").list { item throws(CBORFieldError) in
            try item.choice(Aspect.self)
        }
        groups = try fields.item("in").identifiers()
        try fields.finish()
    }

    fileprivate var cbor: CBORValue {
        .object([
            ("match", .text(match.rawValue)), ("of", .texts(aspects.map(\.rawValue))),
            ("in", .texts(groups)),
        ])
    }
}
