internal import CBOR

// These are classes so that a decision passes them on without counting references to each of
// their texts and lists.

/// A policy document with every name looked up, so that a decision searches no text.
final class PolicyIndex: Sendable {
    /// What is written.
    let document: PolicyDocument
    /// For each of the codes `AA` to `ZZ`: the code that it is read as, or nil if unknown.
    private let readAs: [Int?]
    /// For each group and country, when the country is listed.
    private let listed: [[[Validity]]]
    /// For each group, the groups that it is the complement of.
    private let complements: [[Int]?]
    /// The roles, in the policy's order; the position is the number of the role.
    let roles: [String]
    /// The items that the policy is about.
    let regulated: ItemFilter
    /// In the order of the document.
    let limits: [LimitIndex]
    /// In the order of the document.
    let routes: [RouteIndex]
    /// How consignments live.
    let lifecycle: PolicyLifecycle
    /// The tests of each rule by which the receiving government is asked.
    let consents: [[PartyTestIndex]]
    /// When the policy decides.
    let validity: Validity

    /// Looks up and checks everything in `document`.
    ///
    /// - Parameters:
    ///   - document: What is written.
    ///   - known: What is known to be wrong and therefore passed over. The index decides nothing then.
    /// - Throws: `CBORFieldError` with the first problem that is not known.
    init(
        _ document: PolicyDocument,
        known: KnownProblems = KnownProblems()
    ) throws(CBORFieldError) {
        let names = try PolicyNames(document, known: known)
        try names.check(document)
        self.document = document
        readAs = names.readAs
        roles = document.roles
        validity = document.validity
        var listed: [[[Validity]]] = []
        var complements: [[Int]?] = []
        for group in document.groups {
            var table = [[Validity]](repeating: [], count: CountryIndex.count)
            for entry in group.members {
                for code in entry.countries {
                    if let country = CountryIndex.of(code) { table[country].append(entry.validity) }
                }
            }
            listed.append(table)
            complements.append(group.complementOf?.compactMap { names.groups.firstIndex(of: $0) })
        }
        self.listed = listed
        self.complements = complements
        let regulated = try names.filter(
            document.regulatedItems,
            at: "$.regulatedItems",
            in: document
        )
        guard let standIn = regulated ?? document.items.first else {
            throw CBORFieldError(
                path: "$.items",
                problem: "expected at least one item; leave the field out instead"
            )
        }
        self.regulated = standIn
        var limits: [LimitIndex] = []
        for (position, limit) in document.limits.enumerated() {
            limits.append(
                try LimitIndex(
                    limit,
                    path: "$.limits[\(position)]",
                    names: names,
                    document: document
                )
            )
        }
        self.limits = limits
        var routes: [RouteIndex] = []
        for (position, route) in document.routes.enumerated() {
            routes.append(
                try RouteIndex(
                    route,
                    path: "$.routes[\(position)]",
                    names: names,
                    document: document
                )
            )
        }
        self.routes = routes
        try names.checkUses(document)
        try names.checkRoutes(document)
        lifecycle = document.lifecycle ?? .standard
        var consents: [[PartyTestIndex]] = []
        if let lifecycle = document.lifecycle {
            try names.check(lifecycle, document)
            for (position, consent) in lifecycle.consents.enumerated() {
                let path = "$.lifecycle.consent[\(position)].when"
                consents.append(try names.tests(consent.tests, at: path))
            }
        }
        self.consents = consents
    }

    /// The limit that an account's limit names, and the sub-share if it names one.
    func limit(ofAccount name: String) -> (limit: LimitIndex, part: LimitIndex.Part?)? {
        let id = Limit.id(ofAccount: name)
        guard let limit = limits.first(where: { $0.limit.id == id }) else { return nil }
        if id == name { return (limit, nil) }
        return limit.parts.first { $0.account == name }.map { (limit, $0) }
    }

    /// The number of the country that a code is read as, or nil if the policy does not know it.
    func country(_ code: String) -> Int? {
        CountryIndex.of(code).flatMap { readAs[$0] }
    }

    /// Whether a country is in a group on a day.
    func isMember(_ country: Int, of group: Int, on date: CalendarDate) -> Bool {
        if let others = complements[group] {
            // A complement is made of lists only, so this descends once.
            for other in others where isListed(country, in: other, on: date) { return false }
            return true
        }
        return isListed(country, in: group, on: date)
    }

    private func isListed(_ country: Int, in group: Int, on date: CalendarDate) -> Bool {
        for validity in listed[group][country] where validity.contains(date) { return true }
        return false
    }
}
