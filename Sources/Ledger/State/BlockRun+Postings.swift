import HashTreeCollections
import QuotaRules

extension BlockRun {
    /// Adds to accounts from outside what quantities weigh by the rules, all in one bucket.
    ///
    /// Changes nothing if an account would pass the largest total there is.
    mutating func post(
        _ movements: [Movement],
        of lines: [ClaimRecord.Line],
        _ quantities: [UInt64],
        to bucket: Bucket
    ) throws(Refusal) {
        var totals: [(AccountKey, AccountTotal)] = []
        totals.reserveCapacity(movements.count)
        for movement in movements {
            var total =
                accounts[movement.account]
                ?? AccountTotal(cap: movement.cap, unit: movement.unit, asOf: next)
            let amount = Self.amount(quantities, perUnit: movement.perUnit)
            let chips = Self.chips(lines, quantities, perUnit: movement.perUnit)
            guard amount < Tpp.totalBound - total.amounts.sum,
                chips < Tpp.totalBound - total.chips.sum
            else {
                throw Refusal(.limitExceeded, "An account would pass the largest total there is.")
            }
            total.amounts[bucket] += amount
            total.chips[bucket] += chips
            total.cap = movement.cap
            total.asOf = next
            totals.append((movement.account, total))
        }
        for (account, total) in totals { setAccount(account, total) }
    }

    /// Moves quantities of a record from one bucket to another, in its lines and in all its accounts.
    ///
    /// - Parameters:
    ///   - quantities: How many of each line; no more than the bucket has.
    ///   - record: The record.
    ///   - from: Where they stand.
    ///   - to: Where they stand then.
    ///   - events: What happened; limits whose release rule in the policy in force names one of it
    ///     give back what moves.
    ///   - shared: Accounts that give it back in any case.
    mutating func move(
        _ quantities: [UInt64],
        of record: inout ClaimRecord,
        from: Bucket,
        to: Bucket,
        releasing events: [ReleaseEvent] = [],
        sharing shared: Set<AccountKey> = []
    ) {
        guard quantities.contains(where: { $0 > 0 }) else { return }

        for place in record.postings.indices {
            let posting = record.postings[place]
            let amount = Self.amount(quantities, perUnit: posting.perUnit)
            let chips = Self.chips(record.lines, quantities, perUnit: posting.perUnit)
            // An account holds what its records hold; only in a supposed world it may not.
            guard amount > 0, var total = accounts[posting.account],
                total.amounts[from] >= amount, total.chips[from] >= chips
            else { continue }
            total.amounts[from] -= amount
            total.amounts[to] += amount
            total.chips[from] -= chips
            total.chips[to] += chips
            if shared.contains(posting.account) || releases(posting.account, on: events) {
                total.released += amount
                total.releasedChips += chips
                record.postings[place].released += amount
                record.postings[place].releasedChips += chips
            }
            total.asOf = next
            setAccount(posting.account, total)
        }
        for (place, quantity) in quantities.enumerated() {
            record.lines[place].quantities[from] -= quantity
            record.lines[place].quantities[to] += quantity
            if from == .delivered { record.lines[place].fitGrades() }
        }
    }

    /// Whether the limit of an account gives room back on an event, by the policy in force.
    private func releases(_ account: AccountKey, on events: [ReleaseEvent]) -> Bool {
        guard !events.isEmpty, let limit = policy.document.limit(account.limit) else {
            return false
        }
        return events.contains { limit.release.events.contains($0) }
    }

    /// What quantities are in an account; found below 2^40 when the claim was judged.
    static func amount(_ quantities: [UInt64], perUnit: [UInt64]) -> UInt64 {
        var sum: UInt64 = 0
        for (quantity, one) in zip(quantities, perUnit) { sum += quantity * one }
        return sum
    }

    /// The integrated circuits that count in an account.
    static func chips(
        _ lines: [ClaimRecord.Line],
        _ quantities: [UInt64],
        perUnit: [UInt64]
    ) -> UInt64 {
        var sum: UInt64 = 0
        for place in perUnit.indices where perUnit[place] > 0 {
            sum += quantities[place] * lines[place].circuits
        }
        return sum
    }
}

extension ClaimRecord.Line {
    /// Takes evidence back for what is no longer delivered: the weakest first.
    mutating func fitGrades() {
        var excess = grades.reduce(0, +)
        excess = excess > quantities[.delivered] ? excess - quantities[.delivered] : 0
        for place in grades.indices where excess > 0 {
            let part = min(excess, grades[place])
            grades[place] -= part
            excess -= part
        }
        while grades.last == 0 { grades.removeLast() }
    }
}
