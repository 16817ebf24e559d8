/// `/v1/statements/{leaf hash or index}`: one leaf of the log, decoded for people.
package struct StatementDocument: Codable, Hashable, Sendable {
    /// The leaf hash, lower-case hex.
    package var entry: String
    /// The leaf index.
    package var index: UInt64
    /// The block that holds it.
    package var height: UInt64
    /// The time of that block.
    package var time: Timestamp
    /// The statement's kind, such as `claim`, or `header` for a block header.
    package var kind: String
    /// The signing member; nil for a block header.
    package var issuer: String?
    /// What the statement is about within its issuer and kind; nil for a block header.
    package var subject: String?
    /// RFC 9679 thumbprint of the signing key, lower-case hex; nil for a block header.
    package var key: String?
    /// The time that the issuer put on it; nil for a block header.
    package var issuedAt: Timestamp?
    /// The payload, with byte strings as lower-case hex.
    package var payload: JSONValue
    /// Where a claim stands, `reserved` or `delivered` for example; nil for other kinds.
    package var state: String?
    /// How the claim was judged, for claims.
    package var decision: DecisionDocument?
    /// The size of the leaf in bytes.
    package var bytes: Int

    /// Makes a document.
    package init(
        entry: String,
        index: UInt64,
        height: UInt64,
        time: Timestamp,
        kind: String,
        issuer: String? = nil,
        subject: String? = nil,
        key: String? = nil,
        issuedAt: Timestamp? = nil,
        payload: JSONValue,
        state: String? = nil,
        decision: DecisionDocument? = nil,
        bytes: Int
    ) {
        self.entry = entry
        self.index = index
        self.height = height
        self.time = time
        self.kind = kind
        self.issuer = issuer
        self.subject = subject
        self.key = key
        self.issuedAt = issuedAt
        self.payload = payload
        self.state = state
        self.decision = decision
        self.bytes = bytes
    }
}

/// `/v1/policy` and `/v1/catalogue`: a signed document in force, decoded for people.
package struct AdoptedDocument: Codable, Hashable, Sendable {
    /// The document's id.
    package var id: String
    /// The leaf that brought it into force.
    package var index: UInt64
    /// The hash of that leaf, lower-case hex.
    package var entry: String
    /// The document, with byte strings as lower-case hex.
    package var document: JSONValue

    /// Makes a document.
    package init(id: String, index: UInt64, entry: String, document: JSONValue) {
        self.id = id
        self.index = index
        self.entry = entry
        self.document = document
    }
}

/// `/v1/catalogue`: the chips that claims may name.
package struct CatalogueDocument: Codable, Hashable, Sendable {
    /// The catalogue's id.
    package var id: String
    /// The chips, by SKU.
    package var chips: [ChipDocument]

    /// Makes a list.
    package init(id: String, chips: [ChipDocument]) {
        self.id = id
        self.chips = chips
    }
}

/// One chip of the catalogue.
package struct ChipDocument: Codable, Hashable, Sendable {
    /// The SKU that claims name.
    package var sku: String
    /// The chip's name.
    package var name: String
    /// Total processing performance of one unit.
    package var performance: Amount

    /// Makes a chip.
    package init(sku: String, name: String, performance: Amount) {
        self.sku = sku
        self.name = name
        self.performance = performance
    }
}
