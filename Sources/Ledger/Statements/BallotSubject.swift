public import CBOR

/// What votes are about: a proposal, a suspension or a claim.
///
/// As CBOR `[kind, issuer, id]`.
public struct BallotSubject: Hashable, Sendable, CustomStringConvertible {
    /// The kinds of statement that can be voted on.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A proposal, by approval or rejection.
        case proposal
        /// A suspension: approval confirms it, rejection ends it.
        case suspension
        /// A claim that waits for a decision.
        case claim
    }

    /// What kind of statement.
    public let kind: Kind
    /// The member that issued it.
    public let issuer: String
    /// The id that the issuer gave it.
    public let id: String

    /// The statement of `kind` that `issuer` made under `id`.
    public init(_ kind: Kind, issuer: String, id: String) {
        self.kind = kind
        self.issuer = issuer
        self.id = id
    }

    /// `kind/issuer/id`: the subject of a vote on it.
    public var description: String { "\(kind.rawValue)/\(issuer)/\(id)" }

    /// The key of the statement in the state map.
    var stateKey: [UInt8] { cbor.encoded() }
}

extension BallotSubject: Comparable {
    /// By kind, issuer and id, each in the order of its UTF-8 bytes.
    public static func < (left: BallotSubject, right: BallotSubject) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }
}

extension BallotSubject {
    /// Reads a subject.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public init(_ item: CBORItem) throws(CBORFieldError) {
        let parts = try item.array(count: 3)
        guard let kind = Kind(rawValue: try parts[0].text(maxLength: 16)) else {
            throw parts[0].error("expected 'proposal', 'suspension' or 'claim'")
        }
        self.init(
            kind,
            issuer: try parts[1].text(.member),
            id: try parts[2].text(.identifier)
        )
    }

    /// The subject as CBOR.
    public var cbor: CBORValue { .array([.text(kind.rawValue), .text(issuer), .text(id)]) }
}
