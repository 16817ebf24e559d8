public import CBOR
public import QuotaCrypto
import StateMap

/// What a country declared as its opening inventory: the value under `["inventory", country]`.
///
/// Layout: `{index, leaf: bstr32, issuer, body: bstr, lines?, movements?}`. The last two are there if a
/// limit of the policy then in force counts opening inventories, in the layout of ``ClaimRecord``; so
/// accounts are sums of records here too. Everything stands in ``Bucket/delivered``, and stays there.
public struct InventoryRecord: Hashable, Sendable {
    /// The index of the statement.
    public let index: UInt64
    /// The leaf hash of the statement's bytes.
    public let leafHash: Digest
    /// The government that declared it.
    public let issuer: String
    /// The encoded ``InventoryBody``.
    public let body: [UInt8]
    /// The lines of the inventory, if a limit counts them.
    public let lines: [ClaimRecord.Line]
    /// What the lines add to accounts.
    public let postings: [ClaimRecord.Posting]

    /// Reads the value of an inventory.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public static func decode(_ bytes: [UInt8]) throws(CBORFieldError) -> InventoryRecord {
        var fields = try CBORFields(try CBORValue.mapValue(bytes))
        let index = try fields.unsigned("index")
        let leafHash = try fields.digest("leaf")
        let issuer = try fields.text("issuer", .member)
        let body = try fields.bytes("body", maxCount: Statement.maximumBytes)
        var lines: [ClaimRecord.Line] = []
        var postings: [ClaimRecord.Posting] = []
        if let item = fields.optionalItem("movements") {
            postings = try ClaimRecord.list(item, ClaimRecord.Posting.init)
            lines = try ClaimRecord.list(try fields.item("lines"), ClaimRecord.Line.init)
            guard !postings.isEmpty,
                postings.allSatisfy({ $0.perUnit.count == lines.count })
            else { throw item.error("expected some, with one amount for each line") }
        }
        try fields.finish()
        return InventoryRecord(
            index: index,
            leafHash: leafHash,
            issuer: issuer,
            body: body,
            lines: lines,
            postings: postings
        )
    }

    /// The value's bytes in the state map.
    public func encoded() -> [UInt8] {
        CBORValue.object([
            ("index", .unsigned(index)), ("leaf", .bytes(leafHash.bytes)),
            ("issuer", .text(issuer)), ("body", .bytes(body)),
            ("lines", postings.isEmpty ? nil : .array(lines.map(\.cbor))),
            ("movements", postings.isEmpty ? nil : .array(postings.map(\.cbor))),
        ]).encoded()
    }
}

extension LedgerState {
    /// What a country declared as its opening inventory, or nil.
    public func inventory(of country: String) -> InventoryRecord? {
        map[StateKey.registered(.inventory, id: country)].flatMap {
            try? InventoryRecord.decode($0)
        }
    }
}
