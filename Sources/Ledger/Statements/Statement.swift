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

    /// One reference instead of a dozen fields: blocks, pools and sorting copy statements a lot.
    private let parts: Parts

    init(
        bytes: [UInt8],
        message: COSESign1,
        header: StatementHeader,
        kind: StatementKind,
        content: StatementContent
    ) {
        parts = Parts(
            bytes: bytes,
            message: message,
            header: header,
            kind: kind,
            content: content
        )
    }

    /// The statement as it was received and as it enters the log.
    public var bytes: [UInt8] { parts.bytes }

    /// The RFC 9162 leaf hash of `bytes`.
    public var leafHash: Digest { parts.leafHash }

    /// Kind, issuer and subject.
    public var identity: StatementIdentity { parts.identity }

    /// The key of the state map that records this statement.
    public var stateKey: [UInt8] { parts.stateKey }

    /// The origin of the ledger that the statement is for (CWT claim 3).
    public var audience: String { parts.header.audience }

    /// When the statement was made, POSIX seconds by the signer's clock (CWT claim 6).
    public var issuedAt: UInt64 { parts.header.issuedAt }

    /// The RFC 9679 thumbprint of the signer's key.
    public var kid: Digest { parts.header.kid }

    /// What the statement says.
    public var body: StatementBody { parts.content.body }

    /// The encoded body: the payload, or its `body` field where the kind needs approvals.
    public var bodyBytes: [UInt8] { parts.content.bytes }

    /// The approvals of the body, ascending by approver; none for other kinds.
    public var approvals: [Approval] { parts.content.approvals }

    /// SHA-256 of ``stateKey``: what the order inside a block is drawn from.
    var identityDigest: Digest { parts.identityDigest }

    var message: COSESign1 { parts.message }

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

extension Statement {
    private final class Parts: Sendable {
        let bytes: [UInt8]
        let message: COSESign1
        let header: StatementHeader
        let content: StatementContent
        let identity: StatementIdentity
        let leafHash: Digest
        let stateKey: [UInt8]
        let identityDigest: Digest

        init(
            bytes: [UInt8],
            message: COSESign1,
            header: StatementHeader,
            kind: StatementKind,
            content: StatementContent
        ) {
            self.bytes = bytes
            self.message = message
            self.header = header
            self.content = content
            identity = StatementIdentity(
                kind: kind,
                issuer: header.issuer,
                subject: header.subject
            )
            leafHash = TreeHash.leaf(bytes)
            stateKey = identity.stateKey
            identityDigest = SHA256.hash(stateKey)
        }
    }
}
