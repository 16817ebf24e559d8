import QuotaCrypto
public import Transparency

extension NodeCard {
    /// The name of a member's cosigner key: the member id below the domain of the origin, as in
    /// `us-bis.quota.example` for the ledger `quota.example/compute-2025`.
    public static func cosignerName(member: String, origin: String) -> String {
        "\(member).\(origin.prefix { $0 != "/" })"
    }

    /// The log key as others verify it: its name is the origin.
    ///
    /// - Throws: ``NoteError`` if the origin cannot name a key.
    public func logVerifier(origin: String) throws(NoteError) -> NoteKey {
        try NoteKey(name: origin, type: .ed25519, publicKey: log)
    }

    /// The cosigner key as others verify it.
    ///
    /// - Throws: ``NoteError`` if member and origin cannot name a key.
    public func cosignerVerifier(member: String, origin: String) throws(NoteError) -> NoteKey {
        try NoteKey(
            name: Self.cosignerName(member: member, origin: origin),
            type: .cosignature,
            publicKey: cosigner
        )
    }
}

extension LedgerState {
    /// The trust policy that follows from the validators.
    ///
    /// Any of their log keys, and cosignatures of n - f of them. A verifier may use a stricter one of
    /// its own.
    ///
    /// - Throws: ``NoteError`` or ``TrustPolicyError`` if the origin or an id cannot name a key.
    public func trustPolicy() throws -> TrustPolicy {
        try Validator.trustPolicy(of: validators, origin: origin)
    }
}

extension Validator {
    /// The trust policy that follows from a set of validators; see ``LedgerState/trustPolicy()``.
    ///
    /// - Throws: ``NoteError`` or ``TrustPolicyError`` if the origin or an id cannot name a key.
    public static func trustPolicy(
        of validators: [Validator],
        origin: String
    ) throws -> TrustPolicy {
        try TrustPolicy(
            logs: validators.map {
                TrustPolicy.Log(
                    key: try $0.node.logVerifier(origin: origin),
                    url: $0.node.api
                )
            },
            witnesses: validators.map {
                TrustPolicy.Witness(
                    name: $0.id,
                    key: try $0.node.cosignerVerifier(member: $0.id, origin: origin),
                    url: $0.node.api
                )
            },
            groups: [
                TrustPolicy.Group(
                    name: "validators",
                    threshold: .count(Validator.threshold(of: validators.count)),
                    members: validators.map(\.id)
                )
            ],
            quorum: "validators"
        )
    }
}
