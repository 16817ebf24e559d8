extension Evaluation {
    /// One country that a test looks at.
    struct Sighting {
        /// The number of the party in the claim; nil for the destination.
        let party: Int?
        let aspect: PartyTest.Aspect
        let country: Int
    }

    /// Whether a test holds.
    func holds(_ test: PartyTestIndex) -> Bool {
        guard test.organisations.isEmpty else { return holdsByName(test) }
        return switch test.test.match {
        case .any: sighting(of: test, inside: true) != nil
        case .none: sighting(of: test, inside: true) == nil
        case .every: sighting(of: test, inside: false) == nil && looksAtAnything(test)
        }
    }

    /// Whether a test of organisations holds.
    private func holdsByName(_ test: PartyTestIndex) -> Bool {
        var isSeen = false
        for (number, party) in claim.parties.enumerated()
        where test.roles & (1 << UInt32(party.role)) != 0 {
            let facts = facts.parties[number]
            for aspect in test.test.aspects {
                let name = aspect == .parent ? facts.parentID : facts.organisation
                let isNamed = test.organisations.contains(name)
                switch test.test.match {
                case .any where isNamed: return true
                case .none where isNamed: return false
                case .every where !isNamed: return false
                case .any, .none, .every: isSeen = true
                }
            }
        }
        switch test.test.match {
        case .any: return false
        case .none: return true
        case .every: return isSeen
        }
    }

    /// The first country that a test looks at and that is inside, or outside, its groups.
    func sighting(of test: PartyTestIndex, inside: Bool) -> Sighting? {
        if test.looksAtDestination, isInside(claim.destination, test) == inside {
            return Sighting(party: nil, aspect: .destination, country: claim.destination)
        }
        guard test.looksAtParties else { return nil }
        for (number, party) in claim.parties.enumerated()
        where test.roles & (1 << UInt32(party.role)) != 0 {
            for aspect in test.test.aspects {
                let country: Int
                switch aspect {
                case .destination, .id, .parent: continue
                case .location: country = party.location
                case .headquarters: country = party.headquarters
                case .parentHeadquarters: country = party.parentHeadquarters
                }
                if isInside(country, test) == inside {
                    return Sighting(party: number, aspect: aspect, country: country)
                }
            }
        }
        return nil
    }

    private func isInside(_ country: Int, _ test: PartyTestIndex) -> Bool {
        for group in test.groups where policy.index.isMember(country, of: group, on: date) {
            return true
        }
        return false
    }

    /// Whether there is a country for the test: a role that nobody fills cannot all be inside.
    private func looksAtAnything(_ test: PartyTestIndex) -> Bool {
        if test.looksAtDestination && !test.looksAtParties { return true }
        return claim.parties.contains { test.roles & (1 << UInt32($0.role)) != 0 }
    }
}

extension Evaluation {
    /// The refusal by a rule, with the party that caused it.
    func refusal(by rule: RuleIndex, of route: RouteIndex) -> Reason {
        let consequence = rule.rule.consequence
        let cause = cause(of: rule, in: route).map { " (\($0))" } ?? ""
        let review = consequence.review.map { ": \($0.words)" } ?? ""
        return Reason(
            .rule,
            "\(route.route.id) refused\(review). \(consequence.text)\(cause)",
            citation: consequence.citation,
            source: rule.rule.id
        )
    }

    /// What made a rule apply: a country inside its groups; for a rule that applies to the rest,
    /// a country that kept an earlier rule from passing the claim.
    private func cause(of rule: RuleIndex, in route: RouteIndex) -> String? {
        for test in rule.tests where test.test.match == .any && test.organisations.isEmpty {
            if let sighting = sighting(of: test, inside: true) { return words(sighting, test) }
        }
        guard rule.tests.isEmpty else { return nil }
        for earlier in route.rules where earlier.rule.consequence.outcome != .refuse {
            if earlier.rule.id == rule.rule.id { return nil }
            for test in earlier.tests where test.organisations.isEmpty && !holds(test) {
                let sighting = sighting(of: test, inside: test.test.match == .none)
                if let sighting { return words(sighting, test) }
            }
        }
        return nil
    }

    private func words(_ sighting: Sighting, _ test: PartyTestIndex) -> String {
        let code = CountryIndex.code(sighting.country)
        let groups = test.groups.filter {
            policy.index.isMember(sighting.country, of: $0, on: date)
        }
        let names = (groups.isEmpty ? test.groups : groups).map {
            policy.document.groups[$0].title
        }
        let membership =
            (groups.isEmpty ? "which is not in " : "in ") + names.joined(separator: " or ")
        guard let number = sighting.party else {
            return "the destination is \(code), \(membership)"
        }
        let party = facts.parties[number]
        let what =
            switch sighting.aspect {
            case .destination, .location, .id, .parent: "is located in"
            case .headquarters: "has its headquarters in"
            case .parentHeadquarters: "has an ultimate parent with headquarters in"
            }
        return "\(party.role) '\(party.organisation)' \(what) \(code), \(membership)"
    }
}
