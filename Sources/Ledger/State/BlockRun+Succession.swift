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
        let versions = governance.policies.values.filter { $0.adopted.document.id == policy.id }
        try checkVersion(
            policy.version,
            of: policy.id,
            after: versions.map(\.adopted.document.version)
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
        var days = PeriodDays(policy, from: succession.effective)
        var changed: AccountKey?
        var worst: (account: AccountKey, consumed: UInt64, cap: UInt64)?
        // The order of the table is not that of the keys: the first by key is named.
        for (account, total) in accounts {
            guard let limit = policy.limit(account.limit) else { continue }
            guard limit.metric.unit == total.unit else {
                changed = min(changed ?? account, account)
                continue
            }
            guard !succession.allowOver, limit.exceeded?.outcome == .refuse,
                let day = days.day(in: account),
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
        let found = governance.policies.values.first {
            $0.adopted.document.id == withdrawal.policy
                && $0.adopted.document.version == withdrawal.version
        }
        guard let found else {
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
        after versions: [UInt64]
    ) throws(Refusal) {
        guard let last = versions.max(), version <= last else { return }
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

/// The first days of a policy on which claims debit accounts.
///
/// A ledger has many accounts of few limits and periods, so each period is looked up once.
private struct PeriodDays {
    private struct Period: Hashable {
        let limit: String
        let period: String
    }

    private let policy: Policy
    private let effective: CalendarDate
    private var known: [Period: CalendarDate?] = [:]

    init(_ policy: Policy, from effective: CalendarDate) {
        self.policy = policy
        self.effective = effective
    }

    /// The first day whose claims debit an account; nil if none of the next years does.
    mutating func day(in account: AccountKey) -> CalendarDate? {
        let period = Period(limit: account.limit, period: account.period)
        if let day = known[period] { return day }
        let yearsAhead = 1...5
        let days =
            [effective]
            + yearsAhead.compactMap {
                CalendarDate(year: effective.year + $0, month: 1, day: 1)
            }
        let day = days.first { policy.period(of: account.limit, on: $0) == account.period }
        known[period] = .some(day)
        return day
    }
}
