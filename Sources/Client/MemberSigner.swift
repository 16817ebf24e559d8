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
        claimID: String = "",
        at time: UInt64
    ) throws(StatementError) -> Statement {
        let draft = StatementDraft(
            body,
            claimID: claimID,
            issuer: member,
            audience: origin,
            issuedAt: time
        )
        return try draft.signed(with: key)
    }

    /// Proof that this member holds its statement key, for whoever registers it.
    package func possession() -> [UInt8] {
        KeyProofs.sign(.statement, member: member, origin: origin, with: key)
    }
}
