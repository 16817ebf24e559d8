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
    /// When the policy decides.
    let validity: Validity

    /// Looks up and checks everything in `document`.
    init(_ document: PolicyDocument) throws(CBORFieldError) {
        let names = try PolicyNames(document)
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
        regulated = try names.filter(
            document.regulatedItems,
            at: "$.regulatedItems",
            in: document
        )
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

/// A limit with every name looked up.
final class LimitIndex: Sendable {
    let limit: Limit
    /// The items that count; nil for all, or if they are the policy's regulated items.
    let items: ItemFilter?
    /// Whether the items that count are the policy's regulated items.
    let countsRegulated: Bool
    let holders: Int?
    let tests: [PartyTestIndex]
    /// For each part of the subject that is a party: the number of its role.
    let subjectRoles: [Int?]
    /// Where in the subject the destination stands.
    let destinationPosition: Int?
    /// The period of the accounts, unless it is a year.
    let fixedPeriod: String?
    /// When the limit holds.
    let validity: Validity?

    init(
        _ limit: Limit,
        path: String,
        names: PolicyNames,
        document: PolicyDocument
    ) throws(CBORFieldError) {
        try names.check(limit, path: path, document: document)
        self.limit = limit
        countsRegulated = limit.items == document.regulatedItems
        if let id = limit.items, !countsRegulated {
            items = try names.filter(id, at: "\(path).items", in: document)
        } else {
            items = nil
        }
        if let id = limit.holders {
            holders = try names.group(id, at: "\(path).holders")
        } else {
            holders = nil
        }
        tests = try names.tests(limit.tests, at: "\(path).when")
        var subjectRoles: [Int?] = []
        for (position, part) in limit.subject.enumerated() {
            if case .party(let role, _) = part {
                subjectRoles.append(try names.role(role, at: "\(path).subject[\(position)]"))
            } else {
                subjectRoles.append(nil)
            }
        }
        self.subjectRoles = subjectRoles
        destinationPosition = limit.subject.firstIndex(of: .destination)
        validity = limit.window.validity
        switch limit.window {
        case .cumulative, .steps: fixedPeriod = limit.window.validity.map(Self.name)
        case .shipment: fixedPeriod = "shipment"
        case .calendarYear, .reportingDates: fixedPeriod = nil
        }
    }

    /// `2025-2027` for whole years, else both dates, or `since-` and the first.
    private static func name(_ validity: Validity) -> String {
        guard let through = validity.through else { return "since-\(validity.from)" }
        let isWholeYears =
            validity.from.month == 1 && validity.from.day == 1 && through.month == 12
            && through.day == 31
        guard isWholeYears else { return "\(validity.from)..\(through)" }
        return validity.from.year == through.year
            ? String(through.year) : "\(validity.from.year)-\(through.year)"
    }

    /// The period of the account for a day inside the limit's validity.
    func period(on date: CalendarDate) -> String {
        fixedPeriod ?? String(date.year)
    }

    /// The cap on a day in the account's unit; nil for none, or if a figure for it is missing.
    func cap(for country: Int?, on date: CalendarDate, catalogue: ChipCatalogue) -> UInt64? {
        let stated: UInt64?
        if case .steps(let steps, _) = limit.window {
            stated = steps.last { $0.from <= date }?.cap
        } else {
            stated = limit.cap
        }
        guard var cap = stated else { return nil }
        if case .equivalents(let sku) = limit.metric {
            guard let item = catalogue.item(sku) else { return nil }
            let (product, overflow) = cap.multipliedReportingOverflow(by: item.tpp.tenths)
            guard !overflow, product < Tpp.totalBound else { return nil }
            cap = product
        }
        guard let uplift = limit.uplift, let country else { return cap }
        for entry in uplift.entries
        where CountryIndex.of(entry.country) == country && entry.validity.contains(date) {
            // A cap below 2^52 and a percentage of at most 200 cannot overflow.
            return cap * (100 + entry.percent) / 100
        }
        return cap
    }
}

/// A test with every name looked up.
final class PartyTestIndex: Sendable {
    let test: PartyTest
    /// One bit for each role that is looked at.
    let roles: UInt32
    let groups: [Int]
    let looksAtDestination: Bool
    let looksAtParties: Bool

    init(_ test: PartyTest, roles: UInt32, groups: [Int]) {
        self.test = test
        self.roles = roles
        self.groups = groups
        looksAtDestination = test.aspects.contains(.destination)
        looksAtParties = test.aspects.contains { $0 != .destination }
    }
}

/// A route with every name looked up.
final class RouteIndex: Sendable {
    let route: Route
    let eligible: ItemFilter?
    let requiredRoles: [Int]
    /// The rules whose switches are set, in order.
    let rules: [RuleIndex]
    let notices: [NoticeIndex]

    init(
        _ route: Route,
        path: String,
        names: PolicyNames,
        document: PolicyDocument
    ) throws(CBORFieldError) {
        self.route = route
        if let id = route.eligibleItems {
            eligible = try names.filter(id, at: "\(path).eligibleItems", in: document)
        } else {
            eligible = nil
        }
        var requiredRoles: [Int] = []
        for (position, role) in route.requiredRoles.enumerated() {
            requiredRoles.append(
                try names.role(role, at: "\(path).requiredRoles[\(position)]")
            )
        }
        self.requiredRoles = requiredRoles
        try PolicyNames.checkDistinct(route.rules.map(\.id), at: "\(path).rules")
        try PolicyNames.checkDistinct(route.notices.map(\.id), at: "\(path).notices")
        try PolicyNames.checkDistinct(
            route.evidence.map(\.type),
            at: "\(path).evidence",
            field: "type"
        )
        var rules: [RuleIndex] = []
        for (position, rule) in route.rules.enumerated() {
            let index = try RuleIndex(
                rule,
                path: "\(path).rules[\(position)]",
                names: names,
                document: document
            )
            if index.isSwitchedOn { rules.append(index) }
        }
        self.rules = rules
        var notices: [NoticeIndex] = []
        for (position, notice) in route.notices.enumerated() {
            notices.append(
                try NoticeIndex(
                    notice,
                    path: "\(path).notices[\(position)]",
                    names: names,
                    document: document
                )
            )
        }
        self.notices = notices
    }
}

/// A rule with every name looked up.
final class RuleIndex: Sendable {
    let rule: Route.Rule
    let tests: [PartyTestIndex]
    let limits: [Int]
    let isSwitchedOn: Bool

    init(
        _ rule: Route.Rule,
        path: String,
        names: PolicyNames,
        document: PolicyDocument
    ) throws(CBORFieldError) {
        self.rule = rule
        tests = try names.tests(rule.tests, at: "\(path).when")
        var limits: [Int] = []
        for (position, id) in rule.limits.enumerated() {
            limits.append(try names.limit(id, at: "\(path).limits[\(position)]"))
        }
        // Decisions name limits in the order of the policy.
        self.limits = limits.sorted()
        isSwitchedOn = try names.isSet(
            rule.condition,
            at: "\(path).parameter.id",
            in: document
        )
    }
}

/// A notice with every name looked up.
final class NoticeIndex: Sendable {
    let notice: NoticeRule
    /// The limit that the threshold compares.
    let limit: Int?
    /// The smallest amount, in the limit's unit.
    let atLeast: UInt64

    init(
        _ notice: NoticeRule,
        path: String,
        names: PolicyNames,
        document: PolicyDocument
    ) throws(CBORFieldError) {
        self.notice = notice
        guard let threshold = notice.threshold else {
            limit = nil
            atLeast = 0
            return
        }
        let position = try names.limit(threshold.limit, at: "\(path).threshold.limit")
        guard
            let amount = document.limits[position].metric.unit.amount(threshold.atLeast),
            amount < Tpp.totalBound
        else {
            throw CBORFieldError(
                path: "\(path).threshold.atLeast",
                problem: "expected an amount in quotes, such as \"3200000\""
            )
        }
        limit = position
        atLeast = amount
    }
}
