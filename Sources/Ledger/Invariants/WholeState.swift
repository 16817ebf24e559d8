import CBOR
import HashTreeCollections
import QuotaRules
import StateMap

/// Everything that follows from the entries of a state map.
struct WholeState {
    private let state: LedgerState
    private var sums: [AccountKey: AccountSum] = [:]
    private var tables = SnapshotTables()
    private var tagCounts: [ClaimReference: UInt64] = [:]
    private var liveTags: [ClaimReference: UInt64] = [:]
    /// Accounts with an opening inventory, which may stand above a cap.
    private var opened: Set<AccountKey> = []
    private var overdue: [ClaimReference] = []

    /// Reads every entry, and checks each claim in itself.
    init(_ state: LedgerState, _ findings: inout InvariantFindings) {
        self.state = state
        var entries: [(key: [UInt8], value: [UInt8])] = []
        entries.reserveCapacity(state.map.count)
        state.map.forEach { key, value in entries.append((key, value)) }
        for (key, value) in entries {
            do throws(CBORFieldError) {
                try tables.read(key, value)
                try read(key, value, &findings)
            } catch {
                findings.expect(
                    false,
                    .bounds,
                    "the value under the state key \(key)",
                    "a value of its kind within its bounds",
                    found: error.description
                )
            }
        }
    }

    private mutating func read(
        _ key: [UInt8],
        _ value: [UInt8],
        _ findings: inout InvariantFindings
    ) throws(CBORFieldError) {
        let items = try CBORItem(try CBORValue.mapValue(key)).array(maxCount: 32)
        switch items.first?.value.textValue {
        case "claim":
            let claim = try ClaimReference(CBORItem(.array(items.dropFirst().map(\.value))))
            let record = try ClaimRecord.decode(value)
            record.check(claim, today: today, &findings)
            for posting in record.postings {
                sums[posting.account, default: AccountSum()].add(record.lines, posting)
            }
            if record.tagCount > 0 { tagCounts[claim] = record.tagCount }
            if let day = record.deadlines.first, day < today { overdue.append(claim) }
        case "inventory":
            let record = try InventoryRecord.decode(value)
            for posting in record.postings {
                sums[posting.account, default: AccountSum()].add(record.lines, posting)
                opened.insert(posting.account)
            }
        case "tag":
            let tag = try TagRecord.decode(value)
            if tag.isLive { liveTags[tag.claim, default: 0] += 1 }
        default: return
        }
    }

    private var today: UInt64 { state.blockTime / 86_400 }

    /// Compares every account with the sum of what claims hold in it, and with its cap.
    func checkAccounts(_ findings: inout InvariantFindings) {
        var strict: [String: Bool] = [:]
        for account in state.accounts {
            account.total.check(account.key, &findings)
            var held = AccountSum()
            held.add(account.total)
            let claimed = sums[account.key] ?? AccountSum()
            findings.expect(
                held == claimed,
                .recomputation,
                "the account \(account.key.words)",
                claimed.words,
                found: held.words
            )
            let limit = account.key.limit
            let isStrict = strict[limit] ?? wasAlwaysStrict(account.key)
            strict[limit] = isStrict
            if isStrict { checkCap(account, &findings) }
        }
        for (key, sum) in sums.sorted(by: { $0.key < $1.key })
        where state.accountTable[key] == nil {
            findings.expect(
                sum.isZero,
                .recomputation,
                "the account \(key.words)",
                sum.words,
                found: "no account"
            )
        }
    }

    /// An account stands below the cap that it last had, if no policy ever let it pass that.
    private func checkCap(_ account: Account, _ findings: inout InvariantFindings) {
        guard let cap = account.total.cap, account.total.overrides == 0,
            !opened.contains(account.key)
        else { return }
        findings.expect(
            account.total.consumed <= cap,
            .caps,
            account.key.words,
            "at most \(cap)",
            found: "\(account.total.consumed)"
        )
    }

    /// Whether every policy that was ever in force refuses what is above the cap of an account.
    private func wasAlwaysStrict(_ account: AccountKey) -> Bool {
        state.governance.policies.values.allSatisfy { adoption in
            adoption.since == nil
                || state.limit(of: account, in: adoption.adopted.document)?.isStrict ?? true
        }
    }

    /// Compares what a node keeps in memory with what the map says.
    func checkTables(_ findings: inout InvariantFindings) {
        let accounts = tables.accounts
        for (key, total) in accounts.sorted(by: { $0.key < $1.key }) {
            let judged = state.accountTable[key]
            findings.expect(
                judged == total,
                .publicTotals,
                "the account \(key.words)",
                "\(total.consumed), as the state map says",
                found: judged.map { "\($0.consumed)" } ?? "no account"
            )
        }
        let governance = tables.governance
        let isSame: [(String, Bool)] = [
            ("accounts", accounts.count == state.accountTable.count),
            ("members", tables.members == state.memberTable),
            ("organisations", tables.organisations == state.organisationTable),
            (
                "validators",
                tables.epoch(first: state.epoch.number == 1 ? state.validators : []) == state.epoch
            ),
            ("the policy in force", tables.policy == state.policy),
            ("the withdrawal of the policy", governance.withdrawnBy == state.withdrawnBy),
            ("the catalogue in force", tables.catalogue == state.catalogue),
            ("policies", governance.policies == state.governance.policies),
            ("catalogues", governance.catalogues == state.governance.catalogues),
            ("facilities", governance.facilities == state.governance.facilities),
            ("proposals", governance.proposals == state.governance.proposals),
            ("suspensions", governance.suspensions == state.governance.suspensions),
            ("convictions", governance.convictions == state.governance.convictions),
            ("suspended members", governance.suspended == state.governance.suspended),
            ("agreements", governance.grants.agreements == state.governance.grants.agreements),
            ("allocations", governance.grants.allocations == state.governance.grants.allocations),
            ("what is open and what is planned", governance == state.governance),
        ]
        for (name, holds) in isSame {
            findings.expect(
                holds,
                .publicTotals,
                name,
                "what the state map says",
                found: "something else in memory"
            )
        }
    }

    /// Compares the tags that are live with what claims count.
    func checkTags(_ findings: inout InvariantFindings) {
        let claims = Set(tagCounts.keys).union(liveTags.keys)
        for claim in claims.sorted(by: { $0.description < $1.description }) {
            findings.expect(
                liveTags[claim] ?? 0,
                equals: tagCounts[claim] ?? 0,
                .finality,
                "the live tags of \(claim)"
            )
        }
    }

    /// Compares the head with the tree and the map.
    func checkHead(_ findings: inout InvariantFindings) {
        let header = state.lastHeader
        findings.expect(state.size, equals: header.treeSize, .growth, "the size")
        findings.expect(
            state.map.root,
            equals: header.mapRoot,
            .publicTotals,
            "the root of the state map"
        )
        let mayWait = state.dueIndex.first.map { $0 < today } ?? false
        findings.expect(
            overdue.isEmpty || mayWait,
            .time,
            "what ran out before day \(today)",
            "ended",
            found: "\(overdue.count) claims waiting, the first \(overdue.first?.description ?? "")"
        )
    }
}
