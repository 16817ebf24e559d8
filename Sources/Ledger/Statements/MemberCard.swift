public import CBOR
public import QuotaCrypto

/// What a member is on this ledger.
public enum MemberRole: String, Hashable, Sendable, CaseIterable {
    /// An agency: registers organisations, and may submit claims of its own.
    case government
    /// A company that submits claims.
    case exporter
    /// A company that receives what is claimed, and says that it did.
    case consignee
    /// A laboratory or inspectorate that signs evidence.
    case inspector
}

/// Who a member is: the body of a member statement, signed by the member's own statement key.
///
/// Layout: `{id, name, role, country, statementKey: bstr32, coKey?: bstr32, organisation?, node?}`.
/// A statement whose card brings a `coKey` carries the approval of its body by that key, in the
/// member's name.
public struct MemberCard: Hashable, Sendable {
    /// The member id: the issuer of its statements and a label of its cosigner key's name.
    public let id: String
    /// The name for people.
    public let name: String
    /// What the member is.
    public let role: MemberRole
    /// The country of the member, ISO 3166-1 alpha-2.
    public let country: String
    /// The key that signs the member's statements.
    public let statementKey: Ed25519.PublicKey
    /// The key of a second person of the member, for statements that need two.
    public let coKey: Ed25519.PublicKey?
    /// The registered organisation that the member signs for, an importer's for example.
    public let organisation: String?
    /// The member's node, if it runs one.
    public let node: NodeCard?

    /// The most bytes of a member statement.
    static let statementBytesMax = 4_096

    /// A card with the given contents.
    public init(
        id: String,
        name: String,
        role: MemberRole,
        country: String,
        statementKey: Ed25519.PublicKey,
        coKey: Ed25519.PublicKey? = nil,
        organisation: String? = nil,
        node: NodeCard?
    ) {
        self.id = id
        self.name = name
        self.role = role
        self.country = country
        self.statementKey = statementKey
        self.coKey = coKey
        self.organisation = organisation
        self.node = node
    }
}

extension MemberCard {
    /// The card of the same member without a node.
    var withoutNode: MemberCard {
        MemberCard(
            id: id,
            name: name,
            role: role,
            country: country,
            statementKey: statementKey,
            coKey: coKey,
            organisation: organisation,
            node: nil
        )
    }

    /// Reads a card.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public init(_ value: CBORValue, path: String = "$") throws(CBORFieldError) {
        var fields = try CBORFields(value, path: path)
        id = try fields.text("id", .member)
        name = try fields.text("name", .sentence)
        let role = try fields.item("role")
        guard let known = MemberRole(rawValue: try role.text(maxLength: 16)) else {
            let names = MemberRole.allCases.map(\.rawValue).joined(separator: ", ")
            throw role.error("expected one of: \(names)")
        }
        self.role = known
        country = try fields.text("country", .country)
        statementKey = try fields.publicKey("statementKey")
        let second = fields.optionalItem("coKey")
        coKey = try second?.publicKey()
        if let second, coKey == statementKey {
            throw second.error("must be another key than 'statementKey'")
        }
        organisation = try fields.optionalText("organisation", .identifier)
        node =
            if let node = fields.optionalItem("node") {
                try NodeCard(node.value, path: node.path)
            } else {
                nil
            }
        try fields.finish()
    }

    /// The card as CBOR.
    public var cbor: CBORValue {
        .object([
            ("id", .text(id)), ("name", .text(name)), ("role", .text(role.rawValue)),
            ("country", .text(country)), ("statementKey", .bytes(statementKey.bytes)),
            ("coKey", coKey.map { .bytes($0.bytes) }),
            ("organisation", organisation.map { .text($0) }), ("node", node?.cbor),
        ])
    }
}
