/// `/v1/proposals`: what members decide together, in the order of the log.
package struct ProposalsDocument: Codable, Hashable, Sendable {
    /// The tree head that the list was taken from.
    package var checkpoint: CheckpointSummary
    /// The proposals.
    package var proposals: [ProposalDocument]

    /// Makes a list.
    package init(checkpoint: CheckpointSummary, proposals: [ProposalDocument]) {
        self.checkpoint = checkpoint
        self.proposals = proposals
    }
}

/// One vote.
package struct VoteDocument: Codable, Hashable, Sendable {
    /// The member.
    package var member: String
    /// `approve` or `reject`.
    package var choice: String
    /// The index of the vote's leaf; of the proposal's for the approval that it counts as.
    package var index: UInt64

    /// Makes a vote.
    package init(member: String, choice: String, index: UInt64) {
        self.member = member
        self.choice = choice
        self.index = index
    }
}

/// `/v1/proposals/{issuer}/{id}`: one proposal with its votes.
package struct ProposalDocument: Codable, Hashable, Sendable {
    /// The member that proposes.
    package var issuer: String
    /// The id that it chose.
    package var id: String
    /// `open`, `passed`, `rejected` or `lapsed`.
    package var state: String
    /// What would be done, in the words of the statement.
    package var action: JSONValue
    /// Why, for people.
    package var reason: String?
    /// The index of the proposal's leaf.
    package var index: UInt64
    /// When it came.
    package var opened: Timestamp
    /// From when on no vote is taken.
    package var ends: Timestamp
    /// When it was closed.
    package var closed: Timestamp?
    /// The index of the leaf that decided it.
    package var decided: UInt64?
    /// The votes, the proposer's own approval first.
    package var votes: [VoteDocument]

    /// Makes a proposal.
    package init(
        issuer: String,
        id: String,
        state: String,
        action: JSONValue,
        reason: String? = nil,
        index: UInt64,
        opened: Timestamp,
        ends: Timestamp,
        closed: Timestamp? = nil,
        decided: UInt64? = nil,
        votes: [VoteDocument]
    ) {
        self.issuer = issuer
        self.id = id
        self.state = state
        self.action = action
        self.reason = reason
        self.index = index
        self.opened = opened
        self.ends = ends
        self.closed = closed
        self.decided = decided
        self.votes = votes
    }
}

/// `/v1/policies`: every policy that was adopted, in the order of the log.
package struct PoliciesDocument: Codable, Hashable, Sendable {
    /// The tree head that the list was taken from.
    package var checkpoint: CheckpointSummary
    /// The index that the last header names: of the policy in force, or of the withdrawal.
    package var policyIndex: UInt64
    /// Whether no policy is in force.
    package var isWithdrawn: Bool
    /// The policies.
    package var policies: [PolicySummary]

    /// Makes a list.
    package init(
        checkpoint: CheckpointSummary,
        policyIndex: UInt64,
        isWithdrawn: Bool,
        policies: [PolicySummary]
    ) {
        self.checkpoint = checkpoint
        self.policyIndex = policyIndex
        self.isWithdrawn = isWithdrawn
        self.policies = policies
    }
}

/// One policy and how long it held.
package struct PolicySummary: Codable, Hashable, Sendable {
    /// The id.
    package var id: String
    /// The version.
    package var version: UInt64
    /// What it is called.
    package var title: String
    /// Where it is published.
    package var citation: String
    /// Whether it is law, in the words in which it must always be shown: `in_force`, or
    /// `not_enforced, adopted by the members' own act: …`.
    package var status: String
    /// `scheduled`, `in_force`, `superseded` or `withdrawn`.
    package var state: String
    /// The index of the leaf that holds it.
    package var index: UInt64
    /// The member that proposed it.
    package var issuer: String
    /// The first day on which it holds, `YYYY-MM-DD`, if it was announced.
    package var effective: String?
    /// From when it held.
    package var since: Timestamp?
    /// Until when it held.
    package var until: Timestamp?
    /// The day on which a decided withdrawal ends it, `YYYY-MM-DD`.
    package var endsOn: String?

    /// Makes a summary.
    package init(
        id: String,
        version: UInt64,
        title: String,
        citation: String,
        status: String,
        state: String,
        index: UInt64,
        issuer: String,
        effective: String? = nil,
        since: Timestamp? = nil,
        until: Timestamp? = nil,
        endsOn: String? = nil
    ) {
        self.id = id
        self.version = version
        self.title = title
        self.citation = citation
        self.status = status
        self.state = state
        self.index = index
        self.issuer = issuer
        self.effective = effective
        self.since = since
        self.until = until
        self.endsOn = endsOn
    }
}

/// `/v1/facilities`: where chips stand and weights are kept.
package struct FacilitiesDocument: Codable, Hashable, Sendable {
    /// The tree head that the list was taken from.
    package var checkpoint: CheckpointSummary
    /// The facilities, by id.
    package var facilities: [FacilityDocument]

    /// Makes a list.
    package init(checkpoint: CheckpointSummary, facilities: [FacilityDocument]) {
        self.checkpoint = checkpoint
        self.facilities = facilities
    }
}

/// One facility.
///
/// Its address is on the ledger as a salted digest only.
package struct FacilityDocument: Codable, Hashable, Sendable {
    /// The facility id.
    package var id: String
    /// The country where it stands.
    package var country: String
    /// The organisation that operates it.
    package var operatorID: String
    /// The organisation that owns it.
    package var owner: String
    /// The day of each attestation, `YYYY-MM-DD`, by paragraph.
    package var attested: [String: String]
    /// The government that registered it.
    package var issuer: String

    private enum CodingKeys: String, CodingKey {
        case id, country, owner, attested, issuer
        case operatorID = "operator"
    }

    /// Makes a facility.
    package init(
        id: String,
        country: String,
        operatorID: String,
        owner: String,
        attested: [String: String],
        issuer: String
    ) {
        self.id = id
        self.country = country
        self.operatorID = operatorID
        self.owner = owner
        self.attested = attested
        self.issuer = issuer
    }
}

/// A suspension that holds a member.
package struct SuspensionDocument: Codable, Hashable, Sendable {
    /// `open` or `confirmed`.
    package var state: String
    /// The index of its leaf.
    package var index: UInt64
    /// When it came.
    package var since: Timestamp
    /// When it lapses, unless it is confirmed.
    package var until: Timestamp?

    /// Makes a suspension.
    package init(state: String, index: UInt64, since: Timestamp, until: Timestamp? = nil) {
        self.state = state
        self.index = index
        self.since = since
        self.until = until
    }
}
