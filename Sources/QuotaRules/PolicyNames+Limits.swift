internal import CBOR

extension PolicyNames {
    /// Refuses a limit that contradicts itself.
    func check(
        _ limit: Limit,
        path: String,
        document: PolicyDocument
    ) throws(CBORFieldError) {
        try checkSubject(limit, path: path)
        try checkCaps(limit, path: path)
        try checkTiers(limit, path: path)
        try checkSubShares(limit, path: path, document: document)
        try checkUplift(limit, path: path)
        try checkWindow(limit, path: path, document: document)
        try checkTests(limit.tests, at: "\(path).when", in: document)
        try checkOpening(limit, path: path)
        try checkDecision(limit.exceeded, at: "\(path).exceeded", in: document)
        for (position, tier) in limit.tiers.enumerated() {
            let place = "\(path).tiers[\(position)].exceeded"
            try checkDecision(tier.exceeded, at: place, in: document)
        }
    }

    private func checkSubject(_ limit: Limit, path: String) throws(CBORFieldError) {
        let isByDestination = limit.subject.contains(.destination)
        if isByDestination != (limit.attribution != nil) {
            try refuse(
                "\(path).attribution",
                isByDestination
                    ? "missing: the subject has a destination"
                    : "not allowed: the subject has no destination"
            )
        }
        if limit.holders != nil, !isByDestination {
            try refuse("\(path).holders", "not allowed: the subject has no destination")
        }
        if Set(limit.subject).count != limit.subject.count {
            try refuse("\(path).subject", "a part stands here twice")
        }
    }

    private func checkCaps(_ limit: Limit, path: String) throws(CBORFieldError) {
        let isStepped = if case .steps = limit.window { true } else { false }
        let own: [(name: String, stands: Bool)] = [
            ("cap", limit.cap != nil), ("granted", limit.isGranted),
            ("tiers", !limit.tiers.isEmpty),
        ]
        for (name, stands) in own where stands && isStepped {
            try refuse("\(path).\(name)", "not allowed: the window has caps of its own")
        }
        if !limit.tiers.isEmpty, let other = own.first(where: { $0.stands && $0.name != "tiers" }) {
            try refuse("\(path).\(other.name)", "not allowed: the tiers have caps of their own")
        }
        let wantsConsequence = limit.hasCap && limit.tiers.isEmpty
        if wantsConsequence != (limit.exceeded != nil) {
            try refuse(
                "\(path).exceeded",
                wantsConsequence
                    ? "missing: the limit has a cap"
                    : limit.hasCap
                        ? "not allowed: each tier has its own" : "not allowed: the limit has no cap"
            )
        }
        try checkConsequence(limit.exceeded, at: "\(path).exceeded")
        if limit.isGranted, limit.metric.isRelative {
            try refuse(
                "\(path).granted",
                "not allowed: a share is of another sum, and is not granted"
            )
        }
    }

    private func checkConsequence(
        _ exceeded: Consequence?,
        at path: String
    ) throws(CBORFieldError) {
        guard let exceeded, exceeded.outcome == .admit else { return }
        try refuse(
            "\(path).outcome",
            "a limit that admits what exceeds it is none; leave the cap out"
        )
    }

    /// Refuses to count opening inventories where their country and items do not say whose account
    /// they belong to.
    private func checkOpening(_ limit: Limit, path: String) throws(CBORFieldError) {
        guard limit.countsOpening else { return }
        let isByCountry =
            limit.subject.contains(.destination)
            && limit.subject.allSatisfy { $0 == .destination || $0 == .product }
        let problem =
            !isByCountry
            ? "an inventory is of a country; the subject may be the destination, and the product"
            : !limit.tests.isEmpty || !limit.subShares.isEmpty
                ? "an inventory names no parties that could be tested"
                : limit.window == .shipment ? "a limit by shipment keeps no sum" : nil
        guard let problem else { return }
        try refuse("\(path).countsOpening", "not allowed: \(problem)")
    }

    private func checkTiers(_ limit: Limit, path: String) throws(CBORFieldError) {
        for (position, tier) in limit.tiers.enumerated() {
            let place = "\(path).tiers[\(position)]"
            try checkConsequence(tier.exceeded, at: "\(place).exceeded")
            guard position > 0 else { continue }
            let below = limit.tiers[position - 1]
            if tier.cap <= below.cap {
                try refuse("\(place).cap", "must be more than the tier before")
            }
            if tier.exceeded.outcome < below.exceeded.outcome {
                try refuse(
                    "\(place).exceeded.outcome",
                    "is milder than the tier before, which a larger amount passes too"
                )
            }
            if below.exceeded.outcome == .refuse, below.exceeded.waivedBy.isEmpty {
                try refuse(place, "is never reached: the tier before refuses")
            }
        }
    }

    private func checkSubShares(
        _ limit: Limit,
        path: String,
        document: PolicyDocument
    ) throws(CBORFieldError) {
        guard !limit.subShares.isEmpty else { return }
        if !limit.hasCap || limit.metric.isRelative {
            try refuse(
                "\(path).subShares",
                "not allowed: the limit has no amount of which they could be parts"
            )
        }
        try known.checkDistinct(limit.subShares.map(\.id), at: "\(path).subShares")
        var sum: UInt64 = 0
        for (position, part) in limit.subShares.enumerated() {
            let place = "\(path).subShares[\(position)]"
            if part.id == Limit.rest {
                try refuse("\(place).id", "'\(Limit.rest)' is what the sub-shares leave")
            }
            try checkTests(part.tests, at: "\(place).when", in: document)
            sum += part.share
            if sum > Proportion.one {
                try refuse(
                    "\(place).share",
                    "together the sub-shares are \(Proportion.percent(cap: sum)), "
                        + "more than 100 percent"
                )
            }
        }
    }

    private func checkUplift(_ limit: Limit, path: String) throws(CBORFieldError) {
        guard let uplift = limit.uplift else { return }
        let hasOneAmount =
            limit.subject.contains(.destination) && limit.hasCap && limit.tiers.isEmpty
            && !limit.isGranted && !limit.metric.isRelative
        if !hasOneAmount {
            try refuse(
                "\(path).uplift",
                "not allowed: the limit has no single amount for a destination"
            )
        }
        for (position, entry) in uplift.entries.enumerated() {
            let place = "\(path).uplift.entries[\(position)]"
            try checkCountry(entry.country, at: "\(place).country")
            for earlier in uplift.entries.prefix(position)
            where earlier.country == entry.country && earlier.validity.overlaps(entry.validity) {
                try refuse("\(place).from", "'\(entry.country)' has two uplifts on one day")
            }
        }
    }

    private func checkWindow(
        _ limit: Limit,
        path: String,
        document: PolicyDocument
    ) throws(CBORFieldError) {
        // A claim may be received after the policy's last day, so only the past is out of reach.
        if let through = limit.window.validity?.through, through < document.validity.from {
            try refuse(
                "\(path).window.through",
                "is before the policy's first day, \(document.validity.from)"
            )
        }
        guard case .reportingDates = limit.window else { return }
        let outcomes = limit.tiers.map(\.exceeded.outcome) + [limit.exceeded?.outcome]
        if !outcomes.allSatisfy({ $0 == nil || $0 == .admitWithNotice }) {
            try refuse(
                limit.tiers.isEmpty ? "\(path).exceeded.outcome" : "\(path).tiers",
                "what is measured at reporting dates only warns before them: "
                    + "expected admit_with_notice"
            )
        }
    }

    /// Refuses a consequence that asks for a decision which the policy does not have.
    func checkDecision(
        _ consequence: Consequence?,
        at path: String,
        in document: PolicyDocument
    ) throws(CBORFieldError) {
        guard let id = consequence?.decision,
            !document.decisions.contains(where: { $0.id == id })
        else { return }
        try refuse("\(path).decision", "there is no decision '\(id)'")
    }

    /// The limit that keeps the sum of which another is a share, looked up and checked.
    func denominator(
        of limit: Limit,
        path: String,
        document: PolicyDocument
    ) throws(CBORFieldError) -> LimitIndex.Denominator? {
        if limit.metric.isRelative != (limit.denominator != nil) {
            try refuse(
                "\(path).denominator",
                limit.metric.isRelative
                    ? "missing: a share is a share of something"
                    : "not allowed: the metric is not a share or ratio"
            )
            return nil
        }
        guard let denominator = limit.denominator else { return nil }
        let place = "\(path).denominator.limit"
        guard let number = try self.limit(denominator.limit, at: place) else { return nil }
        let keeper = document.limits[number]
        try checkKeeper(keeper, of: limit, at: place, document: document)
        var places: [Int] = []
        for part in keeper.subject {
            guard let position = limit.subject.firstIndex(of: part) else {
                try refuse(place, "'\(keeper.id)' is kept by \(part.text), and this limit is not")
                continue
            }
            places.append(position)
        }
        return LimitIndex.Denominator(limit: number, places: places)
    }

    private func checkKeeper(
        _ keeper: Limit,
        of limit: Limit,
        at path: String,
        document: PolicyDocument
    ) throws(CBORFieldError) {
        let first = document.limits.first { $0.id == keeper.id || $0.id == limit.id }
        guard first?.id == keeper.id, keeper.id != limit.id else {
            try refuse(path, "'\(keeper.id)' must stand before this limit")
            return
        }
        guard !keeper.metric.isRelative, keeper.metric.unit == limit.metric.unit else {
            try refuse(path, "'\(keeper.id)' does not count in \(limit.metric.unit.rawValue)")
            return
        }
        if keeper.window == .shipment || limit.window == .shipment {
            try refuse(path, "a share needs two sums, and a limit by shipment keeps none")
        }
        guard limit.denominator?.kind == .ownTotal else { return }
        for rule in document.routes.flatMap(\.rules)
        where rule.limits.contains(limit.id) && !rule.limits.contains(keeper.id) {
            try refuse(path, "rule '\(rule.id)' counts in this limit and not in its total")
        }
    }
}
