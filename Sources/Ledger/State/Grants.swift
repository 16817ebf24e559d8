import HashTreeCollections
import QuotaRules

/// What agreements and allocations on the ledger give.
struct Grants: Equatable, Sendable {
    /// By limit and country, in the order in which they were decided.
    private(set) var agreements: TreeDictionary<GrantKey, [GrantRecord<Agreement>]> = [:]
    /// By limit and subject, in the order in which they were decided.
    private(set) var allocations: TreeDictionary<GrantKey, [GrantRecord<Allocation>]> = [:]

    mutating func add(_ grant: GrantRecord<Agreement>) {
        let key = GrantKey(limit: grant.terms.limit, subject: [grant.terms.country])
        agreements[key, default: []].append(grant)
        agreements[key]?.sort { $0.precedes($1) }
    }

    mutating func add(_ grant: GrantRecord<Allocation>) {
        let key = GrantKey(limit: grant.terms.limit, subject: grant.terms.subject)
        allocations[key, default: []].append(grant)
        allocations[key]?.sort { $0.precedes($1) }
    }

    /// By how many percent agreements raise a limit's cap for a country on a day.
    func uplift(of limit: String, for country: String, on date: CalendarDate) -> UInt64 {
        guard !agreements.isEmpty else { return 0 }
        return agreements[GrantKey(limit: limit, subject: [country])]?
            .last { $0.terms.validity.contains(date) }?.terms.percent ?? 0
    }

    /// What allocations grant to a subject of a limit on a day; nil where nothing is granted.
    func granted(of limit: String, to subject: [String], on date: CalendarDate) -> UInt64? {
        guard !allocations.isEmpty else { return nil }
        return allocations[GrantKey(limit: limit, subject: subject)]?
            .last { $0.terms.validity.contains(date) }?.terms.amount
    }
}
