internal import CBOR

/// Whether a policy is law, and of what kind.
public enum PolicyStatus: String, Hashable, Sendable, CaseIterable {
    /// In force.
    case inForce = "in_force"
    /// Law, but the authority has said that it does not enforce it.
    case notEnforced = "not_enforced"
    /// Proposed by an authority.
    case draft
    /// Was proposed, and taken back.
    case withdrawn
    /// Before a parliament.
    case bill
    /// Agreed between governments or with companies.
    case deal
}

/// A policy as it is written: the structure of the policy file, without its meaning.
public struct PolicyDocument: Hashable, Sendable {
    /// A code that stands for another country's.
    public struct Alias: Hashable, Sendable {
        /// The code that may be written.
        public let country: String
        /// The code that it is read as.
        public let readAs: String
    }

    /// The act by which members adopt a text that is not in force.
    public struct Adoption: Hashable, Sendable {
        /// The status that they know the text to have.
        public let status: PolicyStatus
        /// Why they apply it among themselves.
        public let reason: String
    }

    /// The version of the policy language.
    static let format: UInt64 = 1

    /// The id.
    public let id: String
    /// The version of this policy.
    public let version: UInt64
    /// What it is called.
    public let title: String
    /// Where it is published.
    public let citation: String
    /// Whether it is law.
    public let status: PolicyStatus
    /// More about its status, for people.
    public let statusNote: String?
    /// That members adopt it although it is not in force; nil for a text that is, and for one that
    /// nobody has adopted.
    public let adoption: Adoption?
    /// For which days of export it decides.
    public let validity: Validity
    /// The country codes that exist; empty if any two capital letters may stand.
    public let countries: [String]
    /// Codes that are read as others.
    public let aliases: [Alias]
    /// What parties can be.
    ///
    /// Where a party must be chosen, the earlier role is.
    public let roles: [String]
    /// Groups of countries.
    public let groups: [CountryGroup]
    /// Sets of items.
    public let items: [ItemFilter]
    /// The id of the set of items that the policy is about.
    public let regulatedItems: String
    /// Switches between readings.
    public let parameters: [PolicyParameter]
    /// How consignments live, if the policy says so.
    public let lifecycle: PolicyLifecycle?
    /// The decisions that rules and limits ask for by name.
    public let decisions: [DecisionRule]
    /// Caps and sums.
    public let limits: [Limit]
    /// Ways to be allowed to ship, in the order in which they are suggested.
    public let routes: [Route]
    /// How the members govern the ledger under this policy; nil for ``PolicyGovernance/standard``.
    public let governance: PolicyGovernance?
    /// Where the weights of large models may be kept; nil if the policy says nothing about them.
    public let weights: PolicyWeights?
}

extension PolicyDocument {
    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        let format = try fields.item("format")
        try format.require(
            try format.unsigned() == Self.format,
            "this program reads format \(Self.format)"
        )
        id = try fields.item("id").identifier()
        version = try fields.unsigned("version", max: UInt64(UInt32.max))
        title = try fields.item("title").prose()
        citation = try fields.item("citation").prose()
        status = try fields.item("status").choice(PolicyStatus.self, standIn: .inForce)
        statusNote = try fields.ifPresent("statusNote") { item throws(CBORFieldError) in
            try item.prose()
        }
        adoption = try fields.ifPresent("adoption") { item throws(CBORFieldError) in
            try Adoption(item)
        }
        validity =
            try fields.item("validity").unlessDropped { item throws(CBORFieldError) in
                try Validity(item)
            } ?? Validity(from: .first, through: nil)
        countries = try fields.listIfPresent("countries", maxCount: CountryIndex.count) {
            item throws(CBORFieldError) in
            try item.country()
        }
        aliases = try fields.listIfPresent("aliases") { item throws(CBORFieldError) in
            try Alias(item)
        }
        roles = try fields.item("roles").identifiers(maxCount: 32)
        groups = try fields.listIfPresent("groups") { item throws(CBORFieldError) in
            try CountryGroup(item)
        }
        items = try fields.item("items").list { item throws(CBORFieldError) in
            try ItemFilter(item)
        }
        regulatedItems = try fields.item("regulatedItems").identifier()
        let parameters = try fields.listIfPresent("parameters") { item throws(CBORFieldError) in
            try PolicyParameter(item)
        }
        self.parameters = parameters
        lifecycle = try fields.ifPresent("lifecycle") { item throws(CBORFieldError) in
            try PolicyLifecycle(item)
        }
        decisions = try fields.listIfPresent("decisions") { item throws(CBORFieldError) in
            try DecisionRule(item)
        }
        limits = try fields.listIfPresent("limits") { item throws(CBORFieldError) in
            try Limit(item, parameters)
        }
        routes = try fields.item("routes").list { item throws(CBORFieldError) in
            try Route(item)
        }
        governance = try fields.ifPresent("governance") { item throws(CBORFieldError) in
            try PolicyGovernance(item)
        }
        weights = try fields.ifPresent("weights") { item throws(CBORFieldError) in
            try PolicyWeights(item)
        }
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([
            ("format", .unsigned(Self.format)), ("id", .text(id)), ("version", .unsigned(version)),
            ("title", .text(title)), ("citation", .text(citation)),
            ("status", .text(status.rawValue)), ("statusNote", statusNote.map { .text($0) }),
            ("adoption", adoption?.cbor),
            ("validity", validity.cbor), ("countries", .textsIfAny(countries)),
            ("aliases", .listIfAny(aliases.map(\.cbor))), ("roles", .texts(roles)),
            ("groups", .listIfAny(groups.map(\.cbor))), ("items", .array(items.map(\.cbor))),
            ("regulatedItems", .text(regulatedItems)),
            ("parameters", .listIfAny(parameters.map(\.cbor))),
            ("lifecycle", lifecycle?.cbor), ("decisions", .listIfAny(decisions.map(\.cbor))),
            ("limits", .listIfAny(limits.map(\.cbor))), ("routes", .array(routes.map(\.cbor))),
            ("governance", governance?.cbor), ("weights", weights?.cbor),
        ])
    }
}

extension PolicyDocument.Alias {
    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        country = try fields.item("country").country()
        readAs = try fields.item("readAs").country()
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([("country", .text(country)), ("readAs", .text(readAs))])
    }
}

extension PolicyDocument.Adoption {
    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        status = try fields.item("status").choice(PolicyStatus.self)
        reason = try fields.item("reason").prose()
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([("status", .text(status.rawValue)), ("reason", .text(reason))])
    }
}
