public import CBOR

/// Which claim a chip tag belongs to: the value under `["tag", bstr16]` in the state map.
///
/// Layout: `[issuer, id, live: bool]`. A tag is live in at most one claim; one whose chip came back
/// or was destroyed may only enter a new claim.
public struct TagRecord: Hashable, Sendable {
    /// The claim that last named the tag.
    public let claim: ClaimReference
    /// Whether the chip still counts there.
    public let isLive: Bool

    /// A tag of `claim`.
    public init(claim: ClaimReference, isLive: Bool) {
        self.claim = claim
        self.isLive = isLive
    }

    /// Reads the value of a tag.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public static func decode(_ bytes: [UInt8]) throws(CBORFieldError) -> TagRecord {
        let parts = try CBORItem(try CBORValue.mapValue(bytes)).array(count: 3)
        return TagRecord(
            claim: ClaimReference(
                issuer: try parts[0].text(.member),
                id: try parts[1].text(.identifier)
            ),
            isLive: try parts[2].boolean()
        )
    }

    /// The value's bytes in the state map.
    public func encoded() -> [UInt8] {
        CBORValue.array([.text(claim.issuer), .text(claim.id), .boolean(isLive)]).encoded()
    }
}
