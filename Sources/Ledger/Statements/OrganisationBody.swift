public import CBOR
public import QuotaCrypto

/// An organisation that claims may name: the body of an organisation statement.
///
/// Layout: `{id, location, headquarters, parent?: {id, headquarters}, name: bstr32}`. Registered by a
/// government member. An organisation without `parent` is its own ultimate parent.
public struct OrganisationBody: Hashable, Sendable {
    /// The ultimate parent of an organisation.
    public struct Parent: Hashable, Sendable {
        /// The id of the ultimate parent; it need not be registered itself.
        public let id: String
        /// The country where the ultimate parent has its headquarters.
        public let headquarters: String

        /// A parent with its headquarters in the given country.
        public init(id: String, headquarters: String) {
            self.id = id
            self.headquarters = headquarters
        }
    }

    /// The id of the organisation, an LEI where it has one.
    public let id: String
    /// The country where the organisation is located, ISO 3166-1 alpha-2.
    public let location: String
    /// The country of its headquarters, ISO 3166-1 alpha-2.
    public let headquarters: String
    /// Its ultimate parent, or nil if it is its own.
    public let parent: Parent?
    /// The salted digest of its legal name, which stays private.
    public let name: Digest

    /// An organisation with the given contents.
    public init(
        id: String,
        location: String,
        headquarters: String,
        parent: Parent?,
        name: Digest
    ) {
        self.id = id
        self.location = location
        self.headquarters = headquarters
        self.parent = parent
        self.name = name
    }
}

extension OrganisationBody {
    /// Reads an organisation.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public init(_ value: CBORValue, path: String = "$") throws(CBORFieldError) {
        var fields = try CBORFields(value, path: path)
        id = try fields.text("id", .identifier)
        location = try fields.text("location", .country)
        headquarters = try fields.text("headquarters", .country)
        if var parent = try fields.optionalFields("parent") {
            self.parent = Parent(
                id: try parent.text("id", .identifier),
                headquarters: try parent.text("headquarters", .country)
            )
            try parent.finish()
        } else {
            parent = nil
        }
        name = try fields.digest("name")
        try fields.finish()
    }

    /// The organisation as CBOR.
    public var cbor: CBORValue {
        .object([
            ("id", .text(id)), ("location", .text(location)),
            ("headquarters", .text(headquarters)),
            (
                "parent",
                parent.map {
                    .object([("id", .text($0.id)), ("headquarters", .text($0.headquarters))])
                }
            ),
            ("name", .bytes(name.bytes)),
        ])
    }
}
