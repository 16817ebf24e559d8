/// The question of `/v1/room`: what is left, for whom, for which chip.
package struct RoomQuery: Hashable, Sendable {
    /// Destination country, ISO 3166-1 alpha-2.
    package var country: String
    /// The route, such as `LPP` or `LICENSE`; nil for every route.
    package var authority: String?
    /// The consignee.
    package var organisation: String?
    /// The chip.
    package var sku: String?
    /// The member that would export; nil for anybody.
    package var exporter: String?
    /// The date of export or receipt as `YYYY-MM-DD`; nil for the time of the last block.
    package var date: String?

    /// Makes a question.
    package init(
        country: String,
        authority: String? = nil,
        organisation: String? = nil,
        sku: String? = nil,
        exporter: String? = nil,
        date: String? = nil
    ) {
        self.country = country
        self.authority = authority
        self.organisation = organisation
        self.sku = sku
        self.exporter = exporter
        self.date = date
    }
}

/// The answer of `/v1/room`: the room on every route that the policy offers.
package struct RoomDocument: Codable, Hashable, Sendable {
    /// The tree head that the figures were taken from.
    package var checkpoint: CheckpointSummary
    /// The id of the policy in force.
    package var policy: String
    /// Destination country.
    package var country: String
    /// The routes, in the policy's order.
    package var routes: [RouteRoomDocument]

    /// Makes an answer.
    package init(
        checkpoint: CheckpointSummary,
        policy: String,
        country: String,
        routes: [RouteRoomDocument]
    ) {
        self.checkpoint = checkpoint
        self.policy = policy
        self.country = country
        self.routes = routes
    }
}

/// The room on one route.
package struct RouteRoomDocument: Codable, Hashable, Sendable {
    /// The route, such as `LPP`.
    package var authority: String
    /// Whether the route is open for the destination and the consignee at all.
    package var isOpen: Bool
    /// Why it is closed, or what it asks for.
    package var reasons: [ReasonDocument]
    /// The limits on the route, with what is left.
    package var limits: [RoomLimitDocument]
    /// The largest quantity of the chip that passes every limit; nil if no chip was named.
    package var largestQuantity: UInt64?

    /// Makes a report on one route.
    package init(
        authority: String,
        isOpen: Bool,
        reasons: [ReasonDocument] = [],
        limits: [RoomLimitDocument] = [],
        largestQuantity: UInt64? = nil
    ) {
        self.authority = authority
        self.isOpen = isOpen
        self.reasons = reasons
        self.limits = limits
        self.largestQuantity = largestQuantity
    }
}

/// What one limit leaves.
package struct RoomLimitDocument: Codable, Hashable, Sendable {
    /// The limit's id in the policy.
    package var limit: String
    /// Whom the account counts for.
    package var subject: [String]
    /// The period that the account covers.
    package var period: String
    /// The cap; nil if the account only counts.
    package var cap: Amount?
    /// What was consumed.
    package var consumed: Amount
    /// What is left; nil without a cap.
    package var room: Amount?
    /// The largest quantity of the chip that fits; nil if no chip was named.
    package var largestQuantity: UInt64?
    /// The paragraph of the regulation.
    package var citation: String

    /// Makes a report on one limit.
    package init(
        limit: String,
        subject: [String],
        period: String,
        cap: Amount?,
        consumed: Amount,
        room: Amount?,
        largestQuantity: UInt64? = nil,
        citation: String
    ) {
        self.limit = limit
        self.subject = subject
        self.period = period
        self.cap = cap
        self.consumed = consumed
        self.room = room
        self.largestQuantity = largestQuantity
        self.citation = citation
    }
}
