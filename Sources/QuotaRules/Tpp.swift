/// An amount of 'total processing performance', counted in tenths: 1 is 0.1 TPP.
///
/// Tenths, because real chips have one decimal (20,919.2). All arithmetic is checked.
public struct Tpp: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The amount in tenths of a TPP.
    public let tenths: UInt64

    /// One claim moves less than this many tenths of TPP, or this many units.
    public static let claimBound: UInt64 = 1 << 40
    /// An account holds less than this many tenths of TPP, or this many units.
    ///
    /// Below 2^53, so that programs whose numbers are doubles show it exactly.
    public static let totalBound: UInt64 = 1 << 52

    /// An amount in tenths of a TPP.
    public init(tenths: UInt64) {
        self.tenths = tenths
    }

    /// The amount that canonical decimal text names, such as `15832` or `20919.2`.
    ///
    /// Text with a sign, separators, leading zeros, or a fraction that ends in zero gives nil.
    public init?(_ text: String) {
        guard let tenths = FixedDecimal.parse(text, fractionDigits: 1) else { return nil }
        self.tenths = tenths
    }

    /// The sum, or nil on overflow.
    public func adding(_ other: Tpp) -> Tpp? {
        let (sum, overflow) = tenths.addingReportingOverflow(other.tenths)
        return overflow ? nil : Tpp(tenths: sum)
    }

    /// The difference, or nil if `other` is larger.
    public func subtracting(_ other: Tpp) -> Tpp? {
        let (difference, overflow) = tenths.subtractingReportingOverflow(other.tenths)
        return overflow ? nil : Tpp(tenths: difference)
    }

    /// The amount of `quantity` such items, or nil on overflow.
    public func multiplied(by quantity: UInt64) -> Tpp? {
        let (product, overflow) = tenths.multipliedReportingOverflow(by: quantity)
        return overflow ? nil : Tpp(tenths: product)
    }

    /// The smaller amount comes first.
    public static func < (left: Tpp, right: Tpp) -> Bool { left.tenths < right.tenths }

    /// Canonical text for files, such as `20919.2`.
    public var text: String { FixedDecimal.text(tenths, fractionDigits: 1) }

    /// Text for people, such as `20,919.2`.
    public var description: String { FixedDecimal.text(tenths, fractionDigits: 1, grouped: true) }
}
