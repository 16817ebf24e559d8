import HashTreeCollections
import QuotaRules

/// What the accounts, agreements and allocations of a state say to the rules.
struct AccountStanding: Standing {
    let accounts: TreeDictionary<AccountKey, AccountTotal>
    let grants: Grants

    func consumed(_ account: AccountKey) -> UInt64 { accounts[account]?.consumed ?? 0 }

    func uplift(of limit: String, for country: String, on date: CalendarDate) -> UInt64 {
        grants.uplift(of: limit, for: country, on: date)
    }

    func granted(
        of limit: String,
        to subject: [String],
        on date: CalendarDate
    ) -> UInt64? {
        grants.granted(of: limit, to: subject, on: date)
    }
}
