internal import CBOR

extension PolicyNames {
    /// Refuses contradictions that are not about one name.
    func check(_ document: PolicyDocument) throws(CBORFieldError) {
        for (position, group) in document.groups.enumerated() {
            try check(group, path: "$.groups[\(position)]", document: document)
        }
        let used = Set(document.routes.flatMap(\.rules).compactMap(\.condition?.parameter))
        for (position, parameter) in document.parameters.enumerated()
        where !used.contains(parameter.id) {
            throw CBORFieldError(
                path: "$.parameters[\(position)].id",
                problem: "no rule asks for this parameter"
            )
        }
    }

    private func check(
        _ group: CountryGroup,
        path: String,
        document: PolicyDocument
    ) throws(CBORFieldError) {
        for (position, other) in (group.complementOf ?? []).enumerated() {
            let place = "\(path).complementOf[\(position)]"
            let target = document.groups[try self.group(other, at: place)]
            guard target.complementOf == nil else {
                throw CBORFieldError(
                    path: place,
                    problem: "'\(other)' is itself a complement"
                )
            }
        }
        var seen: [(country: String, validity: Validity)] = []
        for (position, entry) in group.members.enumerated() {
            for (place, country) in entry.countries.enumerated() {
                let path = "\(path).members[\(position)].countries[\(place)]"
                try checkCountry(country, at: path)
                if seen.contains(where: {
                    $0.country == country && $0.validity.overlaps(entry.validity)
                }) {
                    throw CBORFieldError(
                        path: path,
                        problem: "'\(country)' is in this group twice on one day"
                    )
                }
                seen.append((country, entry.validity))
            }
        }
    }

    private func checkCountry(_ code: String, at path: String) throws(CBORFieldError) {
        guard let country = CountryIndex.of(code), let read = readAs[country] else {
            throw CBORFieldError(path: path, problem: "'\(code)' is not among 'countries'")
        }
        guard read == country else {
            throw CBORFieldError(
                path: path,
                problem: "'\(code)' is read as '\(CountryIndex.code(read))'; name that instead"
            )
        }
    }

    /// Refuses a limit that contradicts itself, or that this program cannot evaluate.
    func check(
        _ limit: Limit,
        path: String,
        document: PolicyDocument
    ) throws(CBORFieldError) {
        try checkEvaluated(limit, path: path)
        try checkDecision(limit.exceeded, at: "\(path).exceeded", in: document)
        let isByDestination = limit.subject.contains(.destination)
        guard isByDestination == (limit.attribution != nil) else {
            throw CBORFieldError(
                path: "\(path).attribution",
                problem: isByDestination
                    ? "missing: the subject has a destination"
                    : "not allowed: the subject has no destination"
            )
        }
        if limit.holders != nil, !isByDestination {
            throw CBORFieldError(
                path: "\(path).holders",
                problem: "not allowed: the subject has no destination"
            )
        }
        if case .steps = limit.window, limit.cap != nil || limit.isGranted {
            throw CBORFieldError(
                path: limit.isGranted ? "\(path).granted" : "\(path).cap",
                problem: "not allowed: the window has caps of its own"
            )
        }
        guard limit.hasCap == (limit.exceeded != nil) else {
            throw CBORFieldError(
                path: "\(path).exceeded",
                problem: limit.hasCap
                    ? "missing: the limit has a cap" : "not allowed: the limit has no cap"
            )
        }
        if let exceeded = limit.exceeded, exceeded.outcome == .admit {
            throw CBORFieldError(
                path: "\(path).exceeded.outcome",
                problem: "a limit that admits what exceeds it is none; leave the cap out"
            )
        }
        if Set(limit.subject).count != limit.subject.count {
            throw CBORFieldError(path: "\(path).subject", problem: "a part stands here twice")
        }
        try checkUplift(limit, path: path, isByDestination: isByDestination)
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
        throw CBORFieldError(path: "\(path).decision", problem: "there is no decision '\(id)'")
    }

    private func checkUplift(
        _ limit: Limit,
        path: String,
        isByDestination: Bool
    ) throws(CBORFieldError) {
        guard let uplift = limit.uplift else { return }
        guard isByDestination, limit.hasCap else {
            throw CBORFieldError(
                path: "\(path).uplift",
                problem: "not allowed: the limit has no cap for a destination"
            )
        }
        for (position, entry) in uplift.entries.enumerated() {
            let place = "\(path).uplift.entries[\(position)]"
            try checkCountry(entry.country, at: "\(place).country")
            for earlier in uplift.entries.prefix(position)
            where earlier.country == entry.country && earlier.validity.overlaps(entry.validity) {
                throw CBORFieldError(
                    path: "\(place).from",
                    problem: "'\(entry.country)' has two uplifts on one day"
                )
            }
        }
    }

    /// Refuses what this program cannot evaluate.
    ///
    /// The language has more than this program evaluates. What it cannot evaluate it must not
    /// adopt: a limit that nobody checks would look like one that holds.
    private func checkEvaluated(_ limit: Limit, path: String) throws(CBORFieldError) {
        let refused: (field: String, what: String)? =
            switch (limit.metric, limit.window) {
            case (.share, _): ("metric.kind", "a share of another sum")
            case (.dollars, _): ("metric.kind", "matched investment")
            case (_, .reportingDates): ("window.kind", "a state at reporting dates")
            default:
                if limit.denominator != nil {
                    ("denominator", "a share of another sum")
                } else if !limit.subShares.isEmpty {
                    ("subShares", "parts of a cap for some parties")
                } else {
                    nil
                }
            }
        guard let refused else { return }
        throw CBORFieldError(
            path: "\(path).\(refused.field)",
            problem: "this program does not evaluate \(refused.what) yet, "
                + "so it cannot adopt the policy"
        )
    }
}
