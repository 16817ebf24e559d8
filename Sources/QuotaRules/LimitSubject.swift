internal import CBOR

/// One part of the name of the one who is limited.
///
/// A limit's subject is a list of parts: `["destination"]` for a country,
/// `["ultimate_consignee.parent"]` for a group of companies, both for a company in a country, and
/// an empty list for everyone together.
public enum LimitSubject: Hashable, Sendable {
    /// The country that the limit's attribution rule debits.
    case destination
    /// The catalogue item.
    case product
    /// The member who claims.
    case exporter
    /// The facility that the items go to.
    case facility
    /// Something about the party in a role.
    case party(role: String, PartyField)

    /// What about a party.
    public enum PartyField: String, Hashable, Sendable, CaseIterable {
        /// Its id.
        case id
        /// The id of its ultimate parent.
        case parent
        /// Where it is.
        case location
        /// Where its headquarters are.
        case headquarters
        /// Where its ultimate parent's headquarters are.
        case parentHeadquarters = "parent_headquarters"
    }

    init(_ item: CBORItem) throws(CBORFieldError) {
        let text = try item.identifier()
        switch text {
        case "destination": self = .destination
        case "product": self = .product
        case "exporter": self = .exporter
        case "facility": self = .facility
        default:
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty,
                let field = PartyField(rawValue: String(parts[1]))
            else {
                let names = PartyField.allCases.map(\.rawValue).joined(separator: ", ")
                throw item.error(
                    "expected destination, product, exporter, facility, or a role with a dot "
                        + "and one of: "
                        + names
                )
            }
            self = .party(role: String(parts[0]), field)
        }
    }

    /// The spelling in a policy file.
    public var text: String {
        switch self {
        case .destination: "destination"
        case .product: "product"
        case .exporter: "exporter"
        case .facility: "facility"
        case .party(let role, let field): "\(role).\(field.rawValue)"
        }
    }
}

/// Which country's account a claim debits, where a limit belongs to countries.
public enum Attribution: String, Hashable, Sendable, CaseIterable {
    /// The destination only, if it holds an account.
    case destination
    /// The destination if it holds an account, else the country of headquarters or ultimate parent
    /// that does.
    case headquarters = "hq"
    /// The destination, and the country of headquarters or ultimate parent too, if they hold
    /// accounts.
    case both
}

/// Which date of a claim selects the period of a limit.
public enum CountBasis: String, Hashable, Sendable, CaseIterable {
    /// When the licence is claimed: the day of export.
    case licensed
    /// The day of export.
    case exported
    /// The day of receipt, or of export where none is given.
    case received
    /// The installed base: as `received`, and what is lost or retired may be released.
    case installed
}
