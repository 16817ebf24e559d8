public import CBOR

/// The withdrawal of an admitted claim by the member that made it.
///
/// Layout: `{claim, reason}`. The statement's subject is the claim's id.
public struct CancelBody: Hashable, Sendable {
    /// The id of the claim.
    public let claim: String
    /// Why, for people.
    public let reason: String

    /// A cancellation of `claim`.
    public init(claim: String, reason: String) {
        self.claim = claim
        self.reason = reason
    }

    /// Reads a cancellation.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public init(_ value: CBORValue, path: String = "$") throws(CBORFieldError) {
        var fields = try CBORFields(value, path: path)
        claim = try fields.text("claim", .identifier)
        reason = try fields.text("reason", .sentence)
        try fields.finish()
    }

    /// The cancellation as CBOR.
    public var cbor: CBORValue {
        .object([("claim", .text(claim)), ("reason", .text(reason))])
    }
}
