public import CBOR
public import QuotaCrypto
public import QuotaRules

/// A place where chips stand or model weights are kept: the body of a facility statement.
///
/// Layout: `{id, country, operator, owner, address: bstr32, security: [{paragraph, attested,
/// digest: bstr32}]}`. Registered by a government member; operator and owner are registered
/// organisations.
public struct FacilityBody: Hashable, Sendable {
    /// That the facility meets one paragraph of the security rules.
    public struct Attestation: Hashable, Sendable {
        /// The paragraph, `14` for example.
        public let paragraph: String
        /// The day of the attestation.
        public let attested: CalendarDate
        /// The salted digest of the report.
        public let digest: Digest

        /// An attestation.
        public init(paragraph: String, attested: CalendarDate, digest: Digest) {
            self.paragraph = paragraph
            self.attested = attested
            self.digest = digest
        }
    }

    /// The most attestations of one facility.
    public static let maximumAttestations = 64

    /// The id of the facility.
    public let id: String
    /// The country where it stands, ISO 3166-1 alpha-2.
    public let country: String
    /// The organisation that operates it.
    public let operatorID: String
    /// The organisation that owns it.
    public let owner: String
    /// The salted digest of its address, which stays private.
    public let address: Digest
    /// What is attested, ascending by paragraph.
    public let security: [Attestation]

    /// A facility with the given contents; attestations are put in order.
    public init(
        id: String,
        country: String,
        operatorID: String,
        owner: String,
        address: Digest,
        security: [Attestation] = []
    ) {
        self.id = id
        self.country = country
        self.operatorID = operatorID
        self.owner = owner
        self.address = address
        self.security = security.sorted { $0.paragraph < $1.paragraph }
    }
}

extension FacilityBody {
    /// Reads a facility.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public init(_ value: CBORValue, path: String = "$") throws(CBORFieldError) {
        var fields = try CBORFields(value, path: path)
        id = try fields.text("id", .identifier)
        country = try fields.text("country", .country)
        operatorID = try fields.text("operator", .identifier)
        owner = try fields.text("owner", .identifier)
        address = try fields.digest("address")
        var security: [Attestation] = []
        for item in try fields.optionalArray("security", maxCount: Self.maximumAttestations) {
            var entry = try item.fields()
            let attestation = Attestation(
                paragraph: try entry.text("paragraph", .identifier),
                attested: try entry.date("attested"),
                digest: try entry.digest("digest")
            )
            try entry.finish()
            guard security.last.map({ $0.paragraph < attestation.paragraph }) ?? true else {
                throw item.error("attestations must ascend by paragraph, one each")
            }
            security.append(attestation)
        }
        self.security = security
        try fields.finish()
    }

    /// The facility as CBOR.
    public var cbor: CBORValue {
        .object([
            ("id", .text(id)), ("country", .text(country)), ("operator", .text(operatorID)),
            ("owner", .text(owner)), ("address", .bytes(address.bytes)),
            ("security", security.isEmpty ? nil : .array(security.map(\.cbor))),
        ])
    }
}

extension FacilityBody.Attestation {
    fileprivate var cbor: CBORValue {
        .object([
            ("paragraph", .text(paragraph)), ("attested", .text(attested.description)),
            ("digest", .bytes(digest.bytes)),
        ])
    }
}
