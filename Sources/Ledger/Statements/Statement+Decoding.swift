import CBOR
import COSE
import QuotaRules

extension Statement {
    /// Reads a statement.
    ///
    /// - Parameters:
    ///   - bytes: At most ``maximumBytes``.
    ///   - expected: The only kind to accept; nil for any.
    /// - Returns: A well formed statement; its signature is not checked.
    /// - Throws: ``StatementError`` that names the offending field.
    public static func decode(
        _ bytes: [UInt8],
        only expected: StatementKind? = nil
    ) throws(StatementError) -> Statement {
        guard bytes.count <= maximumBytes else {
            throw StatementError(
                "$",
                "\(bytes.count) bytes, at most \(maximumBytes) are allowed",
                code: .tooLarge
            )
        }
        let message: COSESign1
        do {
            message = try COSESign1.decode(bytes)
        } catch {
            throw StatementError(error)
        }
        guard message.unprotected.isEmpty else {
            throw StatementError("$.unprotected", "must be empty")
        }
        let header = try StatementHeader(message.protected)
        guard let kind = StatementKind(contentType: header.contentType) else {
            throw StatementError("$.protected.3", "not a content type of a statement")
        }
        if let expected, kind != expected {
            throw StatementError("$.protected.3", "expected \(expected.contentType)")
        }
        guard let payload = message.payload, !payload.isEmpty else {
            throw StatementError("$.payload", "missing", code: .payloadMissing)
        }
        let content = try StatementContent.decode(payload, kind: kind)
        if let (subject, field) = content.requiredSubject {
            guard header.subject == subject else {
                throw StatementError("$.protected.15.2", "sub must equal the payload's '\(field)'")
            }
        } else if !NameRule.identifier.allows(header.subject) {
            throw StatementError(
                "$.protected.15.2",
                "expected sub: \(NameRule.identifier.expectation)"
            )
        }
        try checkApprovals(content.approvals, header)
        return Statement(
            bytes: bytes,
            message: message,
            header: header,
            kind: kind,
            content: content
        )
    }

    /// Refuses an approval that is for another subject or another ledger than the statement.
    private static func checkApprovals(
        _ approvals: [Approval],
        _ header: StatementHeader
    ) throws(StatementError) {
        for (position, approval) in approvals.enumerated() {
            let path = "$.payload.approvals[\(position)].protected.15"
            guard approval.subject == header.subject else {
                throw StatementError("\(path).2", "sub must be the statement's")
            }
            guard approval.audience == header.audience else {
                throw StatementError("\(path).3", "aud must be the statement's")
            }
        }
    }
}
