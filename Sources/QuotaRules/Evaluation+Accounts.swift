extension Evaluation {
    /// A cap that keeps a claim from passing.
    struct Bound {
        /// In the account's unit, for the claim as it is.
        let cap: UInt64
        /// In ten-thousandths of the denominator, for a share.
        let relative: UInt64?
    }

    /// A limit's caps for one account, lowest first.
    private struct Caps {
        let levels: [LimitIndex.Level]
        /// In the account's unit; as many as levels.
        let amounts: [UInt64]
    }

    /// The sum that a share is a share of.
    struct Base {
        let account: AccountKey
        /// Without the claim.
        let before: UInt64
        /// What the claim adds, and one item of each line; nil if it does not count there.
        let addition: Addition?

        var amount: UInt64 { addition?.amount ?? 0 }
        var after: UInt64 { before + amount }
    }

    /// Counts an addition against the account of a country, or of a subject without one.
    func touch(_ addition: Addition, country: Int?, _ draft: inout Draft) {
        let limit = addition.limit
        guard
            let subject = subject(
                limit,
                product: addition.product,
                country: country,
                into: &draft
            )
        else { return }
        touch(addition, subject, part: nil, &draft)
        guard !limit.parts.isEmpty else { return }
        // The last part has no tests: it is what the sub-shares leave.
        let part = limit.parts.firstIndex { $0.tests.allSatisfy(holds) }
        touch(addition, subject, part: part, &draft)
    }

    private func touch(
        _ addition: Addition,
        _ subject: [String],
        part number: Int?,
        _ draft: inout Draft
    ) {
        let limit = addition.limit
        let part = number.map { limit.parts[$0] }
        let account = AccountKey(
            limit: part?.account ?? limit.limit.id,
            subject: subject,
            period: limit.period(on: addition.date)
        )
        let before = limit.limit.window == .shipment ? 0 : standing.consumed(account)
        guard before < Tpp.totalBound - addition.amount else {
            draft.close(tooLarge(limit))
            return
        }
        let base = limit.denominator.map { self.base($0, subject, in: draft) }
        if let base, base.before >= Tpp.totalBound - base.amount {
            draft.close(tooLarge(limit))
            return
        }
        guard let caps = caps(addition, subject, part, sum: base?.after) else {
            draft.close(
                Reason(
                    .undeterminedItem,
                    "The cap of \(limit.limit.title) is stated in an item that the catalogue "
                        + "does not have, or is too large.",
                    citation: limit.limit.citation,
                    source: limit.limit.id
                )
            )
            return
        }
        let touched = touched(addition, account, before, part: number, base, caps)
        judge(touched, caps, into: &draft)
        draft.touched.append(touched)
    }

    private func tooLarge(_ limit: LimitIndex) -> Reason {
        Reason(
            .totalTooLarge,
            "An account holds less than "
                + "\(limit.limit.metric.unit.description(of: Tpp.totalBound)).",
            citation: limit.limit.citation,
            source: limit.limit.id
        )
    }

    /// The sum that a share is a share of, with what the claim adds to it.
    private func base(
        _ denominator: LimitIndex.Denominator,
        _ subject: [String],
        in draft: Draft
    ) -> Base {
        let keeper = policy.index.limits[denominator.limit]
        let own = denominator.places.map { subject[$0] }
        let account = AccountKey(
            limit: keeper.limit.id,
            subject: own,
            period: keeper.period(on: countDate(keeper.limit.countBasis))
        )
        let addition = draft.touched.first {
            $0.addition.number == denominator.limit && $0.part == nil && $0.use.account == account
        }?.addition
        return Base(account: account, before: standing.consumed(account), addition: addition)
    }

    /// The caps of an account; nil if a figure for one is missing.
    private func caps(
        _ addition: Addition,
        _ subject: [String],
        _ part: LimitIndex.Part?,
        sum: UInt64?
    ) -> Caps? {
        let levels = addition.limit.levels(on: addition.date)
        var amounts: [UInt64] = []
        amounts.reserveCapacity(levels.count)
        for level in levels {
            guard
                let amount = addition.limit.cap(
                    level,
                    of: subject,
                    on: addition.date,
                    catalogue: catalogue,
                    standing: standing,
                    sum: sum,
                    part: part
                )
            else { return nil }
            amounts.append(amount)
        }
        return Caps(levels: levels, amounts: amounts)
    }

    private func touched(
        _ addition: Addition,
        _ account: AccountKey,
        _ before: UInt64,
        part: Int?,
        _ base: Base?,
        _ caps: Caps
    ) -> Touched {
        let open = caps.levels.indices.filter { !isWaived(caps.levels[$0].exceeded) }
        // What is shown: the lowest cap that is not waived, else the highest.
        let shown = (open.first ?? caps.levels.indices.last).map { bound($0, caps, base) }
        let binding = open.first { !caps.levels[$0].exceeded.outcome.passes }
        let firm = caps.levels.indices.first { caps.levels[$0].exceeded.outcome == .refuse }
        let last = addition.perUnit.lastIndex { $0 > 0 }
        let use = LimitUse(
            limitID: account.limit,
            subject: account.subject,
            period: account.period,
            unit: addition.limit.limit.metric.unit,
            before: before,
            amount: addition.amount,
            cap: shown?.cap,
            proportion: base.flatMap { base in
                shown?.relative.map {
                    Proportion(
                        cap: $0,
                        denominator: base.account,
                        before: base.before,
                        amount: base.amount
                    )
                }
            },
            largestQuantity: last.flatMap { line in
                shown.flatMap { largest(line: line, addition, before, $0, base) }
            },
            citation: addition.limit.limit.citation
        )
        return Touched(
            addition: addition,
            part: part,
            use: use,
            base: base,
            bound: binding.map { bound($0, caps, base) },
            firmCap: base == nil
                ? (firm ?? caps.amounts.indices.last).map { caps.amounts[$0] } : nil
        )
    }

    private func bound(_ level: Int, _ caps: Caps, _ base: Base?) -> Bound {
        Bound(
            cap: caps.amounts[level],
            relative: base == nil ? nil : caps.levels[level].stated
        )
    }

    /// Applies what follows from each cap that is passed.
    private func judge(_ touched: Touched, _ caps: Caps, into draft: inout Draft) {
        guard !isOverridden else { return }
        for (level, cap) in zip(caps.levels, caps.amounts)
        where touched.use.after > cap && !isWaived(level.exceeded) {
            let exceeded = level.exceeded
            if exceeded.outcome >= draft.outcome { draft.review = exceeded.review }
            draft.outcome = max(draft.outcome, exceeded.outcome)
            draft.reasons.append(reason(touched, cap, level))
            request(exceeded, source: touched.use.limitID, in: &draft)
            if let notice = breachWarning(touched, exceeded) { draft.notices.append(notice) }
        }
    }

    /// What is due when a sum that is measured at reporting dates is above its cap before one.
    private func breachWarning(_ touched: Touched, _ exceeded: Consequence) -> Notice? {
        let limit = touched.addition.limit.limit
        guard let due = limit.window.reportingDate(from: touched.addition.date) else { return nil }
        return Notice(
            id: limit.id,
            recipient: "whoever holds the account",
            message: "Above the cap of \(limit.title): a breach if it is so still on \(due). "
                + exceeded.text,
            isBeforeShipment: false,
            due: due,
            citation: exceeded.citation
        )
    }

    /// The largest quantity of a line that fits a cap, with the other lines as they are; nil if
    /// the line does not count, or any quantity fits.
    func largest(
        line: Int,
        _ addition: Addition,
        _ before: UInt64,
        _ bound: Bound,
        _ base: Base?
    ) -> UInt64? {
        let one = addition.perUnit[line]
        guard one > 0 else { return nil }
        let quantity = claim.lines[line].quantity
        let others = addition.amount - one * quantity
        guard let base, let relative = bound.relative else {
            let room = min(bound.cap > before ? bound.cap - before : 0, Tpp.claimBound - 1)
            return room > others ? (room - others) / one : 0
        }
        let oneOfBase = base.addition?.perUnit[line] ?? 0
        let largest = Proportion.largest(
            cap: relative,
            base: (before + others, base.after - oneOfBase * quantity),
            one: (one, oneOfBase)
        )
        // One claim moves less than its bound, also where the share has more room.
        return largest.map { min($0, (Tpp.claimBound - 1 - others) / one) }
    }
}
