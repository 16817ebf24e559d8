package import Ledger
package import QuotaCrypto

/// Signs statements as one member of one ledger.
package struct MemberSigner: Sendable {
    /// The member id.
    package let member: String
    /// The ledger's origin.
    package let origin: String
    private let key: Ed25519.PrivateKey

    /// Makes a signer.
    package init(member: String, origin: String, key: Ed25519.PrivateKey) {
        self.member = member
        self.origin = origin
        self.key = key
    }

    /// The public half of the key.
    package var publicKey: Ed25519.PublicKey { key.publicKey }

    /// A signed statement, dated `time` in POSIX seconds.
    ///
    /// The same arguments give the same bytes.
    package func sign(
        _ body: StatementBody,
        id: String = "",
        at time: UInt64
    ) throws(StatementError) -> Statement {
        try sign(draft(body, id: id, at: time))
    }

    /// A statement by this member before it is signed.
    package func draft(_ body: StatementBody, id: String = "", at time: UInt64)
        -> StatementDraft
    {
        StatementDraft(
            body,
            id: id,
            issuer: member,
            audience: origin,
            issuedAt: time
        )
    }

    /// Signs a draft with the approvals that it carries.
    package func sign(_ draft: StatementDraft) throws(StatementError) -> Statement {
        try draft.signed(with: key)
    }

    /// The approval of a draft by this member.
    package func approve(_ draft: StatementDraft, at time: UInt64) -> Approval {
        draft.approval(by: member, at: time, with: key)
    }

    /// Proof that this member holds its statement key, for whoever registers it.
    package func possession() -> [UInt8] {
        KeyProofs.sign(.statement, member: member, origin: origin, with: key)
    }
}
