internal import CBOR

/// The days on which something holds.
///
/// Both ends belong to it.
public struct Validity: Hashable, Sendable {
    /// The first day.
    public let from: CalendarDate
    /// The last day; nil if there is none.
    public let through: CalendarDate?

    /// The days from `from` to `through`, which must not be before it.
    public init(from: CalendarDate, through: CalendarDate?) {
        self.from = from
        self.through = through
    }

    /// Whether it holds on `date`.
    public func contains(_ date: CalendarDate) -> Bool {
        from <= date && through.map { date <= $0 } ?? true
    }

    /// Whether both hold on some day.
    func overlaps(_ other: Validity) -> Bool {
        (through.map { other.from <= $0 } ?? true) && (other.through.map { from <= $0 } ?? true)
    }

    /// Reads `from` and `through` from the fields of a larger map.
    init(from fields: inout CBORFields) throws(CBORFieldError) {
        from = try fields.item("from").date()
        through = try fields.ifPresent("through") { item throws(CBORFieldError) in
            try item.date()
        }
        if let through {
            try fields.require(through >= from, at: "through", "is before 'from'")
        }
    }

    /// Reads a map of its own: `{"from": "2025-01-13", "through": "2026-02-02"}`.
    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        try self.init(from: &fields)
        try fields.finish()
    }

    /// The pairs of the map.
    var pairs: [(String, CBORValue?)] {
        [("from", .date(from)), ("through", through.map { .date($0) })]
    }

    /// The map.
    var cbor: CBORValue { .object(pairs) }
}
