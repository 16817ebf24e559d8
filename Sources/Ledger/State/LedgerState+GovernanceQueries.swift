import HashTreeCollections
public import QuotaRules
import StateMap

extension LedgerState {
    /// Every proposal with issuer and id, in the order of the log.
    public var proposals: [(subject: BallotSubject, record: ProposalRecord)] {
        governance.proposals.map { ($0.key, $0.value) }
            .sorted { $0.record.index < $1.record.index }
    }

    /// What became of a proposal, or nil if the issuer never made it.
    public func proposal(issuer: String, id: String) -> ProposalRecord? {
        governance.proposals[BallotSubject(.proposal, issuer: issuer, id: id)]
    }

    /// Every suspension with issuer and id, in the order of the log.
    public var suspensions: [(subject: BallotSubject, record: SuspensionRecord)] {
        governance.suspensions.map { ($0.key, $0.value) }
            .sorted { $0.record.index < $1.record.index }
    }

    /// What became of a suspension, or nil if the issuer never made it.
    public func suspension(issuer: String, id: String) -> SuspensionRecord? {
        governance.suspensions[BallotSubject(.suspension, issuer: issuer, id: id)]
    }

    /// The suspension that holds a member, or nil if none does at the last block.
    public func suspension(of member: String) -> SuspensionRecord? {
        governance.suspended[member].flatMap { governance.suspensions[$0] }
    }

    /// Who was convicted of contradicting votes, in the order of the log.
    public var convictions: [Conviction] { governance.convictions }

    /// The policies that were ever adopted, in the order of the log.
    public var policies: [Adoption<Policy>] {
        governance.policies.values.sorted { $0.adopted.index < $1.adopted.index }
    }

    /// The policy that the statement at `index` holds, as a header names it; nil if none does.
    public func policy(at index: UInt64) -> Policy? {
        governance.policies[index]?.adopted.document
    }

    /// The policies that are decided and not yet in force, the next one first.
    public var scheduledPolicies: [Adoption<Policy>] { governance.scheduled }

    /// The catalogues that were ever adopted, in the order of the log.
    public var catalogues: [Adoption<ChipCatalogue>] {
        governance.catalogues.values.sorted { $0.adopted.index < $1.adopted.index }
    }

    /// The catalogues that are decided and not yet in force, the next one first.
    public var scheduledCatalogues: [Adoption<ChipCatalogue>] { governance.scheduledCatalogues }

    /// The facilities, ascending by id.
    public var facilities: [Facility] {
        governance.facilities.values.sorted { $0.body.id < $1.body.id }
    }

    /// The facility with the given id.
    public func facility(_ id: String) -> Facility? { governance.facilities[id] }

    /// Every agreement, in the order in which they were decided.
    public var agreements: [GrantRecord<Agreement>] {
        governance.grants.agreements.values.flatMap { $0 }.sorted { $0.precedes($1) }
    }

    /// Every allocation, in the order in which they were decided.
    public var allocations: [GrantRecord<Allocation>] {
        governance.grants.allocations.values.flatMap { $0 }.sorted { $0.precedes($1) }
    }

    /// The votes on a claim that waits for a decision; nil before the first.
    public func decision(on claim: ClaimReference) -> DecisionRecord? {
        map[StateKey.derived("decision", issuer: claim.issuer, id: claim.id)]
            .flatMap { try? DecisionRecord.decode($0) }
    }

    /// Leave for a claim to pass beyond the limits, used or not; nil if there is none.
    public func override(of claim: ClaimReference) -> OverrideRecord? {
        map[StateKey.derived("override", issuer: claim.issuer, id: claim.id)]
            .flatMap { try? OverrideRecord.decode($0) }
    }
}
