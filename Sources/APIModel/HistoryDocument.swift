/// The question of `/v1/proof/...` about several entries of the state map.
package enum StateProofQuery: Hashable, Sendable {
    /// Every country of the policy under every country cap, used or not.
    case countries
    /// Every account that belongs to a country.
    case accounts(country: String)
    /// Every claim among the 256 leaves of an entry bundle.
    case claims(bundle: UInt64)
    /// The oldest claims about which somebody must do something.
    case attention
    /// Members, policies, the newest proposals, and suspensions.
    case governance
    /// One key, deterministic CBOR.
    case key([UInt8])
}

/// `/v1/history/{country}`: how the country's capped accounts came to stand where they stand.
///
/// The sums are of what claims hold at `checkpoint`. They prove nothing by themselves: a reader
/// compares them with the proven total, and each claim with its own proof.
package struct HistoryDocument: Codable, Hashable, Sendable {
    /// The tree head that the figures were taken from.
    package var checkpoint: CheckpointSummary
    /// The country.
    package var country: String
    /// Its capped accounts, by limit and period.
    package var accounts: [AccountHistory]
    /// Whether every claim for the country was read; if not, the newest ones are missing.
    package var isComplete: Bool

    /// Makes a history.
    package init(
        checkpoint: CheckpointSummary,
        country: String,
        accounts: [AccountHistory],
        isComplete: Bool
    ) {
        self.checkpoint = checkpoint
        self.country = country
        self.accounts = accounts
        self.isComplete = isComplete
    }
}

/// What claims hold of one account, added up in several ways.
package struct AccountHistory: Codable, Hashable, Sendable {
    /// The limit's id in the policy.
    package var limit: String
    /// The period that the account covers.
    package var period: String
    /// The unit of all amounts: `tpp`, in tenths, or `units`.
    package var unit: String
    /// By the day on which the block of the claim was made.
    package var days: [Part] = []
    /// The cap from the first of those days on, also for days to come, as far as it is decided.
    package var caps: [Cap] = []
    /// By SKU, with what the limit gave back.
    package var chips: [Part] = []
    /// By the member that claimed.
    package var exporters: [Part] = []
    /// By the ultimate parent of the ultimate consignee.
    package var parents: [Part] = []
    /// What was delivered, by the grade of its evidence, 0 to 4; 0 is declared only.
    package var grades: [Part] = []
    /// The leaf indexes of the newest claims, newest first.
    package var newest: [UInt64] = []

    /// Makes an account without claims.
    package init(limit: String, period: String, unit: String) {
        self.limit = limit
        self.period = period
        self.unit = unit
    }

    /// A cap that holds from a day on.
    package struct Cap: Codable, Hashable, Sendable {
        /// The first day.
        package var from: String
        /// The cap in the account's smallest unit; nil if there is none, or the period has ended.
        package var cap: UInt64?

        /// Makes a step.
        package init(from: String, cap: UInt64?) {
            self.from = from
            self.cap = cap
        }
    }

    /// One row of a sum.
    package struct Part: Codable, Hashable, Sendable {
        /// The day, SKU, member, parent or grade.
        package var name: String
        /// The number of claims.
        package var claims: UInt64
        /// What they hold, in the account's smallest unit.
        package var amount: UInt64

        /// Makes a row.
        package init(name: String, claims: UInt64, amount: UInt64) {
            self.name = name
            self.claims = claims
            self.amount = amount
        }
    }
}
