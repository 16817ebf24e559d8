import HashTreeCollections
import QuotaRules

extension BlockDelta {
    /// Checks every claim that the block made or changed.
    func checkClaims(_ findings: inout InvariantFindings) {
        for change in claims {
            change.after.check(change.key, today: today, &findings)
            if let old = change.before {
                checkKept(change.key, old, change.after, &findings)
            } else {
                checkNew(change.key, change.after, &findings)
            }
            checkShipments(change, &findings)
            checkDeadlines(change.key, change.after, &findings)
        }
    }

    /// What an event may not touch.
    private func checkKept(
        _ claim: ClaimReference,
        _ old: ClaimRecord,
        _ new: ClaimRecord,
        _ findings: inout InvariantFindings
    ) {
        findings.expect(new.index, equals: old.index, .signatures, "the statement of \(claim)")
        findings.expect(
            new.policyIndex,
            equals: old.policyIndex,
            .signatures,
            "the policy that judged \(claim)"
        )
        findings.expect(
            new.lines.map(\.sku),
            equals: old.lines.map(\.sku),
            .balance,
            "the lines of \(claim)"
        )
        findings.expect(
            new.postings.map(\.account),
            equals: old.postings.map(\.account),
            .groups,
            "the accounts of \(claim)"
        )
        findings.expect(
            new.postings.map(\.perUnit),
            equals: old.postings.map(\.perUnit),
            .balance,
            "what one item of \(claim) weighs"
        )
        let isRaised = isRaised(claim)
        for (place, (before, after)) in zip(old.lines, new.lines).enumerated() {
            let (was, now) = (
                before.quantities.all.reduce(0, &+), after.quantities.all.reduce(0, &+)
            )
            findings.expect(
                isRaised ? now >= was : now == was,
                .balance,
                "the items of line \(place) of \(claim)",
                isRaised ? "at least \(was)" : "\(was)",
                found: "\(now)"
            )
            for bucket in Bucket.allCases where bucket.isFinal {
                findings.expect(
                    after.quantities[bucket] >= before.quantities[bucket],
                    .finality,
                    "line \(place) of \(claim), \(bucket.rawValue)",
                    "at least \(before.quantities[bucket])",
                    found: "\(after.quantities[bucket])"
                )
            }
        }
        for (before, after) in zip(old.postings, new.postings) {
            findings.expect(
                after.released >= before.released && after.releasedChips >= before.releasedChips,
                .disputes,
                "what \(after.account.words) gave back of \(claim)",
                "at least \(before.released) (\(before.releasedChips) chips)",
                found: "\(after.released) (\(after.releasedChips) chips)"
            )
        }
    }

    /// Whether an event of the block made the claim larger.
    func isRaised(_ claim: ClaimReference) -> Bool {
        events[claim, default: []].contains { $0.kind == .amendUp }
    }

    /// What a new claim must name.
    private func checkNew(
        _ claim: ClaimReference,
        _ record: ClaimRecord,
        _ findings: inout InvariantFindings
    ) {
        findings.expect(
            (before.size..<after.size).contains(record.index),
            .signatures,
            "the statement of \(claim)",
            "one of the block, \(before.size) to \(after.size - 1)",
            found: "\(record.index)"
        )
        findings.expect(
            record.policyIndex,
            equals: after.policy.index,
            .signatures,
            "the policy that judged \(claim)"
        )
        for party in record.facts.parties {
            let from = after.organisationTable[party.organisation]?.usableFrom
            findings.expect(
                from.map { $0 <= after.blockTime } ?? false,
                .coolingOff,
                "'\(party.organisation)' as a party of \(claim)",
                "usable from \(after.blockTime) or before",
                found: from.map { "usable from \($0)" } ?? "not registered"
            )
        }
        checkGroups(claim, record, &findings)
    }

    /// Compares the organisations in the names of accounts with what is registered now.
    private func checkGroups(
        _ claim: ClaimReference,
        _ record: ClaimRecord,
        _ findings: inout InvariantFindings
    ) {
        for posting in record.postings {
            guard let limit = after.limit(of: posting.account) else { continue }
            for (part, text) in zip(limit.subject, posting.account.subject) {
                guard case .party(let role, let field) = part, field == .parent || field == .id
                else { continue }
                let groups = record.facts.parties.filter { $0.role == role }
                    .compactMap { after.organisationTable[$0.organisation]?.body }
                    .map { field == .parent ? $0.parent?.id ?? $0.id : $0.id }
                findings.expect(
                    groups.contains(text),
                    .groups,
                    "the account \(posting.account.words) of \(claim)",
                    "the group in force: \(groups.joined(separator: ", "))",
                    found: text
                )
            }
        }
    }

    /// What came on its way must have been shipped, under a licence.
    private func checkShipments(
        _ change: Change<ClaimReference, ClaimRecord>,
        _ findings: inout InvariantFindings
    ) {
        let claim = change.key
        let new = change.after
        var isLicensed = true
        var shipments: [[UInt64]] = []
        for event in events[claim, default: []] {
            guard case .ship(let quantities, let date, _, _) = event else { continue }
            shipments.append(quantities)
            isLicensed = isLicensed && isCovered(on: date, claim, change.before)
        }
        findings.expect(
            isLicensed || isLicenceFree(new),
            .licences,
            "the shipment of \(claim)",
            "a licence that is valid on its day and on day \(today)",
            found: "licensed until \(licensedUntil(claim, change.before))"
        )
        // What a transfer brings was shipped under the claim before it.
        guard change.before != nil || new.facts.source == nil || new.shipped == 0 else { return }
        for place in new.lines.indices {
            let was = change.before?.everShipped(place) ?? 0
            let sent = shipments.reduce(UInt64(0)) {
                $0 &+ ($1.indices.contains(place) ? $1[place] : 0)
            }
            findings.expect(
                new.everShipped(place) &- was == sent,
                .stages,
                "what was ever shipped of line \(place) of \(claim)",
                "\(was) and \(sent) more",
                found: "\(new.everShipped(place))"
            )
            checkAmount(sent, place, change, shipments.count, &findings)
        }
    }

    /// Compares what was sent with what was licensed before and in the block.
    private func checkAmount(
        _ sent: UInt64,
        _ place: Int,
        _ change: Change<ClaimReference, ClaimRecord>,
        _ shipments: Int,
        _ findings: inout InvariantFindings
    ) {
        guard sent > 0, !isLicenceFree(change.after) else { return }
        let line = change.before?.lines[place].quantities ?? BucketValues()
        var licensed = line[.licensed]
        for event in events[change.key, default: []] {
            switch event {
            case .licence(let quantities?, _, _) where quantities.indices.contains(place):
                licensed &+= quantities[place]
            case .licence, .resolve:
                licensed = change.after.lines[place].quantities.all.reduce(0, &+)
            default: continue
            }
        }
        let percent = after.policy.document.lifecycle.tolerancePercent
        let most = licensed &+ UInt64(shipments) &* (licensed &* percent / 100)
        findings.expect(
            sent <= most,
            .licences,
            "the shipments of line \(place) of \(change.key)",
            "at most \(most), of which \(licensed) licensed",
            found: "\(sent)"
        )
    }

    private func isLicenceFree(_ record: ClaimRecord) -> Bool {
        after.policy.document.lifecycle.licenceFree.contains(record.facts.authority)
    }

    /// The last day of the licences that the claim had before or got in the block.
    private func licensedUntil(_ claim: ClaimReference, _ old: ClaimRecord?) -> UInt64 {
        var last = old?.deadlines.licensed ?? 0
        for event in events[claim, default: []] {
            switch event {
            case .licence(_, let expires, _):
                last = max(last, UInt64(exactly: expires.dayNumber) ?? 0)
            // What is licensed again after a dispute waits as long as a reservation.
            case .resolve: last = max(last, today + after.policy.document.lifecycle.reservationDays)
            default: continue
            }
        }
        return last
    }

    private func isCovered(
        on date: CalendarDate,
        _ claim: ClaimReference,
        _ old: ClaimRecord?
    ) -> Bool {
        let last = licensedUntil(claim, old)
        return date.dayNumber <= Int(last) && today <= last
    }

    /// What ran out must have ended, unless a block had too much of it.
    private func checkDeadlines(
        _ claim: ClaimReference,
        _ record: ClaimRecord,
        _ findings: inout InvariantFindings
    ) {
        guard let day = record.deadlines.first, day < today else { return }
        findings.expect(
            after.dueIndex.first.map { $0 < today } ?? false,
            .time,
            "what waits in \(claim)",
            "ended after day \(day)",
            found: "waiting on day \(today)"
        )
    }
}

extension LedgerState {
    /// The limit of an account in the policy in force, or the last that was.
    func limit(of account: AccountKey) -> Limit? { limit(of: account, in: policy.document) }

    /// The limit of an account in a policy; the account's name of it may have a sub-share.
    func limit(of account: AccountKey, in policy: Policy) -> Limit? {
        let id = account.limit.split(separator: "/", maxSplits: 1).first ?? ""
        return policy.limit(String(id))
    }
}
