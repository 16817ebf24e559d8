import APIModel
import HTTPAPI
import Ledger
import QuotaRules

extension NodeFront {
    func proposals(_ subject: (issuer: String, id: String)?) async throws -> ProposalsDocument {
        let state = shared.current.final
        let found = state.proposals.filter { proposal in
            subject.map { $0.issuer == proposal.subject.issuer && $0.id == proposal.subject.id }
                ?? true
        }
        return ProposalsDocument(
            checkpoint: CheckpointSummary(state),
            proposals: found.map { ProposalDocument($0.subject, $0.record) }
        )
    }

    func policies() async throws -> PoliciesDocument {
        let state = shared.current.final
        return PoliciesDocument(
            checkpoint: CheckpointSummary(state),
            policyIndex: state.policyIndex,
            isWithdrawn: state.withdrawnBy != nil,
            policies: state.policies.map(PolicySummary.init)
        )
    }

    func facilities() async throws -> FacilitiesDocument {
        let state = shared.current.final
        return FacilitiesDocument(
            checkpoint: CheckpointSummary(state),
            facilities: state.facilities.map(FacilityDocument.init)
        )
    }
}

extension ProposalDocument {
    fileprivate init(_ subject: BallotSubject, _ record: ProposalRecord) {
        self.init(
            issuer: subject.issuer,
            id: subject.id,
            state: record.state.rawValue,
            action: JSONValue(record.body.action.cbor),
            reason: record.body.reason,
            index: record.index,
            opened: Timestamp(seconds: record.opened),
            ends: Timestamp(seconds: record.ends),
            closed: record.closed.map { Timestamp(seconds: $0) },
            decided: record.decided,
            votes: record.ballot.votes.map {
                VoteDocument(
                    member: $0.member,
                    choice: ($0.approves ? VoteBody.Choice.approve : .reject).rawValue,
                    index: $0.index
                )
            }
        )
    }
}

extension PolicySummary {
    fileprivate init(_ adoption: Adoption<Policy>) {
        let document = adoption.adopted.document.document
        self.init(
            id: document.id,
            version: document.version,
            title: document.title,
            citation: document.citation,
            status: adoption.adopted.document.statusWords,
            state: adoption.state.rawValue,
            index: adoption.adopted.index,
            issuer: adoption.issuer,
            effective: adoption.effective?.description,
            since: adoption.since.map { Timestamp(seconds: $0) },
            until: adoption.until.map { Timestamp(seconds: $0) },
            endsOn: adoption.withdrawal?.effective.description
        )
    }
}

extension FacilityDocument {
    fileprivate init(_ facility: Facility) {
        self.init(
            id: facility.body.id,
            country: facility.body.country,
            operatorID: facility.body.operatorID,
            owner: facility.body.owner,
            attested: Dictionary(
                uniqueKeysWithValues: facility.body.security.map {
                    ($0.paragraph, $0.attested.description)
                }
            ),
            issuer: facility.issuer
        )
    }
}

extension SuspensionDocument {
    init(_ record: SuspensionRecord) {
        self.init(
            state: record.state.rawValue,
            index: record.index,
            since: Timestamp(seconds: record.since),
            until: record.state == .open ? Timestamp(seconds: record.until) : nil
        )
    }
}
