import CBOR
import HashTreeCollections
import QuotaCrypto
import QuotaRules

extension BlockRun {
    private static let actionPath = "$.payload.body.action"

    /// The UTC day of the block.
    var date: CalendarDate {
        // Block times end with the year 9999, so that the day exists.
        CalendarDate(posixSeconds: time) ?? policy.document.document.validity.from
    }

    /// Refuses what needs a policy while none is in force.
    func checkPolicyInForce() throws(Refusal) {
        guard let index = governance.withdrawnBy else { return }
        let next = governance.scheduled.first?.effective
        throw Refusal(
            .noPolicy,
            "No policy is in force: '\(policy.document.id)' was withdrawn by the proposal at leaf "
                + "\(index). "
                + (next.map { "The next one comes into force on \($0)." }
                    ?? "Nothing passes until members adopt another."),
            existing: index
        )
    }

    // MARK: - Policies

    /// Refuses a policy that cannot follow.
    func check(_ succession: PolicySuccession) throws(Refusal) {
        let path = Self.actionPath
        let policy = succession.policy
        let problems = policy.adoptionProblems(with: catalogue(on: succession.effective))
        if let refusal = Refusal(adoption: problems, path: "\(path).document") { throw refusal }
        for later in governance.scheduledCatalogues {
            try checkItems(of: policy, in: later.adopted.document, path: "\(path).document.limits")
        }
        try checkVersion(
            policy.version,
            of: policy.id,
            after: governance.policyVersions.newest(of: policy.id)
        )
        try checkNotice(succession.effective, of: .policy)
        if let other = governance.scheduled.first(where: { $0.effective == succession.effective }) {
            throw Refusal(
                .conflict,
                "'\(other.adopted.document.id)' comes into force on \(succession.effective) "
                    + "already.",
                path: "\(path).effective",
                existing: other.adopted.index
            )
        }
        try checkAccounts(succession)
    }

    /// Refuses limits that count something else under an id that has accounts, and, unless the
    /// proposal allows it, caps below what is committed.
    private func checkAccounts(_ succession: PolicySuccession) throws(Refusal) {
        let policy = succession.policy
        let standing = AccountStanding(accounts: accounts, grants: governance.grants)
        var terms = PeriodTerms(succession)
        var changed: AccountKey?
        var worst: (account: AccountKey, consumed: UInt64, cap: UInt64)?
        // The order of the table is not that of the keys: the first by key is named.
        for (account, total) in accounts {
            guard let (unit, day) = terms.terms(of: account) else { continue }
            guard unit == total.unit else {
                changed = min(changed ?? account, account)
                continue
            }
            guard let day,
                let cap = policy.cap(
                    of: account,
                    on: day,
                    catalogue: catalogue.document,
                    standing: standing
                ), cap < total.consumed, worst.map({ account < $0.account }) ?? true
            else { continue }
            worst = (account, total.consumed, cap)
        }
        if let changed {
            throw Refusal(
                .unitChanged,
                "The limit '\(changed.limit)' has accounts in another unit; give the new limit "
                    + "another id.",
                path: "\(Self.actionPath).document.limits"
            )
        }
        guard let worst else { return }
        throw Refusal(
            .capBelowCommitted,
            "The cap of \(worst.account.limit)/\(worst.account.subject.joined(separator: "/")) would "
                + "be \(worst.cap), and \(worst.consumed) are committed in \(worst.account.period). A "
                + "cap of at least \(worst.consumed) passes, or 'allowOver'.",
            path: "\(Self.actionPath).document.limits"
        )
    }

    mutating func schedule(
        _ succession: PolicySuccession,
        of proposal: ProposalRecord,
        issuer: String
    ) {
        let adoption = Adoption(
            Adopted(succession.policy, bytes: succession.bytes, index: proposal.index),
            leafHash: proposal.leafHash,
            issuer: issuer,
            effective: succession.effective,
            state: .scheduled
        )
        set(adoption)
        if succession.effective <= date { begin(adoption) }
    }

    // MARK: - Withdrawal

    /// The policy that a withdrawal ends; refused if there is none, or its notice is too short.
    func check(_ withdrawal: PolicyWithdrawal) throws(Refusal) -> Adoption<Policy> {
        let path = Self.actionPath
        let index = governance.policyVersions.index(
            of: withdrawal.version,
            of: withdrawal.policy
        )
        guard let found = index.flatMap({ governance.policies[$0] }) else {
            throw Refusal(
                .unknownPolicy,
                "Version \(withdrawal.version) of '\(withdrawal.policy)' was never adopted.",
                path: "\(path).policy"
            )
        }
        guard found.state == .inForce || found.state == .scheduled, found.withdrawal == nil else {
            throw Refusal(
                .notOpen,
                found.withdrawal.map { "Its end on \($0.effective) is decided already." }
                    ?? "It is \(found.state.rawValue) already.",
                path: "\(path).policy",
                existing: found.adopted.index
            )
        }
        try checkNotice(withdrawal.effective, of: .withdraw)
        return found
    }

    mutating func plan(_ withdrawal: PolicyWithdrawal, proposal: UInt64) {
        guard var adoption = try? check(withdrawal) else { return }
        adoption.withdrawal = PlannedWithdrawal(effective: withdrawal.effective, index: proposal)
        if adoption.state == .scheduled {
            adoption.close(.withdrawn, by: proposal, at: time)
            set(adoption)
        } else {
            set(adoption)
            if withdrawal.effective <= date { end(adoption) }
        }
    }

    // MARK: - What both need

    /// Refuses a version that is not above those before it.
    func checkVersion(
        _ version: UInt64,
        of id: String,
        after last: UInt64?
    ) throws(Refusal) {
        guard let last, version <= last else { return }
        throw Refusal(
            .conflict,
            "'\(id)' was adopted in version \(last) already; a later version passes.",
            path: "\(Self.actionPath).document.version"
        )
    }

    /// Refuses an effective date that leaves too few days from now.
    func checkNotice(
        _ effective: CalendarDate,
        of matter: GovernanceMatter
    ) throws(Refusal) {
        let days = rules.noticeDays(of: matter)
        guard let first = date.adding(days: Int(days)), effective < first else { return }
        throw Refusal(
            .noticeTooShort,
            "\(effective) is less than \(days) days after \(date); \(first) or later passes.",
            path: "\(Self.actionPath).effective"
        )
    }
}

/// What a policy that is to come says of the accounts there are.
///
/// A ledger has many accounts of few limits and periods, so each period is looked up once.
private struct PeriodTerms {
    /// The unit that the limit counts in, and the first day on which claims debit the account and its
    /// cap refuses them; nil if there is none, or if it does not matter.
    typealias Terms = (unit: QuotaUnit, day: CalendarDate?)

    private struct Period: Hashable {
        let limit: String
        let period: String
    }

    private let succession: PolicySuccession
    private var known: [Period: Terms?] = [:]

    init(_ succession: PolicySuccession) {
        self.succession = succession
    }

    /// The terms of an account; nil if the policy does not have its limit.
    mutating func terms(of account: AccountKey) -> Terms? {
        let period = Period(limit: account.limit, period: account.period)
        if let terms = known[period] { return terms }
        let terms = find(period)
        known[period] = .some(terms)
        return terms
    }

    private func find(_ period: Period) -> Terms? {
        guard let limit = succession.policy.limit(period.limit) else { return nil }
        guard !succession.allowOver, limit.exceeded?.outcome == .refuse else {
            return (limit.metric.unit, nil)
        }
        let effective = succession.effective
        let yearsAhead = 1...5
        let days =
            [effective]
            + yearsAhead.compactMap {
                CalendarDate(year: effective.year + $0, month: 1, day: 1)
            }
        let day = days.first {
            succession.policy.period(of: period.limit, on: $0) == period.period
        }
        return (limit.metric.unit, day)
    }
}
