internal import CBOR

extension PolicyNames {
    /// Refuses what is declared and used by nothing: it would look as if it decided something.
    func checkUses(_ document: PolicyDocument) throws(CBORFieldError) {
        let rules = document.routes.flatMap(\.rules)
        let limits = document.limits
        let parameters = Set(
            rules.compactMap(\.condition?.parameter)
                + document.routes.flatMap(\.notices).compactMap(\.condition?.parameter)
                + limits.compactMap { $0.attributionReading?.parameter }
                + limits.compactMap(\.countBasisReading.parameter)
                + limits.flatMap(\.release.entries).compactMap(\.condition?.parameter)
        )
        for (position, parameter) in document.parameters.enumerated()
        where !parameters.contains(parameter.id) {
            try refuse("$.parameters[\(position)].id", "nothing asks for this parameter")
        }
        let counted = Set(rules.flatMap(\.limits))
        for (position, limit) in limits.enumerated() where !counted.contains(limit.id) {
            try refuse("$.limits[\(position)].id", "no rule counts against this limit")
        }
        let consequences =
            rules.map(\.consequence) + limits.compactMap(\.exceeded)
            + limits.flatMap(\.tiers).map(\.exceeded)
        let decisions = Set(consequences.compactMap(\.decision))
        for (position, decision) in document.decisions.enumerated()
        where !decisions.contains(decision.id) {
            try refuse("$.decisions[\(position)].id", "no rule or limit asks for this decision")
        }
    }

    /// Refuses rules and notices that can never apply.
    func checkRoutes(_ document: PolicyDocument) throws(CBORFieldError) {
        for (position, route) in document.routes.enumerated() {
            let path = "$.routes[\(position)]"
            try checkTime(route.validity, in: document.validity, at: "\(path).validity")
            for (number, rule) in route.rules.enumerated() {
                let place = "\(path).rules[\(number)]"
                try checkTime(rule.validity, in: document.validity, at: "\(place).validity")
                if let routeTime = route.validity {
                    try checkTime(rule.validity, in: routeTime, at: "\(place).validity")
                }
                try checkTests(rule.tests, at: "\(place).when", in: document)
                try checkReach(rule, after: route.rules.prefix(number), at: place, in: document)
            }
            let counted = Set(route.rules.flatMap(\.limits))
            for (number, notice) in route.notices.enumerated() {
                guard let limit = notice.threshold?.limit, limits.contains(limit),
                    !counted.contains(limit)
                else { continue }
                try refuse(
                    "\(path).notices[\(number)].threshold.limit",
                    "no rule of the route counts against '\(limit)', "
                        + "so the notice is never due"
                )
            }
        }
    }

    private func checkTime(
        _ validity: Validity?,
        in whole: Validity,
        at path: String
    ) throws(CBORFieldError) {
        guard let validity, !validity.overlaps(whole) else { return }
        try refuse(path, "no day of it is \(whole.words)")
    }

    /// Refuses a rule all of whose claims an earlier one decides.
    private func checkReach(
        _ rule: Route.Rule,
        after earlier: ArraySlice<Route.Rule>,
        at path: String,
        in document: PolicyDocument
    ) throws(CBORFieldError) {
        let conditions = "\(path).parameter"
        guard try holds(rule.condition, in: document, at: conditions) else { return }
        for other in earlier {
            let isOn = try holds(other.condition, in: document, at: conditions)
            guard isOn, other.validity == nil, other.consequence.waivedBy.isEmpty,
                other.tests.allSatisfy(rule.tests.contains)
            else { continue }
            try refuse(
                path,
                "can never apply: '\(other.id)' comes before it and decides every claim "
                    + "that it would"
            )
        }
    }

    /// Refuses tests that no claim can pass.
    func checkTests(
        _ tests: [PartyTest],
        at path: String,
        in document: PolicyDocument
    ) throws(CBORFieldError) {
        for (position, test) in tests.enumerated() {
            if test.match != .none, !test.groups.isEmpty,
                test.groups.allSatisfy({ isEmpty($0, in: document) })
            {
                try refuse(
                    "\(path)[\(position)].in",
                    "can never hold: no country is in these groups"
                )
            }
            let opposite = tests.prefix(position).contains {
                $0.aspects == test.aspects && $0.roles == test.roles && $0.groups == test.groups
                    && $0.organisations == test.organisations
                    && ($0.match == .none) != (test.match == .none)
            }
            if opposite {
                try refuse(
                    "\(path)[\(position)].match",
                    "can never hold: an earlier test asks for the opposite"
                )
            }
        }
    }

    private func isEmpty(_ group: String, in document: PolicyDocument) -> Bool {
        document.groups.contains {
            $0.id == group && $0.complementOf == nil && $0.members.isEmpty
        }
    }
}
