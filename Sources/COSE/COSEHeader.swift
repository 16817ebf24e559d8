public import CBOR

/// Labels of header parameters, and how to read them.
public enum COSEHeader {
    /// Signature algorithm (RFC 9052 section 3.1).
    public static let alg = 1
    /// Labels that the receiver must understand.
    public static let crit = 2
    /// Media type of the payload.
    public static let contentType = 3
    /// Key identifier: here the RFC 9679 thumbprint.
    public static let kid = 4
    /// CWT claims (RFC 9597).
    public static let cwtClaims = 15
    /// Receipts of a Transparent Statement (RFC 9942).
    public static let receipts = 394
    /// Verifiable data structure of a receipt (RFC 9942).
    public static let vds = 395
    /// Verifiable data structure proofs of a receipt (RFC 9942).
    public static let vdp = 396

    /// The claim that names the issuer (RFC 8392).
    public static let claimIssuer = 1
    /// The claim that names the subject.
    public static let claimSubject = 2
    /// The claim that names the audience: here the origin of the ledger.
    public static let claimAudience = 3
    /// The claim that says when the object was issued, in POSIX seconds.
    public static let claimIssuedAt = 6
    /// Private claim of a receipt: the origin of the log.
    public static let claimOrigin = -70_001
    /// Private claim of a receipt: the size of the tree.
    public static let claimTreeSize = -70_002
    /// Private claim of a receipt: the index of the leaf.
    public static let claimLeafIndex = -70_003

    /// EdDSA, the algorithm that this library emits (RFC 9053).
    public static let algorithmEdDSA: Int64 = -8
    /// Ed25519, the fully specified algorithm, accepted as well (RFC 9864).
    public static let algorithmEd25519: Int64 = -19

    /// The value of `label` in `entries`, or nil.
    public static func value(_ label: Int, in entries: [CBORMapEntry]) -> CBORValue? {
        entries.first { $0.key == .integer(Int64(label)) }?.value
    }

    /// A header or claims map with integer labels, in encoding order; pairs whose value is nil are
    /// left out.
    public static func map(_ pairs: [(Int, CBORValue?)]) -> CBORValue {
        .sortedMap(
            pairs.compactMap { label, value in
                value.map { CBORMapEntry(.integer(Int64(label)), $0) }
            }
        )
    }
}
