import CBOR
import COSE
import QuotaCrypto

/// The protected header of a statement or of an approval.
///
/// Exactly `{1: alg, 3: content type, 4: kid, 15: {1: iss, 2: sub, 3: aud, 6: iat}}`. A label that
/// is not in this list is refused, since a label that one reader skips and another obeys is a
/// different statement to each.
struct StatementHeader: Hashable, Sendable {
    /// The latest time that a field may carry: the last second of the year 9999.
    static let maximumTime: UInt64 = 253_402_300_799

    /// The content type (3).
    let contentType: String
    /// The thumbprint of the signing key (4).
    let kid: Digest
    /// The member id of the signer (15.1).
    let issuer: String
    /// What the statement is about (15.2).
    let subject: String
    /// The origin of the ledger that it is for (15.3).
    let audience: String
    /// When it was made, POSIX seconds (15.6).
    let issuedAt: UInt64

    /// The header as CBOR, with algorithm -8 (EdDSA).
    var cbor: CBORValue {
        .map([
            CBORMapEntry(.integer(1), .integer(-8)),
            CBORMapEntry(.integer(3), .text(contentType)),
            CBORMapEntry(.integer(4), .bytes(kid.bytes)),
            CBORMapEntry(
                .integer(15),
                .map([
                    CBORMapEntry(.integer(1), .text(issuer)),
                    CBORMapEntry(.integer(2), .text(subject)),
                    CBORMapEntry(.integer(3), .text(audience)),
                    CBORMapEntry(.integer(6), .unsigned(issuedAt)),
                ])
            ),
        ])
    }
}

extension StatementHeader {
    /// Reads a protected header that stands at `path`.
    ///
    /// - Throws: ``StatementError`` that names the offending label.
    init(_ value: CBORValue, path: String = "$.protected") throws(StatementError) {
        guard case .map(let entries) = value else {
            throw StatementError(path, "expected a map")
        }
        var contentType: String?
        var kid: Digest?
        var claims: [CBORMapEntry]?
        var hasAlgorithm = false
        for entry in entries {
            switch entry.key {
            case .unsigned(1):
                guard entry.value == .integer(-8) || entry.value == .integer(-19) else {
                    throw StatementError(
                        "\(path).1",
                        "expected algorithm -8 or -19",
                        code: .badAlgorithm
                    )
                }
                hasAlgorithm = true
            case .unsigned(3):
                contentType = entry.value.textValue
            case .unsigned(4):
                kid = entry.value.bytesValue.flatMap { Digest($0) }
            case .unsigned(15):
                claims = entry.value.mapValue
            default:
                throw StatementError(
                    Self.path(path, entry.key),
                    "a label that statements do not have"
                )
            }
        }
        guard hasAlgorithm else {
            throw StatementError("\(path).1", "missing algorithm", code: .badAlgorithm)
        }
        guard let contentType else { throw StatementError("\(path).3", "expected a content type") }
        guard let kid else { throw StatementError("\(path).4", "expected a kid of 32 bytes") }
        guard let claims else { throw StatementError("\(path).15", "expected CWT claims") }
        try self.init(contentType: contentType, kid: kid, claims: claims, path: "\(path).15")
    }

    private init(
        contentType: String,
        kid: Digest,
        claims: [CBORMapEntry],
        path: String
    ) throws(StatementError) {
        var issuer: String?
        var subject: String?
        var audience: String?
        var issuedAt: UInt64?
        for claim in claims {
            switch claim.key {
            case .unsigned(1): issuer = claim.value.textValue
            case .unsigned(2): subject = claim.value.textValue
            case .unsigned(3): audience = claim.value.textValue
            case .unsigned(6): issuedAt = claim.value.unsignedValue
            default:
                throw StatementError(
                    Self.path(path, claim.key),
                    "a claim that statements do not have"
                )
            }
        }
        guard let issuer, NameRule.member.allows(issuer) else {
            throw StatementError("\(path).1", "expected iss: \(NameRule.member.expectation)")
        }
        guard let subject, NameRule.subject.allows(subject) else {
            throw StatementError("\(path).2", "expected sub: \(NameRule.subject.expectation)")
        }
        guard let audience, NameRule.origin.allows(audience) else {
            throw StatementError("\(path).3", "expected aud: \(NameRule.origin.expectation)")
        }
        guard let issuedAt, issuedAt <= Self.maximumTime else {
            throw StatementError("\(path).6", "expected iat: POSIX seconds up to the year 9999")
        }
        self.contentType = contentType
        self.kid = kid
        self.issuer = issuer
        self.subject = subject
        self.audience = audience
        self.issuedAt = issuedAt
    }

    /// The path of a label that is not known, shown only where it is a number.
    private static func path(_ path: String, _ label: CBORValue) -> String {
        label.integerValue.map { "\(path).\($0)" } ?? "\(path).?"
    }
}
