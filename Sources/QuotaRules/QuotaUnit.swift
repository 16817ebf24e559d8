/// What the number in an account counts.
public enum QuotaUnit: String, Hashable, Sendable, CaseIterable {
    /// Tenths of a TPP.
    case tpp
    /// Integrated circuits.
    case units
    /// Whole US dollars of matched investment.
    case dollars = "usd"

    /// Digits after the point of an amount in text.
    private var fractionDigits: Int { self == .tpp ? 1 : 0 }

    /// An amount for people, without the name of the unit: `790,000,000`.
    public func text(of amount: UInt64) -> String {
        FixedDecimal.text(amount, fractionDigits: fractionDigits, grouped: true)
    }

    /// An amount with the name of its unit: `790,000,000 TPP`.
    public func description(of amount: UInt64) -> String {
        switch self {
        case .tpp: "\(text(of: amount)) TPP"
        case .units: "\(text(of: amount)) units"
        case .dollars: "\(text(of: amount)) US dollars"
        }
    }

    /// The amount that canonical decimal text names, or nil.
    public func amount(_ text: String) -> UInt64? {
        FixedDecimal.parse(text, fractionDigits: fractionDigits)
    }

    /// The canonical decimal text of an amount, as in a policy file: `790000000`.
    public func canonicalText(of amount: UInt64) -> String {
        FixedDecimal.text(amount, fractionDigits: fractionDigits)
    }
}
