public import CBOR
public import QuotaCrypto

/// What a government proposes to the others: the body of a proposal statement.
///
/// Layout: `{action: {kind, ...}, reason?, digest?: bstr32}`. The statement's subject is an id that
/// its issuer chooses; its payload is `{body, approvals}`, where the only approval is that of the
/// issuer's second key. A proposal counts as the approval of its issuer.
///
/// | kind | fields |
/// |---|---|
/// | `member`, `key` | card: bstr, a member statement that the (new) key signed |
/// | `expel`, `release` | member |
/// | `organisation`, `facility` | body: the body of such a statement |
/// | `policy` | document: bstr, effective, allowOver? |
/// | `withdraw` | policy, version, effective |
/// | `catalogue` | document: bstr |
/// | `allocation` | limit, subject: [* text], amount, from, through?, citation |
/// | `agreement` | limit, country, percent, from, through?, evidence, citation |
/// | `override` | claim: [issuer, id], body: bstr32, reason: bstr32 |
public struct ProposalBody: Hashable, Sendable {
    /// What would be done.
    public let action: ProposalAction
    /// Why, for people.
    public let reason: String?
    /// The salted digest of the grounds, which stay private.
    public let digest: Digest?

    /// A proposal to do `action`.
    public init(_ action: ProposalAction, reason: String? = nil, digest: Digest? = nil) {
        self.action = action
        self.reason = reason
        self.digest = digest
    }

    /// Reads a proposal.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public init(_ value: CBORValue, path: String = "$") throws(CBORFieldError) {
        var fields = try CBORFields(value, path: path)
        action = try ProposalAction(try fields.item("action"))
        reason = try fields.optionalText("reason", .sentence)
        digest = try fields.optionalDigest("digest")
        try fields.finish()
    }

    /// The proposal as CBOR.
    public var cbor: CBORValue {
        .object([
            ("action", action.cbor), ("reason", reason.map { .text($0) }),
            ("digest", digest.map { .bytes($0.bytes) }),
        ])
    }
}
