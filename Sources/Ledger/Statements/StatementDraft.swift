import CBOR
import COSE
public import QuotaCrypto
import QuotaRules

/// A statement before it is signed: what a client fills in, passes round for approval, and signs.
public struct StatementDraft: Hashable, Sendable {
    /// The kind of the statement.
    public let kind: StatementKind
    /// The member id of the signer.
    public let issuer: String
    /// What the statement is about.
    public let subject: String
    /// The origin of the ledger.
    public let audience: String
    /// When the statement is made, POSIX seconds.
    public let issuedAt: UInt64
    /// The encoded body, which approvers sign.
    public let bodyBytes: [UInt8]
    /// The approvals so far.
    public var approvals: [Approval] = []

    /// A draft that says `body`.
    ///
    /// `id` is the id that the issuer chooses for a claim, event, suspension, proposal or
    /// storage declaration; other kinds take their subject from the body and ignore it.
    public init(
        _ body: StatementBody,
        id: String = "",
        issuer: String,
        audience: String,
        issuedAt: UInt64
    ) {
        self.issuer = issuer
        self.audience = audience
        self.issuedAt = issuedAt
        switch body {
        case .genesis(let body):
            (kind, subject, bodyBytes) = (.genesis, body.origin, body.cbor.encoded())
        case .member(let card): (kind, subject, bodyBytes) = (.member, card.id, card.cbor.encoded())
        case .suspension(let body):
            (kind, subject, bodyBytes) = (.suspension, id, body.cbor.encoded())
        case .proposal(let body):
            (kind, subject, bodyBytes) = (.proposal, id, body.cbor.encoded())
        case .vote(let body):
            (kind, subject, bodyBytes) = (.vote, body.on.description, body.cbor.encoded())
        case .organisation(let body):
            (kind, subject, bodyBytes) = (.organisation, body.id, body.cbor.encoded())
        case .facility(let body):
            (kind, subject, bodyBytes) = (.facility, body.id, body.cbor.encoded())
        case .storage(let body):
            (kind, subject, bodyBytes) = (.storage, id, body.cbor.encoded())
        case .claim(let body): (kind, subject, bodyBytes) = (.claim, id, body.cbor.encoded())
        case .inventory(let body):
            (kind, subject, bodyBytes) = (.inventory, body.country, body.cbor.encoded())
        case .event(let body): (kind, subject, bodyBytes) = (.event, id, body.cbor.encoded())
        case .cancel(let body):
            (kind, subject, bodyBytes) = (.cancel, body.claim, body.cbor.encoded())
        case .ready(let body):
            (kind, subject, bodyBytes) = (.ready, body.subject, body.cbor.encoded())
        case .evidence(let body):
            (kind, subject, bodyBytes) = (.evidence, body.subject, body.cbor.encoded())
        }
    }

    init(
        kind: StatementKind,
        issuer: String,
        subject: String,
        audience: String,
        issuedAt: UInt64,
        bodyBytes: [UInt8]
    ) {
        self.kind = kind
        self.issuer = issuer
        self.subject = subject
        self.audience = audience
        self.issuedAt = issuedAt
        self.bodyBytes = bodyBytes
    }

    /// The approval of this draft by `approver`.
    public func approval(
        by approver: String,
        at time: UInt64,
        with key: Ed25519.PrivateKey
    ) -> Approval {
        Approval.sign(
            bodyBytes,
            kind: kind,
            subject: subject,
            audience: audience,
            by: approver,
            at: time,
            with: key
        )
    }

    /// Signs the draft.
    ///
    /// - Throws: ``StatementError`` if the result would not be a statement, for example because an
    ///   id breaks its character rule: a client learns it before it submits.
    public func signed(with key: Ed25519.PrivateKey) throws(StatementError) -> Statement {
        let header = StatementHeader(
            contentType: kind.contentType,
            kid: COSEKey.thumbprint(key.publicKey),
            issuer: issuer,
            subject: subject,
            audience: audience,
            issuedAt: issuedAt
        )
        let payload = StatementContent.payload(kind: kind, body: bodyBytes, approvals: approvals)
        let message = COSESign1.sign(protected: header.cbor, payload: payload, with: key)
        return try Statement.decode(message.encoded())
    }
}
