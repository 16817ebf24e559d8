public import CBOR
public import QuotaCrypto

/// A government's answer to a proposal, a suspension or a claim: the body of a vote statement.
///
/// Layout: `{on: [kind, issuer, id], choice: "approve" or "reject", digest?: bstr32}`. The
/// statement's subject is `kind/issuer/id`, so that a second vote of a member on one matter is
/// another statement under the identity of the first, and refused.
public struct VoteBody: Hashable, Sendable {
    /// What a member says.
    public enum Choice: String, Hashable, Sendable, CaseIterable {
        /// Yes.
        case approve
        /// No.
        case reject
    }

    /// What the vote is about.
    public let on: BallotSubject
    /// What the member says.
    public let choice: Choice
    /// The salted digest of the grounds, which stay private.
    public let digest: Digest?

    /// A vote.
    public init(on: BallotSubject, choice: Choice, digest: Digest? = nil) {
        self.on = on
        self.choice = choice
        self.digest = digest
    }

    /// Reads a vote.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public init(_ value: CBORValue, path: String = "$") throws(CBORFieldError) {
        var fields = try CBORFields(value, path: path)
        on = try BallotSubject(try fields.item("on"))
        let choice = try fields.item("choice")
        guard let known = Choice(rawValue: try choice.text(maxLength: 16)) else {
            throw choice.error("expected 'approve' or 'reject'")
        }
        self.choice = known
        digest = try fields.optionalDigest("digest")
        try fields.finish()
    }

    /// The vote as CBOR.
    public var cbor: CBORValue {
        .object([
            ("on", on.cbor), ("choice", .text(choice.rawValue)),
            ("digest", digest.map { .bytes($0.bytes) }),
        ])
    }
}
