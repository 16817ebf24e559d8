public import QuotaRules

/// A cap that holds from a day on.
public struct CapStep: Hashable, Sendable {
    /// The first day.
    public let from: CalendarDate
    /// The cap in the account's unit; nil if there is none, or the account's period has ended.
    public let cap: UInt64?
}

extension LedgerState {
    /// The most days that one question about caps may span.
    public static let capDaysMax = 4_000

    /// How an account's cap moves from day to day, as far as the ledger knows after its last block.
    ///
    /// On each day the policy counts that is or was in force on it, or is decided for it; agreements,
    /// allocations and the catalogue are those of now.
    ///
    /// - Parameters:
    ///   - account: The account.
    ///   - first: The first day.
    ///   - days: How many days, at most ``capDaysMax``; what is beyond is left out.
    /// - Returns: The steps, ascending; the first is that of `first`.
    public func capSteps(
        of account: AccountKey,
        from first: CalendarDate,
        days: Int
    ) -> [CapStep] {
        let terms = policies.compactMap(PolicyTerm.init)
        let standing = AccountStanding(accounts: accountTable, grants: governance.grants)
        var steps: [CapStep] = []
        for offset in 0..<max(0, min(days, Self.capDaysMax)) {
            guard let day = first.adding(days: offset) else { break }
            let policy = terms.last { $0.holds(on: day) }?.policy
            let isInPeriod = policy?.period(of: account.limit, on: day) == account.period
            let cap =
                isInPeriod
                ? policy?.cap(
                    of: account,
                    on: day,
                    catalogue: catalogue.document,
                    standing: standing
                ) : nil
            guard steps.last.map({ $0.cap != cap }) ?? true else { continue }
            steps.append(CapStep(from: day, cap: cap))
        }
        return steps
    }
}

/// The days of a policy.
private struct PolicyTerm {
    let policy: Policy
    private let first: CalendarDate
    private let end: CalendarDate?

    /// Nil for a policy that never was in force and will not be.
    init?(_ adoption: Adoption<Policy>) {
        let start = adoption.since.flatMap { CalendarDate(posixSeconds: $0) }
        guard let first = start ?? (adoption.state == .scheduled ? adoption.effective : nil) else {
            return nil
        }
        policy = adoption.adopted.document
        self.first = first
        end =
            adoption.until.flatMap { CalendarDate(posixSeconds: $0) }
            ?? adoption.withdrawal?.effective.adding(days: -1)
    }

    /// Whether the policy is the one of this day; on the day of a change both are, and the later counts.
    func holds(on day: CalendarDate) -> Bool {
        first <= day && (end.map { day <= $0 } ?? true)
    }
}
