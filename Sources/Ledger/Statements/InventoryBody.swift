public import CBOR
public import QuotaCrypto
public import QuotaRules

/// What a country had before the ledger began: the body of an inventory statement, once a country.
///
/// Layout: `{country, date, lines: [{sku, quantity}], root?: bstr32}`. Signed by a government of the
/// country and approved by another government. Limits that count the installed base add it; for the
/// others it is on record only.
public struct InventoryBody: Hashable, Sendable {
    /// The country, ISO 3166-1 alpha-2.
    public let country: String
    /// The day of the count.
    public let date: CalendarDate
    /// What was there, one line for each item, ascending by SKU.
    public let lines: [ClaimLine]
    /// The root of a Merkle tree over the tags of all chips, so that the count cannot grow later.
    public let root: Digest?

    /// An inventory with the given contents; the lines are put in order.
    public init(country: String, date: CalendarDate, lines: [ClaimLine], root: Digest? = nil) {
        self.country = country
        self.date = date
        self.lines = lines.sorted { $0.sku < $1.sku }
        self.root = root
    }
}

extension InventoryBody {
    /// The most lines of an inventory.
    public static let lineCountMax = 512

    /// Reads an inventory.
    ///
    /// - Throws: ``CBORFieldError`` that names the offending field.
    public init(_ value: CBORValue, path: String = "$") throws(CBORFieldError) {
        var fields = try CBORFields(value, path: path)
        country = try fields.text("country", .country)
        date = try fields.date("date")
        var lines: [ClaimLine] = []
        for item in try fields.array("lines", maxCount: Self.lineCountMax) {
            var line = try item.fields()
            let sku = try line.item("sku")
            let text = try sku.text(.identifier)
            guard lines.last.map({ $0.sku < text }) ?? true else {
                throw sku.error("lines must ascend by sku, each once")
            }
            let quantity = try line.item("quantity")
            let count = try quantity.unsigned(max: ClaimBody.quantityMax)
            guard count > 0 else { throw quantity.error("expected at least 1") }
            try line.finish()
            lines.append(ClaimLine(sku: text, quantity: count))
        }
        self.lines = lines
        root = try fields.optionalItem("root")?.digest()
        try fields.finish()
    }

    /// The inventory as CBOR.
    public var cbor: CBORValue {
        .object([
            ("country", .text(country)), ("date", .text(date.description)),
            (
                "lines",
                .array(
                    lines.map {
                        .object([("sku", .text($0.sku)), ("quantity", .unsigned($0.quantity))])
                    }
                )
            ),
            ("root", root.map { .bytes($0.bytes) }),
        ])
    }
}
