/// What makes a statement unique on a ledger: kind, issuer and subject.
///
/// The same bytes under one identity are one statement, whose registration is answered again; other
/// bytes under the same identity are a conflict. A signer who makes a second signature over the same
/// payload therefore never gets a second claim.
public struct StatementIdentity: Hashable, Sendable {
    /// The kind of the statement.
    public let kind: StatementKind
    /// The member id of the signer (CWT claim 1).
    public let issuer: String
    /// What the statement is about, chosen by the issuer (CWT claim 2).
    public let subject: String

    /// The identity of a statement of `kind` by `issuer` about `subject`.
    public init(kind: StatementKind, issuer: String, subject: String) {
        self.kind = kind
        self.issuer = issuer
        self.subject = subject
    }

    /// The key under which the state map records this statement, deterministic CBOR.
    ///
    /// `[kind, issuer, subject]` where the subject belongs to the issuer; `[kind, subject]` for
    /// members, organisations, facilities, inventories and evidence, whose ids are common to all;
    /// `["genesis"]` for the genesis statement.
    public var stateKey: [UInt8] {
        switch kind {
        case .genesis: StateKey.genesis
        case .claim: StateKey.claim(issuer: issuer, id: subject)
        case .cancel: StateKey.cancel(issuer: issuer, claim: subject)
        case .event: StateKey.event(issuer: issuer, id: subject)
        case .member, .organisation, .facility, .inventory, .evidence:
            StateKey.registered(kind, id: subject)
        case .suspension, .proposal, .vote, .storage, .ready:
            StateKey.owned(kind, issuer: issuer, subject: subject)
        }
    }
}

extension StatementIdentity: CustomStringConvertible {
    /// The identity as text, for messages: `claim <issuer>/<subject>`.
    public var description: String { "\(kind.rawValue) \(issuer)/\(subject)" }
}
