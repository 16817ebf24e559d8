internal import CBOR

extension PolicyNames {
    /// Refuses contradictions that are not about one name.
    func check(_ document: PolicyDocument) throws(CBORFieldError) {
        if let weights = document.weights { try check(weights) }
        for (position, group) in document.groups.enumerated() {
            try check(group, path: "$.groups[\(position)]", document: document)
        }
        guard !known.places.contains("$.status") else { return }
        if let adoption = document.adoption, adoption.status != document.status {
            try refuse("$.adoption.status", "the policy's status is \(document.status.rawValue)")
        }
        if document.adoption != nil, document.status == .inForce {
            try refuse("$.adoption", "not allowed: a policy in force is adopted without it")
        }
    }

    private func check(
        _ group: CountryGroup,
        path: String,
        document: PolicyDocument
    ) throws(CBORFieldError) {
        for (position, other) in (group.complementOf ?? []).enumerated() {
            let place = "\(path).complementOf[\(position)]"
            guard let target = try self.group(other, at: place) else { continue }
            if document.groups[target].complementOf != nil {
                try refuse(place, "'\(other)' is itself a complement")
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
                    try refuse(path, "'\(country)' is in this group twice on one day")
                }
                seen.append((country, entry.validity))
            }
        }
    }

    /// Refuses a code that the policy does not know, or reads as another.
    func checkCountry(_ code: String, at path: String) throws(CBORFieldError) {
        guard let country = CountryIndex.of(code), let read = readAs[country] else {
            try refuse(path, "'\(code)' is not among 'countries'")
            return
        }
        if read != country {
            try refuse(path, "'\(code)' is read as '\(CountryIndex.code(read))'; name that instead")
        }
    }

    /// Refuses a group of the section `weights` that the policy does not have.
    private func check(_ weights: PolicyWeights) throws(CBORFieldError) {
        for (position, place) in weights.places.enumerated() {
            for (number, test) in place.tests.enumerated() {
                let path = "$.weights.places[\(position)].when[\(number)]"
                for (entry, group) in test.groups.enumerated() {
                    _ = try self.group(group, at: "\(path).in[\(entry)]")
                }
            }
        }
    }

    /// Refuses a route of the section `lifecycle` that the policy does not have.
    func check(_ lifecycle: PolicyLifecycle, _ document: PolicyDocument) throws(CBORFieldError) {
        for (position, route) in lifecycle.licenceFree.enumerated()
        where !document.routes.contains(where: { $0.id == route }) {
            try refuse(
                "$.lifecycle.licenceFree[\(position)]",
                "no route has the id '\(route)'"
            )
        }
    }
}
