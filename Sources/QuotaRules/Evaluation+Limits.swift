extension Evaluation {
    /// Counts the claim against a limit.
    func touch(_ number: Int, into draft: inout Draft, consumed: (AccountKey) -> UInt64) {
        let limit = policy.index.limits[number]
        guard limit.tests.allSatisfy(holds) else { return }
        let date = countDate(limit.limit.countBasis)
        if let validity = limit.validity {
            // What happens before a limit begins is not counted; after its end it has no amount.
            guard validity.from <= date else { return }
            guard validity.contains(date) else {
                draft.close(
                    Reason(
                        .outsideWindow,
                        "\(limit.limit.title) has an amount \(validity.words) only; "
                            + "this claim counts on \(date).",
                        citation: limit.limit.citation,
                        source: limit.limit.id
                    )
                )
                return
            }
        }
        if limit.limit.subject.contains(.product) {
            var seen: [Int] = []
            for line in claim.lines where !seen.contains(line.position) {
                seen.append(line.position)
                touch(limit, number, product: line.position, on: date, &draft, consumed)
            }
        } else {
            touch(limit, number, product: nil, on: date, &draft, consumed)
        }
    }

    private func countDate(_ basis: CountBasis) -> CalendarDate {
        switch basis {
        case .licensed, .exported: facts.exported
        case .received, .installed: facts.received ?? facts.exported
        }
    }

    private func touch(
        _ limit: LimitIndex,
        _ number: Int,
        product: Int?,
        on date: CalendarDate,
        _ draft: inout Draft,
        _ consumed: (AccountKey) -> UInt64
    ) {
        guard let amount = amount(limit, product: product, into: &draft), amount > 0 else { return }
        if limit.destinationPosition == nil {
            touch(
                limit,
                number,
                product: product,
                country: nil,
                amount: amount,
                on: date,
                &draft,
                consumed
            )
            return
        }
        for country in debited(limit) {
            touch(
                limit,
                number,
                product: product,
                country: country,
                amount: amount,
                on: date,
                &draft,
                consumed
            )
        }
    }

    /// What the claim adds, or nil with a reason if that cannot be said.
    private func amount(
        _ limit: LimitIndex,
        product: Int?,
        into draft: inout Draft
    ) -> UInt64? {
        var sum: UInt64 = 0
        for (position, line) in claim.lines.enumerated()
        where product == nil || product == line.position {
            guard let one = amountOfOne(line, limit) else {
                draft.close(
                    Reason(
                        .undeterminedItem,
                        "Whether '\(facts.lines[position].sku)' counts against "
                            + "\(limit.limit.title) depends on a figure that the catalogue does "
                            + "not state.",
                        citation: limit.limit.citation,
                        source: limit.limit.id,
                        field: "lines[\(position)].sku"
                    )
                )
                return nil
            }
            // Both were found below 2^40 when the line was looked up, so neither overflows.
            sum += one * line.quantity
            guard sum < Tpp.claimBound else {
                let bound = limit.limit.metric.unit.description(of: Tpp.claimBound)
                draft.close(
                    Reason(
                        .claimTooLarge,
                        "One claim moves less than \(bound); split it.",
                        field: "lines"
                    )
                )
                return nil
            }
        }
        return sum
    }

    /// What one item of a line adds: 0 if it does not count, nil if the catalogue cannot tell.
    func amountOfOne(_ line: ResolvedClaim.Line, _ limit: LimitIndex) -> UInt64? {
        if limit.countsRegulated {
            guard line.isRegulated else { return 0 }
        } else if let items = limit.items {
            switch items.match(catalogue.items[line.position]) {
            case .yes: break
            case .no: return 0
            case .unknown: return nil
            }
        }
        return limit.limit.metric.unit == .units ? line.circuits : line.tpp
    }

    /// The countries whose accounts the claim debits.
    private func debited(_ limit: LimitIndex) -> [Int] {
        let destination = claim.destination
        let destinationHolds = holdsAccount(destination, limit)
        switch limit.limit.attribution {
        case .headquarters where !destinationHolds, .both:
            let other = headquarters(limit)
            if !destinationHolds { return other.map { [$0] } ?? [] }
            return [destination] + (other.map { $0 == destination ? [] : [$0] } ?? [])
        default: return destinationHolds ? [destination] : []
        }
    }

    private func holdsAccount(_ country: Int, _ limit: LimitIndex) -> Bool {
        limit.holders.map { policy.index.isMember(country, of: $0, on: date) } ?? true
    }

    /// The country of the first ultimate parent, or else headquarters, that holds an account;
    /// roles in the order of the policy.
    private func headquarters(_ limit: LimitIndex) -> Int? {
        for role in policy.index.roles.indices {
            for party in claim.parties where party.role == role {
                if holdsAccount(party.parentHeadquarters, limit) { return party.parentHeadquarters }
                if holdsAccount(party.headquarters, limit) { return party.headquarters }
            }
        }
        return nil
    }

    private func touch(
        _ limit: LimitIndex,
        _ number: Int,
        product: Int?,
        country: Int?,
        amount: UInt64,
        on date: CalendarDate,
        _ draft: inout Draft,
        _ consumed: (AccountKey) -> UInt64
    ) {
        guard let subject = subject(limit, product: product, country: country, into: &draft) else {
            return
        }
        let period = limit.period(on: date)
        let account = AccountKey(limit: limit.limit.id, subject: subject, period: period)
        let before = limit.limit.window == .shipment ? 0 : consumed(account)
        let unit = limit.limit.metric.unit
        guard before < Tpp.totalBound - amount else {
            draft.close(
                Reason(
                    .totalTooLarge,
                    "An account holds less than \(unit.description(of: Tpp.totalBound)).",
                    citation: limit.limit.citation,
                    source: limit.limit.id
                )
            )
            return
        }
        let cap = limit.cap(for: country, on: date, catalogue: catalogue)
        if cap == nil, limit.limit.hasCap {
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
        let last = claim.lines.last {
            (product == nil || product == $0.position) && (amountOfOne($0, limit) ?? 0) > 0
        }
        let use = LimitUse(
            limitID: limit.limit.id,
            subject: subject,
            period: period,
            unit: unit,
            before: before,
            amount: amount,
            cap: cap,
            largestQuantity: last.flatMap { largest($0, limit, amount, before, cap) },
            citation: limit.limit.citation
        )
        add(use, limit, number, product, to: &draft)
    }

    private func add(
        _ use: LimitUse,
        _ limit: LimitIndex,
        _ number: Int,
        _ product: Int?,
        to draft: inout Draft
    ) {
        var isBinding = false
        if let exceeded = limit.limit.exceeded, !isWaived(exceeded) {
            isBinding = !exceeded.outcome.passes
            if !use.fits {
                if exceeded.outcome >= draft.outcome { draft.review = exceeded.review }
                draft.outcome = max(draft.outcome, exceeded.outcome)
                draft.reasons.append(reason(use, limit, exceeded))
            }
        }
        draft.touched.append(
            Touched(limit: number, product: product, use: use, isBinding: isBinding)
        )
    }

    /// The largest quantity of a line that fits a cap, with the other lines as they are.
    func largest(
        _ line: ResolvedClaim.Line,
        _ limit: LimitIndex,
        _ amount: UInt64,
        _ before: UInt64,
        _ cap: UInt64?
    ) -> UInt64? {
        guard let cap, let one = amountOfOne(line, limit), one > 0 else { return nil }
        let others = amount - one * line.quantity
        let room = min(cap > before ? cap - before : 0, Tpp.claimBound - 1)
        return room > others ? (room - others) / one : 0
    }
}
