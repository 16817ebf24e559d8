internal import CBOR

/// A test with every name looked up.
final class PartyTestIndex: Sendable {
    let test: PartyTest
    /// One bit for each role that is looked at.
    let roles: UInt32
    let groups: [Int]
    /// The organisations that are looked for, if the test is not about countries.
    var organisations: [String] { test.organisations }
    let looksAtDestination: Bool
    let looksAtParties: Bool

    init(_ test: PartyTest, roles: UInt32, groups: [Int]) {
        self.test = test
        self.roles = roles
        self.groups = groups
        looksAtDestination = test.aspects.contains(.destination)
        looksAtParties = test.aspects.contains { $0 != .destination && !$0.isOrganisation }
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
            let number = try names.role(role, at: "\(path).requiredRoles[\(position)]")
            if let number { requiredRoles.append(number) }
        }
        self.requiredRoles = requiredRoles
        try names.known.checkDistinct(route.rules.map(\.id), at: "\(path).rules")
        try names.known.checkDistinct(route.notices.map(\.id), at: "\(path).notices")
        try names.known.checkDistinct(
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
        try names.checkDecision(rule.consequence, at: "\(path).then", in: document)
        var limits: [Int] = []
        for (position, id) in rule.limits.enumerated() {
            let number = try names.limit(id, at: "\(path).limits[\(position)]")
            if let number { limits.append(number) }
        }
        // Decisions name limits in the order of the policy.
        self.limits = limits.sorted()
        isSwitchedOn = try names.holds(rule.condition, in: document, at: "\(path).parameter")
    }
}

/// A notice with every name looked up.
final class NoticeIndex: Sendable {
    let notice: NoticeRule
    /// The limit that the threshold compares.
    let limit: Int?
    /// The smallest amount, in the limit's unit.
    let atLeast: UInt64
    let isSwitchedOn: Bool

    init(
        _ notice: NoticeRule,
        path: String,
        names: PolicyNames,
        document: PolicyDocument
    ) throws(CBORFieldError) {
        self.notice = notice
        isSwitchedOn = try names.holds(notice.condition, in: document, at: "\(path).parameter")
        guard let threshold = notice.threshold,
            let position = try names.limit(threshold.limit, at: "\(path).threshold.limit")
        else {
            limit = nil
            atLeast = 0
            return
        }
        limit = position
        let amount = document.limits[position].metric.unit.amount(threshold.atLeast)
        atLeast = amount ?? 0
        if amount.map({ $0 >= Tpp.totalBound }) ?? true {
            try names.refuse(
                "\(path).threshold.atLeast",
                "expected an amount in quotes, such as \"3200000\""
            )
        }
    }
}
