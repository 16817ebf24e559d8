public import CBOR

extension Policy {
    /// The status as it must stand wherever the policy is shown: `in_force`, or `not_enforced, adopted
    /// by the members' own act: …`.
    public var statusWords: String {
        guard let adoption = document.adoption else { return status.rawValue }
        return "\(status.rawValue), adopted by the members' own act: \(adoption.reason)"
    }

    /// A policy document with the members' own act of adopting it, if it is not in force.
    ///
    /// Anything else comes back as it is.
    public static func document(
        _ document: CBORValue,
        adoptedBecause reason: String
    ) -> CBORValue {
        guard let entries = document.mapValue, let status = document["status"],
            status.textValue != PolicyStatus.inForce.rawValue
        else { return document }
        return .object(
            entries.map { ($0.key.textValue ?? "", $0.value) }
                + [("adoption", ["status": status, "reason": .text(reason)])]
        )
    }

    /// Refuses a policy that members may not adopt as it stands.
    ///
    /// A text that is not in force decides simulations only, unless its document records the members'
    /// own act of adopting it (`adoption`), which then stands wherever the policy is shown. What it
    /// names must be in the catalogue that it is adopted with.
    ///
    /// - Throws: `CBORFieldError` with the path of the first problem.
    public func checkAdoption(with catalogue: ChipCatalogue) throws(CBORFieldError) {
        if let first = adoptionProblems(with: catalogue).first { throw first }
    }

    /// Everything that ``checkAdoption(with:)`` refuses, in the order of the document.
    public func adoptionProblems(with catalogue: ChipCatalogue) -> [CBORFieldError] {
        var problems: [CBORFieldError] = []
        if status != .inForce, document.adoption == nil {
            problems.append(
                CBORFieldError(
                    path: "$.status",
                    problem:
                        "the policy is \(status.rawValue), so it can only be simulated; members "
                        + "who adopt it all the same say so in 'adoption', with the status and the "
                        + "reason"
                )
            )
        }
        for (position, limit) in document.limits.enumerated() {
            guard case .equivalents(let sku) = limit.metric, catalogue.item(sku) == nil else {
                continue
            }
            problems.append(
                CBORFieldError(
                    path: "$.limits[\(position)].metric.sku",
                    problem: "the catalogue '\(catalogue.id)' has no item '\(sku)'"
                )
            )
        }
        for (position, filter) in document.items.enumerated() {
            for (place, alternative) in filter.alternatives.enumerated() {
                problems += alternative.problems(
                    with: catalogue,
                    at: "$.items[\(position)].any[\(place)]"
                )
            }
        }
        return problems
    }

    /// The accounts that hold more than the policy's caps would let them, as they stand on a day.
    ///
    /// Whoever adopts a policy that puts accounts over must say so: what was let in stays, and the
    /// account takes nothing more.
    ///
    /// - Parameters:
    ///   - accounts: The accounts of the ledger.
    ///   - date: The first day of the policy.
    ///   - catalogue: The catalogue that it comes with.
    ///   - standing: What accounts hold, and what members have agreed and granted.
    /// - Returns: Where each of them stands, in the order given; accounts of limits that the policy
    ///   does not have, or whose period is over by then, are left out.
    public func accountsOverCap(
        _ accounts: [AccountKey],
        on date: CalendarDate,
        catalogue: ChipCatalogue,
        standing: some Standing
    ) -> [LimitUse] {
        accounts.compactMap { account in
            guard period(of: account.limit, on: date) == account.period,
                let use = use(of: account, on: date, catalogue: catalogue, standing: standing),
                !use.fits
            else { return nil }
            return use
        }
    }
}

extension ItemFilter.Alternative {
    /// Names that the catalogue does not have, or, if it has all, that the other conditions exclude
    /// every item.
    fileprivate func problems(with catalogue: ChipCatalogue, at path: String) -> [CBORFieldError] {
        var problems: [CBORFieldError] = []
        for (position, sku) in skus.enumerated() where catalogue.item(sku) == nil {
            problems.append(
                CBORFieldError(
                    path: "\(path).skus[\(position)]",
                    problem: "the catalogue '\(catalogue.id)' has no item '\(sku)'"
                )
            )
        }
        for (position, designer) in designers.enumerated()
        where !catalogue.items.contains(where: { $0.designer == designer }) {
            problems.append(
                CBORFieldError(
                    path: "\(path).designers[\(position)]",
                    problem: "no item of the catalogue '\(catalogue.id)' is by '\(designer)'"
                )
            )
        }
        guard problems.isEmpty, !skus.isEmpty || !designers.isEmpty,
            catalogue.items.allSatisfy({ match($0) == .no })
        else { return problems }
        let problem = "can never match: none of the items that it names meets its conditions"
        return [CBORFieldError(path: path, problem: problem)]
    }
}
