/// What a claim adds to a limit, before it is known to whose account.
struct Addition {
    let limit: LimitIndex
    /// The number of the limit.
    let number: Int
    /// The item that the account is about, if accounts are kept by product.
    let product: Int?
    /// The day that selects the period and the cap.
    let date: CalendarDate
    /// For each line, what one item adds; 0 for a line that does not count.
    let perUnit: [UInt64]
    /// What the claim adds, more than 0.
    let amount: UInt64
}

extension Evaluation {
    /// Counts the claim against a limit.
    func touch(_ number: Int, into draft: inout Draft) {
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
                touch(limit, number, product: line.position, on: date, &draft)
            }
        } else {
            touch(limit, number, product: nil, on: date, &draft)
        }
    }

    /// The day of the claim that selects the period of a limit.
    func countDate(_ basis: CountBasis) -> CalendarDate {
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
        _ draft: inout Draft
    ) {
        guard let perUnit = perUnit(limit, product: product, into: &draft),
            let amount = amount(perUnit, limit, into: &draft), amount > 0
        else { return }
        let addition = Addition(
            limit: limit,
            number: number,
            product: product,
            date: date,
            perUnit: perUnit,
            amount: amount
        )
        guard limit.destinationPosition != nil else {
            touch(addition, country: nil, &draft)
            return
        }
        for country in debited(limit) { touch(addition, country: country, &draft) }
    }

    /// What one item of each line adds, or nil with a reason if that cannot be said.
    private func perUnit(
        _ limit: LimitIndex,
        product: Int?,
        into draft: inout Draft
    ) -> [UInt64]? {
        var result: [UInt64] = []
        result.reserveCapacity(claim.lines.count)
        for (position, line) in claim.lines.enumerated() {
            guard product == nil || product == line.position else {
                result.append(0)
                continue
            }
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
            result.append(one)
        }
        return result
    }

    /// What the claim adds, or nil with a reason if it is too much for one claim.
    private func amount(
        _ perUnit: [UInt64],
        _ limit: LimitIndex,
        into draft: inout Draft
    ) -> UInt64? {
        var sum: UInt64 = 0
        for (position, line) in claim.lines.enumerated() {
            // Of two numbers below 2^63 the sum does not overflow; their product may, in dollars.
            let (product, overflow) =
                perUnit[position].multipliedReportingOverflow(by: line.quantity)
            if !overflow, product < Tpp.claimBound { sum += product }
            guard !overflow, product < Tpp.claimBound, sum < Tpp.claimBound else {
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
    private func amountOfOne(_ line: ResolvedClaim.Line, _ limit: LimitIndex) -> UInt64? {
        if limit.countsRegulated {
            guard line.isRegulated else { return 0 }
        } else if let items = limit.items {
            switch items.match(catalogue.items[line.position]) {
            case .yes: break
            case .no: return 0
            case .unknown: return nil
            }
        }
        return limit.limit.metric.amount(tpp: line.tpp, circuits: line.circuits)
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
}
