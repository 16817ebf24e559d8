import QuotaRules

/// A stretch of whole months.
public struct ReportPeriod: Hashable, Sendable {
    /// How long the periods of a roll-forward are.
    public enum Step: String, Hashable, Sendable, CaseIterable {
        /// Calendar months.
        case month
        /// Quarters from 1 January, 1 April, 1 July and 1 October.
        case quarter
        /// Calendar years.
        case year
        /// Everything in one.
        case cumulative
    }

    /// The first month, counted from year 0.
    let first: Int
    /// The last month.
    let last: Int
    /// Its name: `2026-03`, `2026-Q1`, `2026`, or `all`.
    public let name: String

    /// Everything.
    public static let all = ReportPeriod(first: 0, last: .max, name: "all")

    private init(first: Int, last: Int, name: String) {
        self.first = first
        self.last = last
        self.name = name
    }

    /// Reads `2026`, `2026-Q1`, `2026-03` or `all`; nil if the text is none of them.
    public init?(_ text: String) {
        guard text != "all" else {
            self = .all
            return
        }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let year = CalendarDate("\(parts[0])-01-01"), parts.count <= 2 else { return nil }
        let start = year.year * 12
        guard parts.count == 2 else {
            self.init(first: start, last: start + 11, name: text)
            return
        }
        if let quarter = ["Q1", "Q2", "Q3", "Q4"].firstIndex(of: parts[1]) {
            self.init(first: start + quarter * 3, last: start + quarter * 3 + 2, name: text)
        } else if let month = CalendarDate("\(text)-01") {
            self.init(first: start + month.month - 1, last: start + month.month - 1, name: text)
        } else {
            return nil
        }
    }

    /// The period of a roll-forward that holds `month`.
    init(holding month: Int, step: Step) {
        let (year, place) = month.quotientAndRemainder(dividingBy: 12)
        let name = String(repeating: "0", count: max(0, 4 - String(year).count)) + String(year)
        switch step {
        case .cumulative: self = .all
        case .year: self.init(first: year * 12, last: year * 12 + 11, name: name)
        case .quarter:
            let start = year * 12 + place / 3 * 3
            self.init(first: start, last: start + 2, name: "\(name)-Q\(place / 3 + 1)")
        case .month:
            let text = place < 9 ? "0\(place + 1)" : "\(place + 1)"
            self.init(first: month, last: month, name: "\(name)-\(text)")
        }
    }

    /// Whether `month` belongs to it.
    func contains(_ month: Int) -> Bool { first <= month && month <= last }

    /// The month of a POSIX time, counted from year 0.
    static func month(of time: UInt64) -> Int {
        guard let day = CalendarDate(posixSeconds: time) else { return 9_999 * 12 + 11 }
        return day.year * 12 + day.month - 1
    }
}
