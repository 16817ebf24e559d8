import Ledger
import LedgerFixture
import QuotaCrypto
import Testing

extension ConsignmentFixture {
    /// A proposal, by the government of the exporter's country unless another member is given.
    func proposal(
        _ action: ProposalAction,
        id: String = "p-1",
        by member: Founder? = nil,
        at time: UInt64 = start
    ) throws -> Statement {
        try sign(.proposal(ProposalBody(action)), id: id, by: member ?? exporting, at: time)
    }

    /// A government's vote on a proposal or suspension of `us-bis`, or on a claim of `chipco`.
    func vote(
        _ choice: VoteBody.Choice = .approve,
        on kind: BallotSubject.Kind = .proposal,
        _ id: String = "p-1",
        by member: Founder,
        at time: UInt64 = start
    ) throws -> Statement {
        let issuer = kind == .claim ? exporter.id : exporting.id
        let subject = BallotSubject(kind, issuer: issuer, id: id)
        return try sign(.vote(VoteBody(on: subject, choice: choice)), by: member, at: time)
    }

    /// The state after a proposal that two of the three governments agree to.
    func state(
        deciding action: ProposalAction,
        id: String = "p-1",
        on state: LedgerState
    ) throws -> LedgerState {
        try apply(
            [try proposal(action, id: id), try vote(on: .proposal, id, by: third)],
            to: state
        )
    }

    /// A statement by which a member proves other keys of its own.
    func card(
        of member: Founder,
        key: Ed25519.PrivateKey,
        coKey: Ed25519.PrivateKey? = nil
    ) throws -> Statement {
        let card = try member.card(origin: Self.origin)
        return try StatementDraft(
            .member(
                MemberCard(
                    id: card.id,
                    name: card.name,
                    role: card.role,
                    country: card.country,
                    statementKey: key.publicKey,
                    coKey: coKey?.publicKey,
                    node: card.role == .government ? card.node : nil
                )
            ),
            issuer: member.id,
            audience: Self.origin,
            issuedAt: Self.start
        ).approved(by: coKey, of: member.id).signed(with: key)
    }

    /// A key that follows from a name.
    static func key(_ name: String) throws -> Ed25519.PrivateKey {
        try Ed25519.PrivateKey(seed: SHA256.hash(Array("key \(name)".utf8)).bytes)
    }
}
