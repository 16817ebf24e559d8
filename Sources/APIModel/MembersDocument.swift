/// `/v1/members`: who takes part, with the public keys that anyone may compare elsewhere.
package struct MembersDocument: Codable, Hashable, Sendable {
    /// The tree head that the list was taken from.
    package var checkpoint: CheckpointSummary
    /// The members, by id.
    package var members: [MemberDocument]

    /// Makes a list.
    package init(checkpoint: CheckpointSummary, members: [MemberDocument]) {
        self.checkpoint = checkpoint
        self.members = members
    }
}

/// One member.
package struct MemberDocument: Codable, Hashable, Sendable {
    /// The member id, such as `us-bis`.
    package var id: String
    /// The member's name.
    package var name: String
    /// `government`, `exporter`, `consignee` or `inspector`.
    package var role: String
    /// ISO 3166-1 alpha-2 code.
    package var country: String
    /// RFC 9679 thumbprint of the key that signs its statements, lower-case hex.
    package var statementKey: String
    /// RFC 9679 thumbprint of its second key, if it has one, lower-case hex.
    package var coKey: String?
    /// The registered organisation that it signs for.
    package var organisation: String?
    /// When its present key comes out of the cooling-off, if that was not at once.
    package var usableFrom: Timestamp?
    /// When its membership ended.
    package var ended: Timestamp?
    /// The suspension that holds it.
    package var suspension: SuspensionDocument?
    /// The epochs in which its node signed votes that contradict each other; nil for none.
    package var convictedIn: [UInt64]?
    /// The node it runs, if it runs one.
    package var node: NodeDocument?

    /// Makes a member.
    package init(
        id: String,
        name: String,
        role: String,
        country: String,
        statementKey: String,
        coKey: String? = nil,
        organisation: String? = nil,
        usableFrom: Timestamp? = nil,
        ended: Timestamp? = nil,
        suspension: SuspensionDocument? = nil,
        convictedIn: [UInt64]? = nil,
        node: NodeDocument? = nil
    ) {
        self.id = id
        self.name = name
        self.role = role
        self.country = country
        self.statementKey = statementKey
        self.coKey = coKey
        self.organisation = organisation
        self.usableFrom = usableFrom
        self.ended = ended
        self.suspension = suspension
        self.convictedIn = convictedIn
        self.node = node
    }
}

/// The public keys and addresses of a member's node.
package struct NodeDocument: Codable, Hashable, Sendable {
    /// Whether it votes.
    package var isValidator: Bool
    /// The log key as a C2SP vkey.
    package var logKey: String
    /// The cosigner key as a C2SP vkey.
    package var cosignerKey: String
    /// Where peers reach it, `host:port`.
    package var peer: String
    /// Where clients reach it.
    package var api: String

    /// Makes a node.
    package init(
        isValidator: Bool,
        logKey: String,
        cosignerKey: String,
        peer: String,
        api: String
    ) {
        self.isValidator = isValidator
        self.logKey = logKey
        self.cosignerKey = cosignerKey
        self.peer = peer
        self.api = api
    }
}

/// `/v1/organisations`: the organisations that claims may name.
package struct OrganisationsDocument: Codable, Hashable, Sendable {
    /// The tree head that the list was taken from.
    package var checkpoint: CheckpointSummary
    /// The organisations, by id.
    package var organisations: [OrganisationDocument]

    /// Makes a list.
    package init(checkpoint: CheckpointSummary, organisations: [OrganisationDocument]) {
        self.checkpoint = checkpoint
        self.organisations = organisations
    }
}

/// One organisation.
///
/// Its name is on the ledger as a salted digest only.
package struct OrganisationDocument: Codable, Hashable, Sendable {
    /// The organisation id.
    package var id: String
    /// Country where it is located.
    package var location: String
    /// Country where it has its headquarters.
    package var headquarters: String
    /// The ultimate parent's id; the organisation's own id if it has none above it.
    package var parent: String
    /// Country of the ultimate parent's headquarters.
    package var parentHeadquarters: String
    /// The government that attested it.
    package var issuer: String

    /// Makes an organisation.
    package init(
        id: String,
        location: String,
        headquarters: String,
        parent: String,
        parentHeadquarters: String,
        issuer: String
    ) {
        self.id = id
        self.location = location
        self.headquarters = headquarters
        self.parent = parent
        self.parentHeadquarters = parentHeadquarters
        self.issuer = issuer
    }
}
