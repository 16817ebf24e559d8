public import COSE
import MerkleLog
public import QuotaCrypto

/// A signed statement: one leaf of the log, decoded once.
///
/// Bytes: a tagged COSE_Sign1 with an empty unprotected map (RFC 9943), at most
/// ``maximumBytes``, deterministic CBOR throughout. A value of this type is well formed; whether its
/// signature holds is a separate question, ``verifySignature(with:)``.
public struct Statement: Sendable {
    /// The most bytes of a statement: an entry of a tile bundle has a 16-bit length.
    public static let maximumBytes = 65_535

    /// The statement as it was received and as it enters the log.
    public let bytes: [UInt8]
    /// The RFC 9162 leaf hash of `bytes`.
    public let leafHash: Digest
    /// Kind, issuer and subject.
    public let identity: StatementIdentity
    /// The key of the state map that records this statement.
    public let stateKey: [UInt8]
    /// The origin of the ledger that the statement is for (CWT claim 3).
    public let audience: String
    /// When the statement was made, POSIX seconds by the signer's clock (CWT claim 6).
    public let issuedAt: UInt64
    /// The RFC 9679 thumbprint of the signer's key.
    public let kid: Digest
    /// What the statement says.
    public let body: StatementBody
    /// The encoded body: the payload, or its `body` field where the kind needs approvals.
    public let bodyBytes: [UInt8]
    /// The approvals of the body, ascending by approver; none for other kinds.
    public let approvals: [Approval]
    /// SHA-256 of ``stateKey``: what the order inside a block is drawn from.
    let identityDigest: Digest
    let message: COSESign1

    init(
        bytes: [UInt8],
        message: COSESign1,
        header: StatementHeader,
        kind: StatementKind,
        content: StatementContent
    ) {
        self.bytes = bytes
        self.message = message
        leafHash = TreeHash.leaf(bytes)
        identity = StatementIdentity(
            kind: kind,
            issuer: header.issuer,
            subject: header.subject
        )
        stateKey = identity.stateKey
        identityDigest = SHA256.hash(stateKey)
        audience = header.audience
        issuedAt = header.issuedAt
        kid = header.kid
        body = content.body
        bodyBytes = content.bytes
        approvals = content.approvals
    }

    /// The 64 bytes of the signature.
    public var signature: [UInt8] { message.signature }

    /// The bytes that the signature covers (RFC 9052 section 4.4).
    public var toBeSigned: [UInt8] { message.toBeSigned() }

    /// Checks the signature.
    ///
    /// - Throws: ``COSEError`` if `key` did not sign this statement.
    public func verifySignature(with key: Ed25519.PublicKey) throws(COSEError) {
        try message.verify(with: key)
    }
}

extension Statement: Hashable {
    /// Whether two statements are the same bytes.
    public static func == (left: Statement, right: Statement) -> Bool {
        left.leafHash == right.leafHash
    }

    /// Feeds the leaf hash.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(leafHash)
    }
}
