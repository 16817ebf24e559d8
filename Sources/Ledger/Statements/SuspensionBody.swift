public import CBOR
public import QuotaCrypto

/// The emergency stop of a member's keys: the body of a suspension statement.
///
/// Layout: `{member, reason?, digest?: bstr32}`. The statement's subject is an id that its issuer
/// chooses. It holds at once, and ends after the hours of the policy unless votes confirm it.
public struct SuspensionBody: Hashable, Sendable {
    /// The member whose statements and votes are refused from now on.
    public let member: String
    /// Why, for people.
    public let reason: String?
    /// The salted digest of the grounds, which stay private.
    public let digest: Digest?

    /// A suspension of `member`.
    public init(member: String, reason: String? = nil, digest: Digest? = nil) {
        self.member = member
        self.reason = reason
        self.digest = digest
    }

    /// Reads a suspension.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public init(_ value: CBORValue, path: String = "$") throws(CBORFieldError) {
        var fields = try CBORFields(value, path: path)
        member = try fields.text("member", .member)
        reason = try fields.optionalText("reason", .sentence)
        digest = try fields.optionalDigest("digest")
        try fields.finish()
    }

    /// The suspension as CBOR.
    public var cbor: CBORValue {
        .object([
            ("member", .text(member)), ("reason", reason.map { .text($0) }),
            ("digest", digest.map { .bytes($0.bytes) }),
        ])
    }
}
