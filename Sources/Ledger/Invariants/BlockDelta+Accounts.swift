import HashTreeCollections
import QuotaRules

extension BlockDelta {
    /// Compares what accounts gained with what the claims of the block gained.
    func checkAccounts(_ findings: inout InvariantFindings) {
        var gains: [AccountKey: AccountSum] = [:]
        var added: [AccountKey: Int64] = [:]
        for change in claims {
            for posting in change.after.postings {
                gains[posting.account, default: AccountSum()].add(
                    change.after.lines,
                    posting
                )
                guard change.before == nil || isRaised(change.key) else { continue }
                added[posting.account, default: 0] &+= Self.sum(change.after.lines, posting)
            }
            for posting in change.before?.postings ?? [] {
                gains[posting.account, default: AccountSum()].add(
                    change.before?.lines ?? [],
                    posting,
                    sign: -1
                )
                guard isRaised(change.key) else { continue }
                added[posting.account, default: 0] &-= Self.sum(
                    change.before?.lines ?? [],
                    posting
                )
            }
        }
        for change in inventories where change.before == nil {
            for posting in change.after.postings {
                gains[posting.account, default: AccountSum()].add(change.after.lines, posting)
                added[posting.account, default: 0] &+= Self.sum(change.after.lines, posting)
            }
        }
        for change in accounts {
            let account = change.key
            change.after.check(account, &findings)
            checkEntry(change, &findings)
            var gain = AccountSum()
            gain.add(change.after)
            if let old = change.before { gain.add(old, sign: -1) }
            let claimed = gains.removeValue(forKey: account) ?? AccountSum()
            findings.expect(
                gain == claimed,
                .recomputation,
                "what \(account.words) gained",
                claimed.words,
                found: gain.words
            )
            findings.expect(
                gain.amount == added[account] ?? 0,
                .balance,
                "what came into \(account.words) from outside",
                "\(added[account] ?? 0), by claims and amendments up",
                found: "\(gain.amount)"
            )
        }
        // An account that the block did not touch has nothing to gain.
        for (account, gain) in gains.sorted(by: { $0.key < $1.key }) {
            findings.expect(
                gain.isZero,
                .recomputation,
                "what \(account.words) gained",
                gain.words,
                found: "nothing"
            )
        }
    }

    private static func sum(_ lines: [ClaimRecord.Line], _ posting: ClaimRecord.Posting) -> Int64 {
        Int64(truncatingIfNeeded: posting.amounts(of: lines).all.reduce(0, &+))
    }

    /// Compares the account that claims are judged by with the entry that is proven.
    private func checkEntry(
        _ change: Change<AccountKey, AccountTotal>,
        _ findings: inout InvariantFindings
    ) {
        let judged = after.accountTable[change.key]
        findings.expect(
            judged == change.after,
            .publicTotals,
            "the account \(change.key.words)",
            "\(change.after.consumed), as the state map says",
            found: judged.map { "\($0.consumed)" } ?? "no account"
        )
        findings.expect(
            change.after.overrides >= change.before?.overrides ?? 0,
            .caps,
            "the overrides of \(change.key.words)",
            "at least \(change.before?.overrides ?? 0)",
            found: "\(change.after.overrides)"
        )
    }

    // MARK: - Caps

    /// Compares what accounts gained by the claims of the block with their caps.
    ///
    /// An opening inventory is a fact: it may stand above a cap, and no claim passes after it.
    func checkCaps(_ findings: inout InvariantFindings) {
        for change in accounts {
            let total = change.after
            guard total.overrides == 0, total.consumed > change.before?.consumed ?? 0,
                let limit = after.limit(of: change.key), limit.isStrict
            else { continue }
            let raising = claims.filter { claim in
                (claim.before == nil || isRaised(claim.key))
                    && claim.after.postings.contains { $0.account == change.key }
            }
            guard !raising.isEmpty else { continue }
            findings.expect(
                total.cap.map { total.consumed <= $0 } ?? true,
                .caps,
                change.key.words,
                "at most \(total.cap ?? 0)",
                found: "\(total.consumed)"
            )
            checkCapAgain(change.key, total, limit, raising.map(\.after.facts), &findings)
        }
    }

    /// Computes the cap of an account again for the claims that it rose by.
    ///
    /// Of claims that count on different days the last decided, so one of their caps must hold. A
    /// share moves with another sum, so that it is compared only if nothing left that sum later in
    /// the block.
    private func checkCapAgain(
        _ account: AccountKey,
        _ total: AccountTotal,
        _ limit: Limit,
        _ claims: [ClaimRecord.Facts],
        _ findings: inout InvariantFindings
    ) {
        let rank = StatementKind.claim.rank
        guard
            limit.denominator == nil
                || block.statements.allSatisfy({ $0.identity.kind.rank <= rank })
        else { return }
        let standing = AccountStanding(
            accounts: after.accountTable,
            grants: after.governance.grants
        )
        let uses = claims.compactMap { facts in
            after.policy.document.use(
                of: account,
                on: facts.day(limit.countBasis),
                catalogue: after.catalogue.document,
                standing: standing
            )
        }
        guard !uses.isEmpty else { return }
        findings.expect(
            uses.contains(where: \.fits),
            .caps,
            account.words,
            "at most \(uses.compactMap(\.cap).max() ?? 0), the cap computed again",
            found: "\(total.consumed)"
        )
    }
}

extension Limit {
    /// Whether nothing but an override passes the cap.
    var isStrict: Bool {
        guard tiers.isEmpty else {
            return tiers.contains { $0.exceeded.outcome == .refuse && $0.exceeded.waivedBy.isEmpty }
        }
        return exceeded.map { $0.outcome == .refuse && $0.waivedBy.isEmpty } ?? false
    }
}

extension ClaimRecord.Facts {
    /// The day that selects the period and the cap of a limit.
    fileprivate func day(_ basis: CountBasis) -> CalendarDate {
        switch basis {
        case .licensed, .exported: exported
        case .received, .installed: received ?? exported
        }
    }
}
