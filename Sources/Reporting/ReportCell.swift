public import QuotaRules

/// One cell of a report: a value that knows what it counts.
public enum ReportCell: Hashable, Sendable {
    /// Nothing to say: the column does not apply to the row.
    case none
    /// A name, a date or a word.
    case text(String)
    /// A number of things that the column names.
    case count(UInt64)
    /// A quantity in a unit.
    case amount(UInt64, QuotaUnit)
    /// The difference of two quantities in a unit.
    case difference(Int64, QuotaUnit)
    /// A part in hundredths of a percent.
    case share(UInt64)

    /// Text, or nothing.
    static func optional(_ text: String?) -> ReportCell { text.map { .text($0) } ?? .none }

    /// A quantity, or nothing.
    static func optional(_ amount: UInt64?, _ unit: QuotaUnit) -> ReportCell {
        amount.map { .amount($0, unit) } ?? .none
    }

    /// `part` of `whole` in hundredths of a percent, rounded down; nothing of nothing.
    static func share(_ part: UInt64, of whole: UInt64?) -> ReportCell {
        guard let whole, whole > 0 else { return .none }
        let (high, low) = part.multipliedFullWidth(by: 10_000)
        guard high < whole else { return .none }
        return .share(whole.dividingFullWidth((high, low)).quotient)
    }

    /// The difference from `before` to `after`.
    static func change(from before: UInt64, to after: UInt64, _ unit: QuotaUnit) -> ReportCell {
        let size = Int64(clamping: before > after ? before - after : after - before)
        return .difference(before > after ? -size : size, unit)
    }
}

extension ReportCell {
    /// Whether the cell stands on the right of its column.
    var isNumber: Bool {
        switch self {
        case .none, .text: false
        case .count, .amount, .difference, .share: true
        }
    }

    /// The value for people: thousands separated, no unit.
    var words: String {
        switch self {
        case .none: "-"
        case .text(let text): text
        case .count(let count): QuotaUnit.units.text(of: count)
        case .amount(let amount, let unit): unit.text(of: amount)
        case .difference(let difference, let unit):
            (difference > 0 ? "+" : difference < 0 ? "-" : "")
                + unit.text(of: difference.magnitude)
        case .share(let share): Self.percent(share) + " %"
        }
    }

    /// The value for programs: plain decimals, nothing for nothing.
    var plain: String {
        switch self {
        case .none: ""
        case .text(let text): text
        case .count(let count): String(count)
        case .amount(let amount, let unit): unit.canonicalText(of: amount)
        case .difference(let difference, let unit):
            (difference < 0 ? "-" : "") + unit.canonicalText(of: difference.magnitude)
        case .share(let share): Self.percent(share)
        }
    }

    /// The unit in words, where the value has one of its own.
    var unit: String? {
        switch self {
        case .amount(_, let unit), .difference(_, let unit): unit.word
        case .none, .text, .count, .share: nil
        }
    }

    /// Hundredths of a percent as a number of percent with two digits: `8325` is `83.25`.
    private static func percent(_ share: UInt64) -> String {
        let rest = share % 100
        return "\(share / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
