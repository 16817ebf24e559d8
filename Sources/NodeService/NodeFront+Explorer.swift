import APIModel
import HTTPAPI
import Ledger
import LedgerStore
import MerkleLog
import QuotaCrypto
import QuotaRules
import StateMap
import Synchronization
import Transparency

// What the explorer page asks of a node, beside tiles and checkpoint.

extension NodeFront {
    /// The most map proofs of one answer.
    private static let proofsMax = 4_096
    /// The most proposals, the most suspensions and the most convictions of one answer.
    private static let proposalsMax = 256
    /// The most claims that one history reads.
    private static let historyClaimsMax = 20_000
    /// The most claims that a history names.
    private static let newestMax = 100

    func stateProof(_ query: StateProofQuery, isWitnessed: Bool) async throws -> [UInt8]? {
        let newest = isWitnessed ? shared.current.witnessed : try await publishedPage()
        guard let page = newest else { return nil }
        let state = page.state
        let keys: [[UInt8]] =
            switch query {
            case .countries: state.countryAccounts.map(StateKey.account)
            case .accounts(let country):
                state.accounts(of: country).map { StateKey.account($0.key) }
            case .attention: try attentionKeys(of: state)
            case .governance: Self.governanceKeys(of: state)
            case .claims(let bundle): try claimKeys(bundle: bundle, size: state.size)
            case .key(let key): [key]
            }
        // That no country has an account, or nothing needs attention, is an answer.
        guard !keys.isEmpty || [.countries, .attention].contains(query) else { return nil }
        let path = try InclusionProof(index: state.size - 1, size: state.size, from: shared.store)
        let proof = state.stateProof(
            for: Array(keys.prefix(Self.proofsMax)),
            path: path.path,
            note: page.note
        )
        return Array(proof.text.utf8)
    }

    /// Members, every policy that was ever decided, the newest proposals, suspensions and convictions.
    private static func governanceKeys(of state: LedgerState) -> [[UInt8]] {
        let members = state.members.map { StateKey.registered(.member, id: $0.card.id) }
        let policies = state.policies.map(\.adopted.document).map {
            StateKey.document(.policy, id: $0.id, version: $0.version)
        }
        let proposals = state.proposals.suffix(proposalsMax).map(\.subject).map {
            StateKey.owned(.proposal, issuer: $0.issuer, subject: $0.id)
        }
        let suspensions = state.suspensions.suffix(proposalsMax).map(\.subject).map {
            StateKey.owned(.suspension, issuer: $0.issuer, subject: $0.id)
        }
        let convictions = state.convictions.suffix(proposalsMax).map {
            StateKey.registered(.evidence, id: EvidenceBody.subject($0.epoch, $0.member))
        }
        return members + policies + proposals + suspensions + convictions
    }

    /// The keys of the oldest claims about which somebody must do something.
    ///
    /// Of each state the oldest claims are looked through: what is overdue is old.
    private func attentionKeys(of state: LedgerState) throws -> [[UInt8]] {
        let today = max(state.blockTime, NodeCore.posixTime()) / 86_400
        if let known = attention.keys(on: today) { return known }
        let lifecycle = state.policy.document.lifecycle
        var found: [(index: UInt64, key: [UInt8])] = []
        for word in Self.attentionStates {
            var filter = StoredClaimFilter()
            filter.state = word.rawValue
            for claim in try shared.store.claims(filter, max: Self.attentionClaimsMax) {
                guard let record = state.claim(issuer: claim.issuer, id: claim.claim),
                    !record.attention(on: today, by: lifecycle).isEmpty
                else { continue }
                found.append((claim.index, StateKey.claim(issuer: claim.issuer, id: claim.claim)))
            }
        }
        let oldest = found.sorted { $0.index < $1.index }.prefix(Self.attentionMax)
        attention.keep(oldest.map(\.key), on: today)
        return oldest.map(\.key)
    }

    /// The keys of the claims among the leaves of an entry bundle.
    private func claimKeys(bundle: UInt64, size: UInt64) throws -> [[UInt8]] {
        let width = UInt64(TilePath.fullWidth)
        guard bundle < size else { return [] }
        let (first, overflow) = bundle.multipliedReportingOverflow(by: width)
        guard !overflow, first < size else { return [] }
        try requireLeaves(first...min(first + width, size) - 1)
        let leaves = try shared.store.leaves(first..<min(first + width, size))
        return leaves.compactMap { leaf in
            guard leaf.kind == StatementKind.claim.rawValue, let identity = leaf.identity else {
                return nil
            }
            return StateKey.claim(issuer: identity.issuer, id: identity.subject)
        }
    }

    /// The states in which something of a claim may wait for somebody.
    private static let attentionStates: [ClaimRecord.State] = [
        .awaiting, .disputed, .reserved, .licensed, .inTransit, .delivered,
    ]
    /// The most claims of one state that are looked through.
    private static let attentionClaimsMax = 5_000
    /// The most claims of one answer.
    private static let attentionMax = 100

    // MARK: Histories

    func history(country: String) async throws -> HistoryDocument {
        let state = shared.current.final
        if let known = histories.document(of: country, size: state.size) { return known }
        let document = try makeHistory(country: country, state)
        histories.keep(document)
        return document
    }

    private func makeHistory(country: String, _ state: LedgerState) throws -> HistoryDocument {
        let accounts = state.accounts(of: country).filter { account in
            account.total.cap != nil
                && state.policy.document.limit(account.key.limit)?.isByCountry == true
        }
        var sums = accounts.map { HistorySum($0) }
        var after: UInt64?
        var readCount = 0
        var filter = StoredClaimFilter()
        filter.destination = country
        while readCount < Self.historyClaimsMax {
            let page = try shared.store.claims(filter, after: after, max: 1_000)
            for claim in page where claim.index < state.size {
                add(claim, of: state, to: &sums)
            }
            readCount += page.count
            guard page.count == 1_000, let last = page.last else { break }
            after = last.index
        }
        return HistoryDocument(
            checkpoint: CheckpointSummary(state),
            country: country,
            accounts: sums.map { $0.document(newestMax: Self.newestMax, of: state) },
            isComplete: readCount < Self.historyClaimsMax
        )
    }

    private func add(_ claim: StoredClaim, of state: LedgerState, to sums: inout [HistorySum]) {
        guard let record = state.claim(issuer: claim.issuer, id: claim.claim) else { return }
        let parties = record.facts.parties
        let consignee = parties.first { $0.role == "ultimate_consignee" }?.organisation
        let organisation = consignee.flatMap { state.organisation($0)?.body }
        let parent = organisation?.parent?.id ?? consignee ?? "unnamed"
        for place in sums.indices {
            for posting in record.postings where posting.account == sums[place].key {
                sums[place].add(
                    posting,
                    of: record,
                    day: Timestamp(seconds: claim.blockTime).date,
                    exporter: claim.issuer,
                    parent: parent
                )
            }
        }
    }
}

/// The histories of the last state, so that readers of one page do not add up the same claims.
final class HistoryShelf: Sendable {
    private let kept = Mutex<[String: HistoryDocument]>([:])
    /// There are about 250 countries, and any two letters may be asked for.
    private static let countMax = 300

    /// The history of a country at a size, if it was made before.
    func document(of country: String, size: UInt64) -> HistoryDocument? {
        kept.withLock { kept in
            kept[country].flatMap { $0.checkpoint.size == size ? $0 : nil }
        }
    }

    /// Keeps a history in the place of an older one.
    func keep(_ document: HistoryDocument) {
        kept.withLock { kept in
            if kept.count >= Self.countMax { kept.removeAll() }
            kept[document.country] = document
        }
    }
}

/// The claims that need attention, looked for every ten seconds at most.
///
/// The list only says which proofs are worth giving: each is of the newest state.
final class AttentionShelf: Sendable {
    private let kept = Mutex<(keys: [[UInt8]], day: UInt64, end: ContinuousClock.Instant)?>(nil)

    /// The list of a day, if it is not too old.
    func keys(on day: UInt64) -> [[UInt8]]? {
        kept.withLock { kept in
            kept.flatMap { $0.day == day && ContinuousClock.now < $0.end ? $0.keys : nil }
        }
    }

    /// Keeps a list for a while.
    func keep(_ keys: [[UInt8]], on day: UInt64) {
        kept.withLock { $0 = (keys, day, ContinuousClock.now + .seconds(10)) }
    }
}

/// The sums of one account while claims are read.
private struct HistorySum {
    let key: AccountKey
    private let unit: QuotaUnit
    private var days: [String: AccountHistory.Part] = [:]
    private var chips: [String: AccountHistory.Part] = [:]
    private var exporters: [String: AccountHistory.Part] = [:]
    private var parents: [String: AccountHistory.Part] = [:]
    private var grades: [String: AccountHistory.Part] = [:]
    private var indexes: [UInt64] = []

    init(_ account: Account) {
        key = account.key
        unit = account.total.unit
    }

    mutating func add(
        _ posting: ClaimRecord.Posting,
        of record: ClaimRecord,
        day: String,
        exporter: String,
        parent: String
    ) {
        let amount = record.consumed(posting)
        Self.add(amount, to: &days, day)
        Self.add(amount, to: &exporters, exporter)
        Self.add(amount, to: &parents, parent)
        for (line, perUnit) in zip(record.lines, posting.perUnit) where perUnit > 0 {
            Self.add(perUnit &* line.quantities.sum, to: &chips, line.sku)
            let declared = line.quantities[.delivered] &- line.grades.reduce(0, &+)
            for (grade, items) in ([declared] + line.grades).enumerated() where items > 0 {
                Self.add(perUnit &* items, to: &grades, "\(grade)")
            }
        }
        indexes.append(record.index)
    }

    private static func add(
        _ amount: UInt64,
        to parts: inout [String: AccountHistory.Part],
        _ name: String
    ) {
        var part = parts[name] ?? AccountHistory.Part(name: name, claims: 0, amount: 0)
        part.claims += 1
        part.amount &+= amount
        parts[name] = part
    }

    /// The days to come, and those since the first claim, of whose caps a history tells.
    private static let capDays = 1_500

    func document(newestMax: Int, of state: LedgerState) -> AccountHistory {
        var history = AccountHistory(limit: key.limit, period: key.period, unit: unit.rawValue)
        history.days = days.values.sorted { $0.name < $1.name }
        if let first = history.days.first.flatMap({ CalendarDate($0.name) }) {
            history.caps = state.capSteps(of: key, from: first, days: Self.capDays)
                .map { AccountHistory.Cap(from: $0.from.description, cap: $0.cap) }
        }
        history.chips = Self.largestFirst(chips)
        history.exporters = Self.largestFirst(exporters)
        history.parents = Self.largestFirst(parents)
        history.grades = grades.values.sorted { $0.name < $1.name }
        history.newest = Array(indexes.suffix(newestMax).reversed())
        return history
    }

    private static func largestFirst(
        _ parts: [String: AccountHistory.Part]
    ) -> [AccountHistory.Part] {
        parts.values.sorted { ($1.amount, $0.name) < ($0.amount, $1.name) }
    }
}
