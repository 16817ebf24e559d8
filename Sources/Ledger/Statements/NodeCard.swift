public import CBOR
public import QuotaCrypto

/// A member's node: its four public keys, proofs that the member holds them, and where to reach it.
///
/// Layout: `{vote, log, cosigner, transport: bstr32, peer, api, proofs: {vote, log, cosigner,
/// transport: bstr64}}`.
public struct NodeCard: Hashable, Sendable {
    /// The key of consensus votes.
    public let vote: Ed25519.PublicKey
    /// The log key: checkpoints (C2SP type 0x01) and receipts.
    public let log: Ed25519.PublicKey
    /// The cosigner key (C2SP type 0x04).
    public let cosigner: Ed25519.PublicKey
    /// The key of the peer connections.
    public let transport: Ed25519.PublicKey
    /// Where peers connect: `host:port`.
    public let peer: String
    /// The URL of the node's public HTTP listener.
    public let api: String
    /// The proofs of possession of the four keys.
    public let proofs: KeyProofs

    /// A node card with the given contents.
    public init(
        vote: Ed25519.PublicKey,
        log: Ed25519.PublicKey,
        cosigner: Ed25519.PublicKey,
        transport: Ed25519.PublicKey,
        peer: String,
        api: String,
        proofs: KeyProofs
    ) {
        self.vote = vote
        self.log = log
        self.cosigner = cosigner
        self.transport = transport
        self.peer = peer
        self.api = api
        self.proofs = proofs
    }

    /// The card of the node whose keys come from `seed`, with its proofs of possession.
    ///
    /// - Throws: ``CryptoError`` if a key cannot be derived.
    public init(
        seed: SecretSeed,
        member: String,
        origin: String,
        peer: String,
        api: String
    ) throws(CryptoError) {
        let vote = try seed.key(for: .vote)
        let log = try seed.key(for: .log)
        let cosigner = try seed.key(for: .cosigner)
        let transport = try seed.key(for: .transport)
        func proof(_ purpose: KeyPurpose, _ key: Ed25519.PrivateKey) -> [UInt8] {
            KeyProofs.sign(purpose, member: member, origin: origin, with: key)
        }
        self.init(
            vote: vote.publicKey,
            log: log.publicKey,
            cosigner: cosigner.publicKey,
            transport: transport.publicKey,
            peer: peer,
            api: api,
            proofs: KeyProofs(
                vote: proof(.vote, vote),
                log: proof(.log, log),
                cosigner: proof(.cosigner, cosigner),
                transport: proof(.transport, transport)
            )
        )
    }

    /// The key of the given purpose, or nil for the statement key, which is not the node's.
    public func key(for purpose: KeyPurpose) -> Ed25519.PublicKey? {
        switch purpose {
        case .vote: vote
        case .log: log
        case .cosigner: cosigner
        case .transport: transport
        case .statement: nil
        }
    }
}

extension NodeCard {
    /// Reads a node card.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public init(_ value: CBORValue, path: String = "$") throws(CBORFieldError) {
        var fields = try CBORFields(value, path: path)
        vote = try fields.publicKey("vote")
        log = try fields.publicKey("log")
        cosigner = try fields.publicKey("cosigner")
        transport = try fields.publicKey("transport")
        peer = try fields.text("peer", .address)
        api = try fields.text("api", .address)
        proofs = try KeyProofs(try fields.fields("proofs"))
        try fields.finish()
        guard Set([vote, log, cosigner, transport]).count == 4 else {
            throw CBORFieldError(path: path, problem: "the four keys must differ")
        }
    }

    /// The node card as CBOR.
    public var cbor: CBORValue {
        .object([
            ("vote", .bytes(vote.bytes)), ("log", .bytes(log.bytes)),
            ("cosigner", .bytes(cosigner.bytes)), ("transport", .bytes(transport.bytes)),
            ("peer", .text(peer)), ("api", .text(api)), ("proofs", proofs.cbor),
        ])
    }
}
