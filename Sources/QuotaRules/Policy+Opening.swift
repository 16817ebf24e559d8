/// Why an opening inventory cannot be counted.
public struct OpeningError: Error, Hashable, Sendable {
    /// The line of the inventory that is the cause; nil if it is the country.
    public let line: Int?
    /// The cause and what would cure it.
    public let problem: String
}

extension Policy {
    /// What an opening inventory adds to the accounts of the limits that count it.
    ///
    /// A limit counts it in the period of the day of the count; one that begins later, in its first.
    /// Limits that do not count inventories, have ended by then, or in whose group of holders the
    /// country is not, are left out. A cap does not stop what was there before: the account then
    /// has no room.
    ///
    /// - Parameters:
    ///   - lines: What was there, each item once.
    ///   - country: Whose inventory it is.
    ///   - date: The day of the count.
    ///   - catalogue: The catalogue in force.
    ///   - standing: What accounts hold, and what members have agreed and granted, for the caps.
    /// - Returns: The movements, in the order of the policy; none if no limit counts inventories.
    /// - Throws: ``OpeningError`` for a country or an item whose account cannot be told, and for an
    ///   amount that no account can hold.
    public func opening(
        _ lines: [ClaimLine],
        of country: String,
        on date: CalendarDate,
        catalogue: ChipCatalogue,
        standing: some Standing
    ) throws(OpeningError) -> [Movement] {
        let limits = index.limits.filter(\.limit.countsOpening)
        guard !limits.isEmpty else { return [] }
        guard let holder = index.country(country) else {
            throw OpeningError(line: nil, problem: "The policy does not know '\(country)'.")
        }
        var movements: [Movement] = []
        for limit in limits {
            let day = max(date, limit.validity?.from ?? date)
            guard limit.validity?.contains(day) ?? true,
                limit.holders.map({ index.isMember(holder, of: $0, on: day) }) ?? true
            else { continue }
            let perUnit = try perUnit(lines, under: limit, catalogue)
            for subject in subjects(lines, of: CountryIndex.code(holder), under: limit) {
                let counted = lines.indices.map {
                    subject.sku == nil || subject.sku == lines[$0].sku ? perUnit[$0] : 0
                }
                guard counted.contains(where: { $0 > 0 }) else { continue }
                let account = AccountKey(
                    limit: limit.limit.id,
                    subject: subject.parts,
                    period: limit.period(on: day)
                )
                let circuits = lines.indices.map {
                    counted[$0] > 0 ? catalogue.item(lines[$0].sku)?.circuits ?? 0 : 0
                }
                _ = try sum(lines, circuits, in: .units)
                movements.append(
                    Movement(
                        account: account,
                        amount: try sum(lines, counted, in: limit.limit.metric.unit),
                        cap: cap(of: account, on: day, catalogue: catalogue, standing: standing),
                        unit: limit.limit.metric.unit,
                        perUnit: counted,
                        circuitsPerUnit: circuits
                    )
                )
            }
        }
        return movements
    }

    /// The accounts of a limit that lines belong to: one, or one for each item.
    private func subjects(
        _ lines: [ClaimLine],
        of country: String,
        under limit: LimitIndex
    ) -> [(parts: [String], sku: String?)] {
        guard limit.limit.subject.contains(.product) else { return [([country], nil)] }
        return lines.map { line in
            (limit.limit.subject.map { $0 == .product ? line.sku : country }, line.sku)
        }
    }

    /// What one item of each line adds; 0 where it does not count.
    private func perUnit(
        _ lines: [ClaimLine],
        under limit: LimitIndex,
        _ catalogue: ChipCatalogue
    ) throws(OpeningError) -> [UInt64] {
        var result: [UInt64] = []
        for (position, line) in lines.enumerated() {
            guard let item = catalogue.item(line.sku) else {
                throw OpeningError(
                    line: position,
                    problem: "The catalogue has no item '\(line.sku)'."
                )
            }
            let filter = limit.countsRegulated ? index.regulated : limit.items
            switch filter?.match(item) ?? .yes {
            case .yes:
                result.append(
                    limit.limit.metric.amount(tpp: item.tpp.tenths, circuits: item.circuits)
                )
            case .no: result.append(0)
            case .unknown(let figure):
                throw OpeningError(
                    line: position,
                    problem: "Whether '\(line.sku)' counts against \(limit.limit.title) depends on "
                        + "its \(figure), which the catalogue does not state."
                )
            }
        }
        return result
    }

    /// What all lines add, if an account can hold it.
    private func sum(
        _ lines: [ClaimLine],
        _ each: [UInt64],
        in unit: QuotaUnit
    ) throws(OpeningError) -> UInt64 {
        var sum: UInt64 = 0
        for (position, line) in lines.enumerated() {
            let (product, overflow) = each[position].multipliedReportingOverflow(by: line.quantity)
            // Of two numbers below 2^52 the sum does not overflow.
            guard !overflow, product < Tpp.totalBound, sum + product < Tpp.totalBound else {
                throw OpeningError(
                    line: position,
                    problem: "An account holds less than \(unit.description(of: Tpp.totalBound))."
                )
            }
            sum += product
        }
        return sum
    }
}
