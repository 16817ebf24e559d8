import CBOR
import QuotaCrypto

extension StatementDraft {
    /// The draft as it travels between those who sign it.
    ///
    /// Layout: `{kind, issuer, subject, audience, issuedAt, body: bstr}`, deterministic CBOR. It is no
    /// statement and never enters the ledger.
    public func encoded() -> [UInt8] {
        CBORValue.object([
            ("kind", .text(kind.rawValue)), ("issuer", .text(issuer)), ("subject", .text(subject)),
            ("audience", .text(audience)), ("issuedAt", .unsigned(issuedAt)),
            ("body", .bytes(bodyBytes)),
        ]).encoded()
    }

    /// Reads a draft.
    ///
    /// The body is decoded too, so that nobody is asked to approve what could not be a statement.
    ///
    /// - Throws: ``StatementError`` that names the offending field.
    public static func decode(_ bytes: [UInt8]) throws(StatementError) -> StatementDraft {
        let value: CBORValue
        do {
            value = try CBORValue.decode(bytes)
        } catch {
            throw StatementError("$", "\(error)")
        }
        let draft: StatementDraft
        do throws(CBORFieldError) {
            draft = try StatementDraft(value)
        } catch {
            throw StatementError(error)
        }
        let content = try StatementContent.decode(
            StatementContent.payload(kind: draft.kind, body: draft.bodyBytes, approvals: []),
            kind: draft.kind
        )
        if let required = content.requiredSubject, required.text != draft.subject {
            throw StatementError("$.subject", "must equal the body's '\(required.field)'")
        }
        return draft
    }

    private init(_ value: CBORValue) throws(CBORFieldError) {
        var fields = try CBORFields(value)
        let kind = try fields.item("kind")
        guard let known = StatementKind(rawValue: try kind.text(maxLength: 32)) else {
            throw kind.error("expected a kind of statement")
        }
        self.init(
            kind: known,
            issuer: try fields.text("issuer", .member),
            subject: try fields.text("subject", .subject),
            audience: try fields.text("audience", .origin),
            issuedAt: try fields.item("issuedAt").unsigned(max: StatementHeader.maximumTime),
            bodyBytes: try fields.bytes("body", maxCount: Statement.maximumBytes)
        )
        try fields.finish()
    }
}
