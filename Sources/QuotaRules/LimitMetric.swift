internal import CBOR

/// What a limit measures.
public enum LimitMetric: Hashable, Sendable {
    /// TPP; the cap is in tenths.
    case tpp
    /// Integrated circuits.
    case units
    /// TPP, with a cap that is stated as a number of one catalogue item (such as H100).
    case equivalents(sku: String)
    /// Part of another sum; the cap is in hundredths of a percent.
    case share
    /// Matched investment; the cap is in US dollars.
    case dollars

    private enum Kind: String, CaseIterable {
        case tpp, units, equivalents, share, usd
    }

    init(_ item: CBORItem) throws(CBORFieldError) {
        var fields = try item.fields()
        self =
            switch try fields.item("kind").choice(Kind.self) {
            case .tpp: .tpp
            case .units: .units
            case .equivalents: .equivalents(sku: try fields.item("sku").identifier())
            case .share: .share
            case .usd: .dollars
            }
        try fields.finish()
    }

    var cbor: CBORValue {
        switch self {
        case .tpp: .object([("kind", .text(Kind.tpp.rawValue))])
        case .units: .object([("kind", .text(Kind.units.rawValue))])
        case .equivalents(let sku):
            .object([("kind", .text(Kind.equivalents.rawValue)), ("sku", .text(sku))])
        case .share: .object([("kind", .text(Kind.share.rawValue))])
        case .dollars: .object([("kind", .text(Kind.usd.rawValue))])
        }
    }

    /// What the accounts of such a limit count.
    public var unit: QuotaUnit {
        switch self {
        case .units: .units
        case .tpp, .equivalents, .share, .dollars: .tpp
        }
    }

    /// Digits after the point in the text of a cap.
    var capFractionDigits: Int {
        switch self {
        case .tpp: 1
        case .units, .equivalents, .dollars: 0
        case .share: 2
        }
    }

    /// Reads a cap in this metric.
    func cap(_ item: CBORItem) throws(CBORFieldError) -> UInt64 {
        let cap = try item.decimal(fractionDigits: capFractionDigits)
        if self == .share, cap > 100_00 { throw item.error("a share is at most 100 percent") }
        return cap
    }
}
