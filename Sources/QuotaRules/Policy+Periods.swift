extension Policy {
    /// The period of the account that a claim of `date` would debit under a limit.
    ///
    /// - Returns: The period's name, or nil if the policy has no such limit or it does not hold then.
    public func period(of limitID: String, on date: CalendarDate) -> String? {
        guard let limit = index.limits.first(where: { $0.limit.id == limitID }),
            limit.validity?.contains(date) ?? true
        else { return nil }
        return limit.period(on: date)
    }
}
