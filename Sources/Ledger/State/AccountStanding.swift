import HashTreeCollections
import QuotaRules

/// What the accounts of a state say to the rules.
struct AccountStanding: Standing {
    let accounts: TreeDictionary<AccountKey, AccountTotal>

    func consumed(_ account: AccountKey) -> UInt64 { accounts[account]?.consumed ?? 0 }
}
