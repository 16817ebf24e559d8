import HashTreeCollections
import QuotaCrypto
import QuotaRules

extension BlockRun {
    private static let actionPath = "$.payload.body.action"

    /// Refuses an allocation under a limit without granted caps, above the limit's own cap, or below
    /// what is committed.
    func check(_ allocation: Allocation) throws(Refusal) {
        let path = Self.actionPath
        let limit = try limit(allocation.limit, path: path)
        guard limit.isGranted else {
            throw Refusal(
                .ruleRefused,
                "The limit '\(limit.id)' has a cap of its own; only a limit with granted caps takes "
                    + "allocations.",
                path: "\(path).limit"
            )
        }
        guard allocation.subject.count == limit.subject.count else {
            throw Refusal(
                .malformed,
                "the limit '\(limit.id)' has \(limit.subject.count) parts of a subject",
                path: "\(path).subject"
            )
        }
        let day = max(allocation.validity.from, date)
        if let cap = cap(limit, allocation.subject, day, standing: Unbounded()),
            allocation.amount > cap
        {
            throw Refusal(
                .overAllocated,
                "\(allocation.amount) is above the cap \(cap) of the limit '\(limit.id)'; at most "
                    + "\(cap) pass.",
                path: "\(path).amount"
            )
        }
        try checkCommitted(limit, allocation.subject, day, cap: allocation.amount)
    }

    /// Refuses an agreement that the limit does not provide for, or that takes back what is committed.
    func check(_ agreement: Agreement) throws(Refusal) {
        let path = Self.actionPath
        let limit = try limit(agreement.limit, path: path)
        guard let uplift = limit.uplift, limit.isByCountry else {
            throw Refusal(
                .ruleRefused,
                "The limit '\(limit.id)' does not provide for higher caps of countries.",
                path: "\(path).limit"
            )
        }
        guard agreement.percent <= uplift.percentMax else {
            throw Refusal(
                .upliftExceeded,
                "\(agreement.percent) % is more than the limit '\(limit.id)' allows; at most "
                    + "\(uplift.percentMax) % pass (\(uplift.citation)).",
                path: "\(path).percent"
            )
        }
        guard policy.document.country(agreement.country) == agreement.country else {
            throw Refusal(
                .ruleRefused,
                "The policy does not know the country '\(agreement.country)', or reads it as "
                    + "another.",
                path: "\(path).country"
            )
        }
        var grants = governance.grants
        grants.add(GrantRecord(index: next, decided: .max, terms: agreement))
        let day = max(agreement.validity.from, date)
        let subject = [agreement.country]
        let standing = AccountStanding(accounts: accounts, grants: grants)
        guard let cap = cap(limit, subject, day, standing: standing) else { return }
        try checkCommitted(limit, subject, day, cap: cap)
    }

    /// Refuses an override of a claim that is on the ledger, or that has one.
    func check(_ permit: ClaimOverride) throws(Refusal) {
        let path = "\(Self.actionPath).claim"
        guard members[permit.claim.issuer] != nil else {
            throw Refusal(
                .unknownMember,
                "'\(permit.claim.issuer)' is not a member of this ledger.",
                path: path
            )
        }
        if let entry = entry(permit.claim.stateKey, kind: .claim) {
            throw Refusal(
                .conflict,
                "\(permit.claim) is on the ledger already; an override is for a claim to come.",
                path: path,
                existing: entry.index
            )
        }
        if let record = overrideRecord(of: permit.claim) {
            throw Refusal(
                .conflict,
                "There is an override for \(permit.claim) already; claim under another id.",
                path: path,
                existing: record.index
            )
        }
    }

    mutating func grant(_ permit: ClaimOverride, proposal: UInt64) {
        set(
            OverrideRecord(
                index: proposal,
                decided: next,
                body: permit.body,
                reason: permit.reason
            ),
            of: permit.claim
        )
    }

    /// The override of a claim, used or not.
    func overrideRecord(of claim: ClaimReference) -> OverrideRecord? {
        value(StateKey.derived("override", issuer: claim.issuer, id: claim.id))
            .flatMap { try? OverrideRecord.decode($0) }
    }

    /// Whether a claim with the given encoded body may pass beyond the limits.
    func isOverridden(_ claim: ClaimReference, body: [UInt8]) -> Bool {
        guard let record = overrideRecord(of: claim), record.used == nil else { return false }
        return record.body == SHA256.hash(body)
    }

    /// Notes that a claim used its override, which it can once.
    mutating func useOverride(of claim: ClaimReference) {
        guard var record = overrideRecord(of: claim) else { return }
        record.used = next
        set(record, of: claim)
    }

    private mutating func set(_ record: OverrideRecord, of claim: ClaimReference) {
        set(
            .encoded(index: record.index, leafHash: .zero, bytes: record.encoded()),
            for: StateKey.derived("override", issuer: claim.issuer, id: claim.id)
        )
    }

    private func limit(_ id: String, path: String) throws(Refusal) -> Limit {
        try checkPolicyInForce()
        guard let limit = policy.document.limit(id) else {
            throw Refusal(
                .unknownLimit,
                "The policy '\(policy.document.id)' has no limit '\(id)'.",
                path: "\(path).limit"
            )
        }
        return limit
    }

    private func cap(
        _ limit: Limit,
        _ subject: [String],
        _ day: CalendarDate,
        standing: some Standing
    ) -> UInt64? {
        policy.document.period(of: limit.id, on: day).flatMap {
            policy.document.cap(
                of: AccountKey(limit: limit.id, subject: subject, period: $0),
                on: day,
                catalogue: catalogue.document,
                standing: standing
            )
        }
    }

    /// Refuses a cap below what the account of the day holds.
    private func checkCommitted(
        _ limit: Limit,
        _ subject: [String],
        _ day: CalendarDate,
        cap: UInt64
    ) throws(Refusal) {
        guard let period = policy.document.period(of: limit.id, on: day) else { return }
        let account = AccountKey(limit: limit.id, subject: subject, period: period)
        let consumed = accounts[account]?.consumed ?? 0
        guard cap >= consumed else {
            throw Refusal(
                .capBelowCommitted,
                "The cap of \(limit.id)/\(subject.joined(separator: "/")) would be \(cap), and "
                    + "\(consumed) are committed in \(period); at least \(consumed) passes.",
                path: Self.actionPath
            )
        }
    }

    /// Whoever may have everything: shows the bound that a policy sets to allocations.
    private struct Unbounded: Standing {
        func granted(
            of limit: String,
            to subject: [String],
            on date: CalendarDate
        ) -> UInt64? { Tpp.totalBound }
    }
}
