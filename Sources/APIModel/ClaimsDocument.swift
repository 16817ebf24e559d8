/// What `/v1/claims` selects.
package struct ClaimFilter: Hashable, Sendable {
    /// The most claims of one answer.
    package static let limitMax = 1_000

    /// Only claims of this member.
    package var issuer: String?
    /// Only claims in this state, such as `reserved` or `cancelled`.
    package var state: String?
    /// Only claims to this country.
    package var country: String?
    /// Only claims that use this authority.
    package var authority: String?
    /// Only claims whose leaf index is above this one.
    package var after: UInt64?
    /// The most claims to answer, 1 to ``limitMax``.
    package var limit: Int

    /// Makes a filter.
    package init(
        issuer: String? = nil,
        state: String? = nil,
        country: String? = nil,
        authority: String? = nil,
        after: UInt64? = nil,
        limit: Int = 100
    ) {
        self.issuer = issuer
        self.state = state
        self.country = country
        self.authority = authority
        self.after = after
        self.limit = limit
    }
}

/// `/v1/claims`: claims in the order of the log.
package struct ClaimsDocument: Codable, Hashable, Sendable {
    /// The tree head that the list was taken from.
    package var checkpoint: CheckpointSummary
    /// The claims.
    package var claims: [ClaimDocument]
    /// The `after` of the next page; nil on the last one.
    package var next: UInt64?

    /// Makes a page.
    package init(checkpoint: CheckpointSummary, claims: [ClaimDocument], next: UInt64? = nil) {
        self.checkpoint = checkpoint
        self.claims = claims
        self.next = next
    }
}

/// One claim in a list.
package struct ClaimDocument: Codable, Hashable, Sendable {
    /// The signing member.
    package var issuer: String
    /// The claim id.
    package var claim: String
    /// Where it stands, such as `reserved` or `cancelled`.
    package var state: String
    /// The leaf hash, lower-case hex.
    package var entry: String
    /// The leaf index.
    package var index: UInt64
    /// The route, such as `LPP`.
    package var authority: String
    /// Destination country.
    package var destination: String
    /// The ordered chips.
    package var lines: [ClaimLineDocument]
    /// Date of export.
    package var exported: String
    /// Date of receipt.
    package var received: String?

    /// Makes a claim.
    package init(
        issuer: String,
        claim: String,
        state: String,
        entry: String,
        index: UInt64,
        authority: String,
        destination: String,
        lines: [ClaimLineDocument],
        exported: String,
        received: String? = nil
    ) {
        self.issuer = issuer
        self.claim = claim
        self.state = state
        self.entry = entry
        self.index = index
        self.authority = authority
        self.destination = destination
        self.lines = lines
        self.exported = exported
        self.received = received
    }
}

/// One line of a claim.
package struct ClaimLineDocument: Codable, Hashable, Sendable {
    /// The SKU.
    package var sku: String
    /// The number of units.
    package var quantity: UInt64

    /// Makes a line.
    package init(sku: String, quantity: UInt64) {
        self.sku = sku
        self.quantity = quantity
    }
}
