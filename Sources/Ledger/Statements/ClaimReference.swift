public import CBOR

/// A claim by its issuer and the id that the issuer gave it.
///
/// As CBOR `[issuer, id]`.
public struct ClaimReference: Hashable, Sendable, CustomStringConvertible {
    /// The member that made the claim.
    public let issuer: String
    /// The id of the claim.
    public let id: String

    /// The claim `id` of `issuer`.
    public init(issuer: String, id: String) {
        self.issuer = issuer
        self.id = id
    }

    /// `issuer/id`, for messages.
    public var description: String { "\(issuer)/\(id)" }

    /// The key of the claim in the state map.
    public var stateKey: [UInt8] { StateKey.claim(issuer: issuer, id: id) }
}

extension ClaimReference {
    /// Reads a reference.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public init(_ item: CBORItem) throws(CBORFieldError) {
        let parts = try item.array(count: 2)
        issuer = try parts[0].text(.member)
        id = try parts[1].text(.identifier)
    }

    /// The claim that a key of the state map names, or nil for another key.
    init?(stateKey: [UInt8]) {
        guard let items = (try? CBORValue.decode(stateKey))?.arrayValue, items.count == 3,
            items[0].textValue == "claim", let issuer = items[1].textValue,
            let id = items[2].textValue
        else { return nil }
        self.init(issuer: issuer, id: id)
    }

    /// The reference as CBOR.
    public var cbor: CBORValue { .array([.text(issuer), .text(id)]) }
}
