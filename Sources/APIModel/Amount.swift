/// An exact quantity that names its unit.
///
/// TPP is counted in tenths so that real chips have whole numbers. In JSON an amount reads
/// `{"unit": "TPP", "tenths": 158320, "text": "15,832 TPP"}` for performance and
/// `{"unit": "units", "count": 5, "text": "5 units"}` for everything else, so that the key of the
/// number already says what it counts.
package struct Amount: Hashable, Sendable {
    /// The unit of total processing performance.
    package static let performanceUnit = "TPP"

    /// The unit: `TPP`, or the name of a countable thing such as `units`.
    package let unit: String
    /// Tenths of one TPP when `unit` is `TPP`, a plain count otherwise.
    package let value: UInt64

    /// Makes an amount of `value` in `unit`.
    package init(_ value: UInt64, unit: String) {
        self.unit = unit
        self.value = value
    }

    /// Makes an amount of performance from tenths of one TPP.
    package static func tenths(_ value: UInt64) -> Amount {
        Amount(value, unit: performanceUnit)
    }

    /// Whether the value counts tenths of one TPP.
    package var isPerformance: Bool { unit == Self.performanceUnit }

    /// The number for people, with thousands separated and no unit: `15,832` or `5,284.8`.
    package var number: String {
        guard isPerformance else { return Self.grouped(value) }
        let tenth = value % 10
        return Self.grouped(value / 10) + (tenth == 0 ? "" : ".\(tenth)")
    }

    /// The amount for people: `15,832 TPP`.
    package var text: String { "\(number) \(unit)" }

    /// Decimal digits of a number in groups of three.
    package static func grouped(_ value: UInt64) -> String {
        var digits = ""
        for (place, digit) in String(value).reversed().enumerated() {
            if place > 0, place.isMultiple(of: 3) { digits.append(",") }
            digits.append(digit)
        }
        return String(digits.reversed())
    }
}

extension Amount: Codable {
    private enum CodingKeys: String, CodingKey {
        case unit
        case tenths
        case count
        case text
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        unit = try fields.decode(String.self, forKey: .unit)
        let key: CodingKeys = unit == Self.performanceUnit ? .tenths : .count
        value = try fields.decode(UInt64.self, forKey: key)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(unit, forKey: .unit)
        try fields.encode(value, forKey: isPerformance ? .tenths : .count)
        try fields.encode(text, forKey: .text)
    }
}
