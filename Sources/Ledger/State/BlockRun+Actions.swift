import CBOR
import HashTreeCollections
import QuotaCrypto
import QuotaRules

extension BlockRun {
    /// Refuses an action that could not be carried out now.
    ///
    /// Asked when a proposal comes and again by the vote that passes it, which is refused if things
    /// have changed; the proposal then stays open.
    func check(_ action: ProposalAction) throws(Refusal) {
        switch action {
        case .member(let statement): try checkAdmission(statement)
        case .key(let statement): try checkRotation(statement)
        case .expel(let member): try checkExpulsion(member)
        case .release(let member): try checkRelease(member)
        case .organisation(let body): try checkAmendment(body)
        case .facility(let body): try checkAmendment(body)
        case .policy(let succession): try check(succession)
        case .withdraw(let withdrawal): _ = try check(withdrawal)
        case .catalogue(let succession): try check(succession)
        case .allocation(let allocation): try check(allocation)
        case .agreement(let agreement): try check(agreement)
        case .override(let permit): try check(permit)
        case .event(let body): try checkDecided(body)
        }
    }

    /// Carries out an action that ``check(_:)-(ProposalAction)`` lets pass.
    mutating func carryOut(
        _ action: ProposalAction,
        of proposal: ProposalRecord,
        _ key: BallotSubject
    ) {
        switch action {
        case .member(let statement): admitMember(statement)
        case .key(let statement): rotateKey(statement, proposal: proposal.index)
        case .expel(let member): expel(member, proposal: proposal.index)
        case .release(let member): endSuspension(of: member)
        case .organisation(let body): amend(body, proposal: proposal.index)
        case .facility(let body): amend(body, proposal: proposal.index)
        case .policy(let succession): schedule(succession, of: proposal, issuer: key.issuer)
        case .withdraw(let withdrawal): plan(withdrawal, proposal: proposal.index)
        case .catalogue(let succession): schedule(succession, of: proposal, issuer: key.issuer)
        case .allocation(let terms):
            let grant = GrantRecord(index: proposal.index, decided: next, terms: terms)
            governance.grants.add(grant)
            record(grant.encoded(terms.pairs), "allocation", key, proposal.index)
        case .agreement(let terms):
            let grant = GrantRecord(index: proposal.index, decided: next, terms: terms)
            governance.grants.add(grant)
            record(grant.encoded(terms.pairs), "agreement", key, proposal.index)
        case .override(let permit): grant(permit, proposal: proposal.index)
        case .event(let body): carryOutDecided(body)
        }
    }

    private mutating func record(
        _ bytes: [UInt8],
        _ name: String,
        _ key: BallotSubject,
        _ index: UInt64
    ) {
        set(
            .encoded(index: index, leafHash: .zero, bytes: bytes),
            for: StateKey.derived(name, issuer: key.issuer, id: key.id)
        )
    }
}

extension BlockRun {
    private func checkAmendment(_ body: OrganisationBody) throws(Refusal) {
        guard organisations[body.id] != nil else {
            throw Refusal(
                .unknownOrganisation,
                "'\(body.id)' is not a registered organisation. A government member registers it "
                    + "by a statement of its own.",
                path: "$.payload.body.action.body.id"
            )
        }
    }

    private mutating func amend(_ body: OrganisationBody, proposal: UInt64) {
        guard let before = organisations[body.id] else { return }
        organisations[body.id] = Organisation(
            body: body,
            issuer: before.issuer,
            index: before.index,
            usableFrom: before.usableFrom
        )
        change(.organisation, id: body.id, to: body.cbor.encoded(), by: proposal)
    }

    private func checkAmendment(_ body: FacilityBody) throws(Refusal) {
        guard governance.facilities[body.id] != nil else {
            throw Refusal(
                .unknownFacility,
                "'\(body.id)' is not a registered facility. A government member registers it by a "
                    + "statement of its own.",
                path: "$.payload.body.action.body.id"
            )
        }
        try check(body, path: "$.payload.body.action.body")
    }

    private mutating func amend(_ body: FacilityBody, proposal: UInt64) {
        guard let before = governance.facilities[body.id] else { return }
        governance.facilities[body.id] = Facility(
            body: body,
            issuer: before.issuer,
            index: before.index
        )
        change(.facility, id: body.id, to: body.cbor.encoded(), by: proposal)
    }

    /// Puts other facts under the key of a registered statement.
    private mutating func change(
        _ kind: StatementKind,
        id: String,
        to body: [UInt8],
        by proposal: UInt64
    ) {
        let key = StateKey.registered(kind, id: id)
        guard case .registration(let before)? = entry(key, kind: kind) else { return }
        set(
            .registration(
                Registration(
                    index: before.index,
                    leafHash: before.leafHash,
                    issuer: before.issuer,
                    body: body,
                    from: before.from,
                    changed: proposal,
                    ended: before.ended
                )
            ),
            for: key
        )
    }
}
