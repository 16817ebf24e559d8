import CBOR
import COSE
public import QuotaCrypto

/// One member's agreement to the body of a statement whose kind ``StatementKind/needsApprovals``.
///
/// A COSE_Sign1 with detached payload, the body bytes. Its protected header is that of a statement
/// with the content type `application/vnd.quota-ledger.<kind>.approval+cbor`, so that an approval
/// names the approver, the subject and the ledger, and cannot pass for a statement.
public struct Approval: Hashable, Sendable {
    /// The member id of the approver.
    public let approver: String
    /// What is approved.
    public let subject: String
    /// The origin of the ledger.
    public let audience: String
    /// When it was made, POSIX seconds.
    public let issuedAt: UInt64
    /// The thumbprint of the approver's statement key.
    public let kid: Digest
    /// The approval as it travels.
    public let bytes: [UInt8]
    private let message: COSESign1

    /// The most bytes of one approval.
    public static let maximumBytes = 1024

    /// Signs an approval of `body`.
    public static func sign(
        _ body: [UInt8],
        kind: StatementKind,
        subject: String,
        audience: String,
        by approver: String,
        at time: UInt64,
        with key: Ed25519.PrivateKey
    ) -> Approval {
        let header = StatementHeader(
            contentType: kind.approvalContentType,
            kid: COSEKey.thumbprint(key.publicKey),
            issuer: approver,
            subject: subject,
            audience: audience,
            issuedAt: time
        )
        let message = COSESign1.sign(
            protected: header.cbor,
            payload: body,
            detached: true,
            with: key
        )
        return Approval(header, message: message, bytes: message.encoded())
    }

    /// Reads an approval of a statement of `kind`.
    ///
    /// - Throws: ``StatementError`` that names the offending field below `path`.
    public static func decode(
        _ bytes: [UInt8],
        kind: StatementKind,
        path: String = "$"
    ) throws(StatementError) -> Approval {
        guard bytes.count <= maximumBytes else {
            throw StatementError(path, "an approval has at most \(maximumBytes) bytes")
        }
        let message: COSESign1
        do {
            message = try COSESign1.decode(bytes)
        } catch {
            throw StatementError(error, path: path)
        }
        guard message.unprotected.isEmpty else {
            throw StatementError("\(path).unprotected", "must be empty")
        }
        guard message.payload == nil else {
            throw StatementError("\(path).payload", "must be detached")
        }
        let header = try StatementHeader(message.protected, path: "\(path).protected")
        guard header.contentType == kind.approvalContentType else {
            throw StatementError("\(path).protected.3", "expected \(kind.approvalContentType)")
        }
        return Approval(header, message: message, bytes: bytes)
    }

    private init(_ header: StatementHeader, message: COSESign1, bytes: [UInt8]) {
        approver = header.issuer
        subject = header.subject
        audience = header.audience
        issuedAt = header.issuedAt
        kid = header.kid
        self.message = message
        self.bytes = bytes
    }

    /// Whether `key` signed this approval over `body`.
    public func isSigned(over body: [UInt8], by key: Ed25519.PublicKey) -> Bool {
        do {
            try message.verify(with: key, detachedPayload: body)
            return true
        } catch {
            return false
        }
    }
}
