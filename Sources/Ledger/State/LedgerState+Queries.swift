import HashTreeCollections
public import QuotaRules
import StateMap

extension LedgerState {
    /// The members, ascending by id.
    public var members: [Member] {
        memberTable.values.sorted { $0.card.id < $1.card.id }
    }

    /// How many members there are.
    public var memberCount: Int { memberTable.count }

    /// The member with the given id.
    public func member(_ id: String) -> Member? { memberTable[id] }

    /// The organisations, ascending by id.
    public var organisations: [Organisation] {
        organisationTable.values.sorted { $0.body.id < $1.body.id }
    }

    /// The organisation with the given id.
    public func organisation(_ id: String) -> Organisation? { organisationTable[id] }

    /// Every account that was ever used, ascending by limit, subject and period.
    public var accounts: [Account] {
        accountTable.map { Account(key: $0.key, total: $0.value) }.sorted { $0.key < $1.key }
    }

    /// What an account holds, or nil if it was never used.
    public func account(_ key: AccountKey) -> AccountTotal? { accountTable[key] }

    /// The accounts that belong to a country: those of limits whose subject names it as destination
    /// or as the place of a party, ascending.
    public func accounts(of country: String) -> [Account] {
        let places = Dictionary(
            uniqueKeysWithValues: policy.document.limits.map { ($0.id, $0.countryPlaces) }
        )
        return accounts.filter { account in
            (places[account.key.limit] ?? []).contains { place in
                place < account.key.subject.count && account.key.subject[place] == country
            }
        }
    }

    /// The account of every country of the policy under every country cap in the period of the last
    /// block, used or not, so that a reader sees that none was left out; then those of other periods.
    public var countryAccounts: [AccountKey] {
        let limits = policy.document.limits.filter { $0.isByCountry && $0.hasCap }
        var keys: [AccountKey] = []
        if let today = CalendarDate(posixSeconds: blockTime) {
            for limit in limits {
                guard let period = policy.document.period(of: limit.id, on: today) else { continue }
                keys += policy.document.document.countries.map {
                    AccountKey(limit: limit.id, subject: [$0], period: period)
                }
            }
        }
        let known = Set(keys)
        keys += accounts.map(\.key).filter { key in
            !known.contains(key) && limits.contains { $0.id == key.limit }
        }
        return keys
    }

    /// What became of a claim, or nil if the issuer never made it.
    public func claim(issuer: String, id: String) -> ClaimRecord? {
        map[StateKey.claim(issuer: issuer, id: id)].flatMap { try? ClaimRecord.decode($0) }
    }

    /// The index and leaf hash of the statement with the given identity, or nil.
    public func registration(of identity: StatementIdentity) -> Registration? {
        let run = BlockRun(self, time: blockTime)
        return run.entry(identity.stateKey, kind: identity.kind).map {
            Registration(index: $0.index, leafHash: $0.leafHash)
        }
    }

    /// The decision on a claim that nobody has signed yet.
    ///
    /// - Throws: ``Refusal`` if the claim names an organisation that is not registered.
    public func dryRun(_ claim: ClaimBody, issuer: String) throws(Refusal) -> Decision {
        let run = BlockRun(self, time: blockTime)
        do throws(Refusal) {
            return run.judge(try run.facts(claim, issuer: issuer))
        } catch {
            var refusal = error
            refusal.judgedAt = size
            throw refusal
        }
    }

    /// How much could be claimed, on the assumption that the evidence is on file.
    ///
    /// - Throws: ``Refusal`` if the question names an organisation that is not registered.
    public func room(_ query: RoomQuery) throws(Refusal) -> RoomReport {
        let run = BlockRun(self, time: blockTime)
        try run.checkPolicyInForce()
        let facts = ClaimFacts(
            authority: query.authority,
            destination: query.destination,
            parties: query.parties.isEmpty
                ? unnamedParties(in: query.destination)
                : try run.parties(query.parties),
            lines: [],
            exported: query.exported,
            received: query.received,
            evidence: query.evidence,
            exporter: query.issuer
        )
        return QuotaRules.room(
            for: query.sku,
            facts,
            policy: policy.document,
            catalogue: catalogue.document,
            standing: AccountStanding(accounts: accountTable, grants: governance.grants)
        )
    }

    /// One party that is new to the ledger and has everything in `country`, in each of the policy's
    /// roles.
    private func unnamedParties(in country: String) -> [PartyFacts] {
        policy.document.document.roles.map {
            PartyFacts(
                role: $0,
                organisation: "unnamed",
                location: country,
                headquarters: country
            )
        }
    }
}

extension Limit {
    /// The places in the subject that hold a country.
    fileprivate var countryPlaces: [Int] {
        subject.indices.filter { place in
            switch subject[place] {
            case .destination: true
            case .party(_, let field):
                switch field {
                case .location, .headquarters, .parentHeadquarters: true
                case .id, .parent: false
                }
            case .product, .exporter, .facility: false
            }
        }
    }
}
