public import Ledger
public import QuotaCrypto
public import Votes

extension LedgerFixture {
    /// A vote for a view of the present epoch, or another one, signed by the node of `member`.
    public static func vote(
        _ kind: VoteKind,
        for proposal: Digest = .zero,
        by member: Founder,
        at position: Int,
        on state: LedgerState,
        epoch: UInt64? = nil
    ) throws -> Vote {
        Vote(
            chainID: state.chainID,
            epoch: epoch ?? state.epoch.number,
            kind: kind,
            view: 9,
            proposal: proposal,
            member: position,
            signer: Ed25519VoteSigner(key: try member.seed.key(for: .vote))
        )
    }

    /// Two votes of `member` for two proposals.
    public static func doubleVote(
        by member: Founder,
        at position: Int,
        on state: LedgerState,
        epoch: UInt64? = nil
    ) throws -> EvidencePair {
        let votes = try [[1], [2]].map {
            try vote(
                .notarize,
                for: SHA256.hash($0),
                by: member,
                at: position,
                on: state,
                epoch: epoch
            )
        }
        guard let pair = EvidencePair(votes[0], votes[1]) else { throw NoPair() }
        return pair
    }

    private struct NoPair: Error {}

    /// What the node of `issuer` says of two votes of `member`.
    public static func evidence(
        _ pair: EvidencePair,
        against member: String,
        by issuer: Founder,
        at time: UInt64 = start
    ) throws -> Statement {
        try StatementDraft(
            .evidence(EvidenceBody(member: member, pair: pair)),
            issuer: issuer.id,
            audience: origin,
            issuedAt: time
        ).signed(with: issuer.seed.key(for: .log))
    }
}
