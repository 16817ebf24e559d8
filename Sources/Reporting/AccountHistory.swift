import Ledger
import QuotaRules

/// How one account moved, month by month.
struct AccountHistory: Sendable {
    /// What happened in one month.
    struct Month: Sendable {
        let month: Int
        /// What it held when the month began.
        let opening: UInt64
        /// What was added.
        var added: UInt64 = 0
        /// What was taken back.
        var taken: UInt64 = 0
        /// How many statements touched it.
        var changes: UInt64 = 0

        var closing: UInt64 { opening.clamped(plus: added).clamped(minus: taken) }
    }

    /// What happened, in order; months without movement are left out.
    private(set) var months: [Month] = []
    /// What it holds now.
    private(set) var total: AccountTotal

    init(_ change: AccountChange, month: Int) {
        total = change.after
        book(change, month: month)
    }

    /// Takes one more change.
    mutating func book(_ change: AccountChange, month: Int) {
        let before = change.before?.consumed ?? 0
        if months.last?.month != month { months.append(Month(month: month, opening: before)) }
        let place = months.count - 1
        months[place].changes += 1
        months[place].added.add(change.after.consumed.clamped(minus: before))
        months[place].taken.add(before.clamped(minus: change.after.consumed))
        total = change.after
    }

    /// What it held at the end of the last month before `period`.
    func opening(_ period: ReportPeriod) -> UInt64 {
        months.last { $0.month < period.first }?.closing ?? 0
    }

    /// The sums of the months of `period`.
    func movement(_ period: ReportPeriod) -> Month {
        var sum = Month(month: period.first, opening: opening(period))
        for month in months where period.contains(month.month) {
            sum.added.add(month.added)
            sum.taken.add(month.taken)
            sum.changes += month.changes
        }
        return sum
    }
}

extension UInt64 {
    /// Adds, and stops at the largest number there is.
    fileprivate mutating func add(_ other: UInt64) { self = clamped(plus: other) }
}
