public import QuotaCrypto
public import QuotaRules

/// What an exporter claims against the quotas: the body of a claim statement.
///
/// Layout: `{authority, reference?, destination, parties: [{role, organisation}], lines: [{sku,
/// quantity}], exported, received?, facility?, source?: [issuer, id], evidence: [{type, digest?}],
/// details?: {field: bstr32}}`.
/// The statement's subject is the claim's id. Licence numbers, sites, serials and names enter only
/// as salted digests in `details`.
public struct ClaimBody: Hashable, Sendable {
    /// A registered organisation in its role in the transaction.
    public struct Party: Hashable, Sendable {
        /// The role, `ultimate_consignee` for example.
        public let role: String
        /// The id of the organisation.
        public let organisation: String

        /// `organisation` as `role`.
        public init(role: String, organisation: String) {
            self.role = role
            self.organisation = organisation
        }
    }

    /// A document that the claim rests on.
    public struct Evidence: Hashable, Sendable {
        /// What kind of document, as the policy names it.
        public let type: String
        /// Its salted digest.
        public let digest: Digest?

        /// A document of the given type.
        public init(type: String, digest: Digest? = nil) {
            self.type = type
            self.digest = digest
        }
    }

    /// A salted digest of something that stays private.
    public struct Detail: Hashable, Sendable {
        /// What it is.
        public let field: String
        /// The salted digest.
        public let digest: Digest

        /// The digest of `field`.
        public init(field: String, digest: Digest) {
            self.field = field
            self.digest = digest
        }
    }

    /// The most parties, lines, documents or details of one claim.
    public static let maximumItems = 64
    /// The most units on one line.
    public static let quantityMax: UInt64 = 1 << 40

    /// The route: `LICENSE`, `LPP`, `AIA`, `NVEU`.
    public let authority: String
    /// The public reference of the authorisation, if it has one.
    public let reference: String?
    /// The country of destination, ISO 3166-1 alpha-2.
    public let destination: String
    /// Who takes part.
    public let parties: [Party]
    /// What is shipped.
    public let lines: [ClaimLine]
    /// The day of export.
    public let exported: CalendarDate
    /// The day of receipt, if known.
    public let received: CalendarDate?
    /// The id of the registered facility in the country of destination where the goods will stand.
    public let facility: String?
    /// The claim whose delivered goods these are, for a re-export.
    public let source: ClaimReference?
    /// The documents that the claim rests on.
    public let evidence: [Evidence]
    /// Private facts as salted digests, ascending by field.
    public let details: [Detail]

    /// A claim with the given contents.
    ///
    /// `details` are put in order; two of one field are a programming error.
    public init(
        authority: String,
        reference: String? = nil,
        destination: String,
        parties: [Party],
        lines: [ClaimLine],
        exported: CalendarDate,
        received: CalendarDate? = nil,
        facility: String? = nil,
        source: ClaimReference? = nil,
        evidence: [Evidence] = [],
        details: [Detail] = []
    ) {
        self.authority = authority
        self.reference = reference
        self.destination = destination
        self.parties = parties
        self.lines = lines
        self.exported = exported
        self.received = received
        self.facility = facility
        self.source = source
        self.evidence = evidence
        self.details = details.sorted { $0.field < $1.field }
    }
}
