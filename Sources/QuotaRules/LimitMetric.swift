internal import CBOR

/// What a limit measures.
public enum LimitMetric: Hashable, Sendable {
    /// TPP; the cap is in tenths.
    case tpp
    /// Integrated circuits.
    case units
    /// TPP, with a cap that is stated as a number of one catalogue item (such as H100).
    case equivalents(sku: String)
    /// A part of another sum, the denominator; the cap is in hundredths of a percent.
    ///
    /// The accounts count in the unit, and so do the denominator's.
    case share(of: QuotaUnit)
    /// As `share`, with a cap in ten-thousandths that may pass one.
    case ratio(of: QuotaUnit)
    /// Matched investment: each circuit uses up this many US dollars of it.
    case dollars(perCircuit: UInt64)

    private enum Kind: String, CaseIterable {
        case tpp, units, equivalents, share, ratio, usd
    }

    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        self =
            switch try fields.item("kind").choice(Kind.self) {
            case .tpp: .tpp
            case .units: .units
            case .equivalents: .equivalents(sku: try fields.item("sku").identifier())
            case .share: .share(of: try Self.unit(fields.item("of")))
            case .ratio: .ratio(of: try Self.unit(fields.item("of")))
            case .usd: .dollars(perCircuit: try Self.rate(fields.item("perCircuit")))
            }
        try fields.finish()
    }

    private static func unit(_ item: CBORItem) throws(CBORFieldError) -> QuotaUnit {
        let unit = try item.choice(QuotaUnit.self)
        guard unit != .dollars else { throw item.error("expected tpp or units") }
        return unit
    }

    private static func rate(_ item: CBORItem) throws(CBORFieldError) -> UInt64 {
        let rate = try item.decimal(fractionDigits: 0, below: 1 << 32)
        try item.require(rate > 0, "expected more than 0")
        return rate
    }

    var cbor: CBORValue {
        switch self {
        case .tpp: .object([("kind", .text(Kind.tpp.rawValue))])
        case .units: .object([("kind", .text(Kind.units.rawValue))])
        case .equivalents(let sku):
            .object([("kind", .text(Kind.equivalents.rawValue)), ("sku", .text(sku))])
        case .share(let unit):
            .object([("kind", .text(Kind.share.rawValue)), ("of", .text(unit.rawValue))])
        case .ratio(let unit):
            .object([("kind", .text(Kind.ratio.rawValue)), ("of", .text(unit.rawValue))])
        case .dollars(let rate):
            .object([
                ("kind", .text(Kind.usd.rawValue)),
                ("perCircuit", .decimal(rate, fractionDigits: 0)),
            ])
        }
    }

    /// What the accounts of such a limit count.
    public var unit: QuotaUnit {
        switch self {
        case .units: .units
        case .tpp, .equivalents: .tpp
        case .share(let unit), .ratio(let unit): unit
        case .dollars: .dollars
        }
    }

    /// What an item with these figures adds to an account.
    func amount(tpp: UInt64, circuits: UInt64) -> UInt64 {
        switch self {
        case .tpp, .equivalents, .share(of: .tpp), .ratio(of: .tpp): tpp
        case .units, .share, .ratio: circuits
        // A rate below 2^32 and at most a million circuits cannot overflow.
        case .dollars(let perCircuit): circuits * perCircuit
        }
    }

    /// Whether the cap is a part of another sum.
    public var isRelative: Bool {
        switch self {
        case .share, .ratio: true
        case .tpp, .units, .equivalents, .dollars: false
        }
    }

    /// Digits after the point in the text of a cap.
    var capFractionDigits: Int {
        switch self {
        case .tpp: 1
        case .units, .equivalents, .dollars: 0
        case .share: 2
        case .ratio: 4
        }
    }

    /// Reads a cap in this metric.
    func cap(_ item: CBORItem) throws(CBORFieldError) -> UInt64 {
        let cap = try item.decimal(fractionDigits: capFractionDigits)
        if case .share = self {
            try item.require(cap <= Proportion.one, "a share is at most 100 percent")
        }
        return cap
    }
}
