import CBOR
public import QuotaCrypto

/// Proofs that a member holds the secret halves of its node's keys.
///
/// Each is a signature by the key itself over
/// `"QLEDGER-KEY-V1" || purpose || 0x00 || member id || 0x00 || origin || public key`, so that a
/// proof serves one purpose, one member and one ledger.
public struct KeyProofs: Hashable, Sendable {
    /// The proof for the vote key.
    public let vote: [UInt8]
    /// The proof for the log key.
    public let log: [UInt8]
    /// The proof for the cosigner key.
    public let cosigner: [UInt8]
    /// The proof for the transport key.
    public let transport: [UInt8]

    /// The four signatures, 64 bytes each.
    public init(vote: [UInt8], log: [UInt8], cosigner: [UInt8], transport: [UInt8]) {
        self.vote = vote
        self.log = log
        self.cosigner = cosigner
        self.transport = transport
    }

    /// The bytes that a proof signs.
    public static func message(
        _ purpose: KeyPurpose,
        member: String,
        origin: String,
        key: Ed25519.PublicKey
    ) -> [UInt8] {
        Array("QLEDGER-KEY-V1".utf8) + Array(purpose.rawValue.utf8) + [0]
            + Array(member.utf8) + [0] + Array(origin.utf8) + key.bytes
    }

    /// The proof that the holder of `key` signs.
    public static func sign(
        _ purpose: KeyPurpose,
        member: String,
        origin: String,
        with key: Ed25519.PrivateKey
    ) -> [UInt8] {
        key.sign(message(purpose, member: member, origin: origin, key: key.publicKey))
    }

    /// The first key of `node` whose proof does not hold, or nil if all four hold.
    public static func firstFailure(
        in node: NodeCard,
        member: String,
        origin: String
    ) -> KeyPurpose? {
        let claims = [
            (KeyPurpose.vote, node.vote, node.proofs.vote),
            (.log, node.log, node.proofs.log),
            (.cosigner, node.cosigner, node.proofs.cosigner),
            (.transport, node.transport, node.proofs.transport),
        ]
        for (purpose, key, proof) in claims {
            let message = message(purpose, member: member, origin: origin, key: key)
            guard key.isValid(proof, for: message) else { return purpose }
        }
        return nil
    }
}

extension KeyProofs {
    /// Reads the four proofs.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    init(_ source: CBORFields) throws(CBORFieldError) {
        var fields = source
        vote = try fields.bytes("vote", count: 64)
        log = try fields.bytes("log", count: 64)
        cosigner = try fields.bytes("cosigner", count: 64)
        transport = try fields.bytes("transport", count: 64)
        try fields.finish()
    }

    var cbor: CBORValue {
        .object([
            ("vote", .bytes(vote)), ("log", .bytes(log)), ("cosigner", .bytes(cosigner)),
            ("transport", .bytes(transport)),
        ])
    }
}
