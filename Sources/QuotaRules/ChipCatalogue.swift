public import CBOR

/// The signed list of what can be shipped, with the figures that classify it.
public struct ChipCatalogue: Hashable, Sendable {
    /// The version of the catalogue language.
    static let format: UInt64 = 1

    /// The id.
    public let id: String
    /// The version of this catalogue.
    public let version: UInt64
    /// What it is called.
    public let title: String
    /// Where the figures come from.
    public let source: String
    /// The items, in the order of the file.
    public let items: [ChipItem]
    /// Where each item stands in `items`.
    private let positions: [String: Int]

    /// Reads and checks a catalogue.
    ///
    /// - Throws: `CBORFieldError` with the path of the first problem.
    public static func decode(_ value: CBORValue) throws(CBORFieldError) -> ChipCatalogue {
        try ChipCatalogue(CBORItem(value))
    }

    private init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        let format = try fields.item("format")
        guard try format.unsigned() == Self.format else {
            throw format.error("this program reads format \(Self.format)")
        }
        id = try fields.item("id").identifier()
        version = try fields.unsigned("version", max: UInt64(UInt32.max))
        title = try fields.item("title").prose()
        source = try fields.item("source").prose()
        var items: [ChipItem] = []
        var positions: [String: Int] = [:]
        for entry in try fields.item("items").list(maxCount: 1_000) {
            let item = try ChipItem(entry) { sku in positions[sku].map { items[$0] } }
            guard positions.updateValue(items.count, forKey: item.sku) == nil else {
                throw CBORFieldError(
                    path: "\(entry.path).sku",
                    problem: "'\(item.sku)' stands here twice"
                )
            }
            items.append(item)
        }
        self.items = items
        self.positions = positions
        try fields.finish()
    }

    /// The catalogue as it was read: `encoded(decode(x))` equals `x`.
    public var encoded: CBORValue {
        .object([
            ("format", .unsigned(Self.format)), ("id", .text(id)), ("version", .unsigned(version)),
            ("title", .text(title)), ("source", .text(source)),
            ("items", .array(items.map(\.cbor))),
        ])
    }

    /// Where the item with an id stands in `items`.
    func position(of sku: String) -> Int? { positions[sku] }

    /// The figures that every decision needs, without a copy of the item's texts.
    func figures(at position: Int) -> (tpp: UInt64, circuits: UInt64) {
        (items[position].tpp.tenths, items[position].circuits)
    }

    /// The item with an id.
    public func item(_ sku: String) -> ChipItem? {
        positions[sku].map { items[$0] }
    }
}
