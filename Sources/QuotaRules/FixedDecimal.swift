/// Decimal text of an integer that counts units of 10^-n, without floating point.
///
/// Each value has one spelling: no sign, no leading zeros, no trailing zeros in the fraction.
enum FixedDecimal {
    /// The value of canonical decimal text, or nil if it is not canonical or does not fit.
    static func parse(_ text: String, fractionDigits: Int) -> UInt64? {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, !whole.isEmpty else { return nil }
        guard whole.count == 1 || whole.first != UInt8(ascii: "0") else { return nil }
        var fraction = parts.count == 2 ? Array(parts[1]) : []
        if parts.count == 2 {
            guard (1...max(1, fractionDigits)).contains(fraction.count), fractionDigits > 0,
                fraction.last != UInt8(ascii: "0")
            else { return nil }
        }
        while fraction.count < fractionDigits { fraction.append(UInt8(ascii: "0")) }
        var value: UInt64 = 0
        for byte in Array(whole) + fraction {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            let (scaled, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow) = scaled.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
            guard !tooLarge, !overflow else { return nil }
            value = sum
        }
        return value
    }

    /// The canonical text of `value`, with commas between thousands if `grouped`.
    static func text(_ value: UInt64, fractionDigits: Int, grouped: Bool = false) -> String {
        var digits = Array(String(value).utf8)
        while digits.count <= fractionDigits { digits.insert(UInt8(ascii: "0"), at: 0) }
        let whole = digits.prefix(digits.count - fractionDigits)
        var fraction = digits.suffix(fractionDigits)
        while fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
        var result: [UInt8] = []
        for (offset, digit) in whole.enumerated() {
            if grouped, offset > 0, (whole.count - offset).isMultiple(of: 3) {
                result.append(UInt8(ascii: ","))
            }
            result.append(digit)
        }
        if !fraction.isEmpty {
            result.append(UInt8(ascii: "."))
            result += fraction
        }
        return String(decoding: result, as: UTF8.self)
    }
}
