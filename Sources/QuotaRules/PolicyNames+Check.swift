internal import CBOR

extension PolicyNames {
    /// Refuses contradictions that are not about one name.
    func check(_ document: PolicyDocument) throws(CBORFieldError) {
        try document.weights?.check(self, at: "$.weights")
        for (position, group) in document.groups.enumerated() {
            try check(group, path: "$.groups[\(position)]", document: document)
        }
        if let adoption = document.adoption, adoption.status != document.status {
            throw CBORFieldError(
                path: "$.adoption.status",
                problem: "the policy's status is \(document.status.rawValue)"
            )
        }
        if document.adoption != nil, document.status == .inForce {
            throw CBORFieldError(
                path: "$.adoption",
                problem: "not allowed: a policy in force is adopted without it"
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

    /// Refuses a code that the policy does not know, or reads as another.
    func checkCountry(_ code: String, at path: String) throws(CBORFieldError) {
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
}
