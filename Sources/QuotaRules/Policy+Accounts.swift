extension Policy {
    /// The period of the account that a claim of `date` would debit under a limit.
    ///
    /// - Returns: The period's name, or nil if the policy has no such limit or it does not hold then.
    public func period(of limitID: String, on date: CalendarDate) -> String? {
        guard let (limit, _) = index.limit(ofAccount: limitID),
            limit.validity?.contains(date) ?? true
        else { return nil }
        return limit.period(on: date)
    }

    /// The cap of an account on a day, uplift and grants included, in the account's unit.
    ///
    /// Of several tiers the first that refuses, else the highest. Nil if the limit is unknown, has no
    /// cap, or has none on that day. A cap in equivalents needs the catalogue, and a share what
    /// accounts hold.
    public func cap(
        of account: AccountKey,
        on date: CalendarDate,
        catalogue: ChipCatalogue,
        standing: some Standing = EmptyStanding()
    ) -> UInt64? {
        use(of: account, on: date, catalogue: catalogue, standing: standing)?.cap
    }

    /// How an account stands to its cap on a day, without a claim.
    ///
    /// Of several tiers the first that refuses, else the highest, is its cap. This is also how a share
    /// is measured at a reporting date.
    ///
    /// - Returns: Nil if the policy has no such limit.
    public func use(
        of account: AccountKey,
        on date: CalendarDate,
        catalogue: ChipCatalogue,
        standing: some Standing
    ) -> LimitUse? {
        guard let (limit, part) = index.limit(ofAccount: account.limit),
            account.subject.count == limit.limit.subject.count
        else { return nil }
        let levels = limit.levels(on: date)
        let level = levels.first { $0.exceeded.outcome == .refuse } ?? levels.last
        let base = limit.denominator.map { keeper(of: $0, account, on: date) }
        let sum = base.map(standing.consumed) ?? 0
        let cap = level.flatMap {
            limit.cap(
                $0,
                of: account.subject,
                on: date,
                catalogue: catalogue,
                standing: standing,
                sum: sum,
                part: part
            )
        }
        return LimitUse(
            limitID: account.limit,
            subject: account.subject,
            period: account.period,
            unit: limit.limit.metric.unit,
            before: standing.consumed(account),
            amount: 0,
            cap: cap,
            proportion: base.flatMap { base in
                level?.stated.map {
                    Proportion(cap: $0, denominator: base, before: sum, amount: 0)
                }
            },
            largestQuantity: nil,
            citation: limit.limit.citation
        )
    }

    /// The account that keeps the sum that another's cap is a part of.
    private func keeper(
        of denominator: LimitIndex.Denominator,
        _ account: AccountKey,
        on date: CalendarDate
    ) -> AccountKey {
        let keeper = index.limits[denominator.limit]
        return AccountKey(
            limit: keeper.limit.id,
            subject: denominator.places.map { account.subject[$0] },
            period: keeper.period(on: date)
        )
    }
}
