/// How an account stands to the sum that its cap is a part of.
///
/// All comparisons are made by cross multiplication in 128 bits: amounts are below 2^52 and caps
/// below 2^52, so no product overflows and nothing is rounded.
public struct Proportion: Hashable, Sendable {
    /// The number that stands for one: caps are in ten-thousandths, or hundredths of a percent.
    public static let one: UInt64 = 100_00

    /// The cap, in ten-thousandths of the denominator.
    public let cap: UInt64
    /// The account that keeps the denominator.
    public let denominator: AccountKey
    /// The denominator before the claim.
    public let before: UInt64
    /// What the claim adds to the denominator.
    public let amount: UInt64

    /// The denominator after the claim, if it is admitted.
    public var after: UInt64 { before + amount }

    /// The largest amount that is within a cap of a sum, in the sum's unit.
    ///
    /// A whole amount is within the cap exactly if it is at most this.
    static func amount(_ cap: UInt64, of sum: UInt64) -> UInt64 {
        let product = UInt128(cap) * UInt128(sum) / UInt128(one)
        return product < UInt128(Tpp.totalBound) ? UInt64(product) : Tpp.totalBound - 1
    }

    /// What part of `whole` a part is, as percent with four digits, cut and not rounded.
    static func percent(_ part: UInt64, of whole: UInt64) -> String {
        guard whole > 0 else { return "all" }
        let parts = UInt128(part) * 1_000_000 / UInt128(whole)
        let shown = UInt64(min(parts, UInt128(UInt64.max)))
        return FixedDecimal.text(shown, fractionDigits: 4, grouped: true) + " %"
    }

    /// A cap as percent.
    static func percent(cap: UInt64) -> String {
        FixedDecimal.text(cap, fractionDigits: 2, grouped: true) + " %"
    }

    /// The largest number of items that keeps a share within its cap, or nil if any number does.
    ///
    /// - Parameters:
    ///   - cap: In ten-thousandths.
    ///   - base: The part and the whole without these items.
    ///   - one: What one item adds to each.
    /// - Returns: 0 also where no number would.
    static func largest(
        cap: UInt64,
        base: (part: UInt64, whole: UInt64),
        one: (part: UInt64, whole: UInt64)
    ) -> UInt64? {
        // part + q * one.part <= cap * (whole + q * one.whole), times 10,000.
        let slope =
            Int128(one.part) * Int128(Self.one) - Int128(cap) * Int128(one.whole)
        let room = Int128(cap) * Int128(base.whole) - Int128(base.part) * Int128(Self.one)
        if slope <= 0 { return slope < 0 || room >= 0 ? nil : 0 }
        guard room >= 0 else { return 0 }
        return UInt64(min(room / slope, Int128(Tpp.claimBound)))
    }
}
