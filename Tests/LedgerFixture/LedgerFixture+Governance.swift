public import Ledger
public import QuotaCrypto
import QuotaRules

extension LedgerFixture {
    /// A member statement that `newcomer` signs for itself, with the approval of its second key if it
    /// brings one.
    public func cardStatement(
        of newcomer: Founder,
        coKey: Ed25519.PrivateKey? = nil,
        organisation: String? = nil,
        node: NodeCard? = nil,
        key: Ed25519.PrivateKey? = nil,
        origin: String = LedgerFixture.origin
    ) throws -> Statement {
        let key = key ?? newcomer.key
        let card = MemberCard(
            id: newcomer.id,
            name: "Member \(newcomer.id)",
            role: newcomer.role,
            country: newcomer.country,
            statementKey: key.publicKey,
            coKey: coKey?.publicKey,
            organisation: organisation,
            node: node
        )
        return try StatementDraft(
            .member(card),
            issuer: newcomer.id,
            audience: origin,
            issuedAt: Self.start
        ).approved(by: coKey, of: newcomer.id).signed(with: key)
    }

    /// A proposal, by ``government`` unless another member is given.
    public func proposal(
        _ id: String,
        _ action: ProposalAction,
        by member: Founder? = nil,
        at time: UInt64 = start
    ) throws -> Statement {
        try statement(.proposal(ProposalBody(action)), id: id, by: member ?? government, at: time)
    }

    /// A vote on a proposal or suspension of ``government``, unless another issuer is given.
    public func vote(
        _ choice: VoteBody.Choice = .approve,
        on id: String,
        kind: BallotSubject.Kind = .proposal,
        of issuer: String = "us-bis",
        by member: Founder,
        at time: UInt64 = start
    ) throws -> Statement {
        try statement(
            .vote(VoteBody(on: BallotSubject(kind, issuer: issuer, id: id), choice: choice)),
            by: member,
            at: time
        )
    }

    /// A suspension of a member.
    public func suspension(
        _ id: String,
        of member: String,
        by issuer: Founder? = nil,
        at time: UInt64 = start
    ) throws -> Statement {
        try statement(
            .suspension(SuspensionBody(member: member)),
            id: id,
            by: issuer ?? government,
            at: time
        )
    }

    /// The state after a proposal of ``government`` and the approval of another founder, which is
    /// enough in a ledger of three governments.
    public func state(
        deciding id: String,
        _ action: ProposalAction,
        on state: LedgerState,
        at time: UInt64 = start
    ) throws -> LedgerState {
        try self.state(
            after: [
                try proposal(id, action, at: time),
                try vote(on: id, by: founders[2], at: time),
            ],
            on: state,
            time: time
        )
    }

    /// A government that did not found the ledger, for votes of which two thirds are three.
    public func fourthGovernment() throws -> Founder { try Founder("fr-sbdu", .government, "FR") }

    /// The state after members let a newcomer in.
    public func state(joinedBy newcomer: Founder, on state: LedgerState) throws -> LedgerState {
        try self.state(deciding: "join", .member(try cardStatement(of: newcomer)), on: state)
    }

    /// The state after a block of one claim of one chip at `time`, by an organisation `uni-ke` in Kenya.
    public func claiming(
        _ id: String,
        on state: LedgerState,
        at time: UInt64
    ) throws -> LedgerState {
        try self.state(
            after: [try claim(id, to: "uni-ke", in: "KE", quantity: 1, at: time)],
            on: state,
            time: time
        )
    }
}

extension StatementDraft {
    /// The draft with the approval of its member's second key, if there is one.
    public func approved(by key: Ed25519.PrivateKey?, of member: String) -> StatementDraft {
        guard let key else { return self }
        var draft = self
        draft.approvals = [approval(by: member, at: issuedAt, with: key)]
        return draft
    }
}
