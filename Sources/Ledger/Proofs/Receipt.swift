import CBOR
import COSE
public import MerkleLog
public import QuotaCrypto

/// A COSE receipt (RFC 9942): one validator states that a statement is in a tree with a given root.
///
/// Tagged COSE_Sign1 with detached payload, the root. Protected `{1: -8, 4: thumbprint of the log key,
/// 15: {1: validator URI, 2: the statement's sub, 6: iat, -70001: origin, -70002: tree size, -70003:
/// leaf index}, 395: 1}`; unprotected `{396: {-1: [inclusion]}}` with inclusion = CBOR
/// `[tree size, leaf index, [* bstr32]]`. RFC 9942 authenticates the root alone, so the protected
/// claims repeat what the proof says and a verifier compares them.
public struct Receipt: Hashable, Sendable {
    /// The thumbprint of the log key that signed.
    public let kid: Digest
    /// The validator, as a URI.
    public let issuer: String
    /// The subject of the statement.
    public let subject: String
    /// When the receipt was made, POSIX seconds.
    public let issuedAt: UInt64
    /// The origin of the log.
    public let origin: String
    /// The path from the statement to the root.
    public let proof: InclusionProof
    /// The receipt as it travels.
    public let bytes: [UInt8]
    private let message: COSESign1

    /// Signs a receipt for a statement.
    ///
    /// - Parameters:
    ///   - statement: The statement.
    ///   - proof: Its inclusion in a tree of at least two leaves.
    ///   - origin: The origin of the log.
    ///   - issuer: The validator's URI.
    ///   - time: POSIX seconds.
    ///   - key: The validator's log key.
    /// - Returns: The signed receipt.
    /// - Throws: ``MerkleLog/ProofError`` if the path does not fit index and size, or the tree has one
    ///   leaf, whose path RFC 9942 cannot encode.
    public static func make(
        for statement: Statement,
        proof: InclusionProof,
        origin: String,
        issuer: String,
        at time: UInt64,
        with key: Ed25519.PrivateKey
    ) throws(ProofError) -> Receipt {
        try make(
            subject: statement.identity.subject,
            leafHash: statement.leafHash,
            proof: proof,
            origin: origin,
            issuer: issuer,
            at: time,
            with: key
        )
    }

    /// As ``make(for:proof:origin:issuer:at:with:)``, from the two facts about the statement.
    public static func make(
        subject: String,
        leafHash: Digest,
        proof: InclusionProof,
        origin: String,
        issuer: String,
        at time: UInt64,
        with key: Ed25519.PrivateKey
    ) throws(ProofError) -> Receipt {
        guard !proof.path.isEmpty else { throw .pathLength(expected: 1, actual: 0) }
        let root = try proof.root(leaf: leafHash)
        let kid = COSEKey.thumbprint(key.publicKey)
        let claims = COSEHeader.map([
            (COSEHeader.claimIssuer, .text(issuer)), (COSEHeader.claimSubject, .text(subject)),
            (COSEHeader.claimIssuedAt, .unsigned(time)), (COSEHeader.claimOrigin, .text(origin)),
            (COSEHeader.claimTreeSize, .unsigned(proof.size)),
            (COSEHeader.claimLeafIndex, .unsigned(proof.index)),
        ])
        let inclusion = CBORValue.array([
            .unsigned(proof.size), .unsigned(proof.index),
            .array(proof.path.map { .bytes($0.bytes) }),
        ])
        let message = COSESign1.sign(
            protected: COSEHeader.map([
                (COSEHeader.alg, .integer(COSEHeader.algorithmEdDSA)),
                (COSEHeader.kid, .bytes(kid.bytes)), (COSEHeader.cwtClaims, claims),
                (COSEHeader.vds, .unsigned(1)),
            ]),
            unprotected: [
                CBORMapEntry(
                    .integer(Int64(COSEHeader.vdp)),
                    .map([
                        CBORMapEntry(.integer(-1), .array([.bytes(inclusion.encoded())]))
                    ])
                )
            ],
            payload: root.bytes,
            detached: true,
            with: key
        )
        return Receipt(
            kid: kid,
            issuer: issuer,
            subject: subject,
            issuedAt: time,
            origin: origin,
            proof: proof,
            bytes: message.encoded(),
            message: message
        )
    }

    init(
        kid: Digest,
        issuer: String,
        subject: String,
        issuedAt: UInt64,
        origin: String,
        proof: InclusionProof,
        bytes: [UInt8],
        message: COSESign1
    ) {
        self.kid = kid
        self.issuer = issuer
        self.subject = subject
        self.issuedAt = issuedAt
        self.origin = origin
        self.proof = proof
        self.bytes = bytes
        self.message = message
    }

    /// Checks that `key` signed the root to which the path leads from `leafHash`.
    ///
    /// - Returns: The root.
    /// - Throws: ``COSEError`` if the signature does not hold; ``MerkleLog/ProofError`` if the path has
    ///   another length than index and size ask for.
    public func verify(leafHash: Digest, with key: Ed25519.PublicKey) throws -> Digest {
        let root = try proof.root(leaf: leafHash)
        try message.verify(with: key, detachedPayload: root.bytes)
        return root
    }
}
