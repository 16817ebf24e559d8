public import CBOR

/// A policy that has been checked and is ready to decide claims.
public struct Policy: Hashable, Sendable {
    /// What is written, with every name looked up.
    let index: PolicyIndex

    /// What is written.
    public var document: PolicyDocument { index.document }

    /// The id.
    public var id: String { document.id }
    /// The version of this policy.
    public var version: UInt64 { document.version }
    /// Whether it is law.
    public var status: PolicyStatus { document.status }
    /// Caps and sums.
    public var limits: [Limit] { document.limits }
    /// Ways to be allowed to ship.
    public var routes: [Route] { document.routes }
    /// How the members govern the ledger under this policy.
    public var governance: PolicyGovernance { document.governance ?? .standard }

    /// Reads and checks a policy.
    ///
    /// The value has the structure of a policy file (`Node/policies/README.md`).
    ///
    /// - Throws: `CBORFieldError` with the path of the first problem: a wrong type, an unknown
    ///   field, a reference to nothing, a contradiction, or a primitive of the language that this
    ///   program does not evaluate.
    public static func decode(_ value: CBORValue) throws(CBORFieldError) -> Policy {
        Policy(index: try PolicyIndex(PolicyDocument(CBORItem(value))))
    }

    /// The policy as it was read: `encoded(decode(x))` equals `x`.
    public var encoded: CBORValue { document.cbor }

    /// The limit with an id, or the one whose sub-share an account's limit names.
    public func limit(_ id: String) -> Limit? {
        let id = Limit.id(ofAccount: id)
        return document.limits.first { $0.id == id }
    }

    /// The code that a country code is read as, or nil if the policy does not know it.
    public func country(_ code: String) -> String? {
        index.country(code).map(CountryIndex.code)
    }

    /// Whether a country is in a group on a day.
    ///
    /// False for an unknown country or group.
    public func isMember(_ code: String, of group: String, on date: CalendarDate) -> Bool {
        guard let country = index.country(code),
            let group = document.groups.firstIndex(where: { $0.id == group })
        else { return false }
        return index.isMember(country, of: group, on: date)
    }

    /// Whether an item belongs to a set of items of the policy.
    ///
    /// Nil if the policy or the catalogue does not have it, or the catalogue lacks a figure that
    /// decides.
    public func isItem(_ sku: String, in set: String, catalogue: ChipCatalogue) -> Bool? {
        guard let item = catalogue.item(sku),
            let filter = document.items.first(where: { $0.id == set })
        else { return nil }
        switch filter.match(item) {
        case .yes: return true
        case .no: return false
        case .unknown: return nil
        }
    }

    /// Equal if the documents are.
    public static func == (left: Policy, right: Policy) -> Bool {
        left.document == right.document
    }

    /// Feeds the document into the hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(document)
    }
}
