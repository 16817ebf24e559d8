internal import CBOR

/// The names that a policy document declares, and the checks that every reference finds one.
struct PolicyNames {
    /// For each country code: the code that it is read as, or nil if unknown.
    let readAs: [Int?]
    let groups: [String]
    private let items: [String]
    let limits: [String]
    private let roles: [String]

    /// Collects the names; each may stand once among its kind.
    init(_ document: PolicyDocument) throws(CBORFieldError) {
        groups = document.groups.map(\.id)
        items = document.items.map(\.id)
        limits = document.limits.map(\.id)
        roles = document.roles
        try Self.checkDistinct(document.countries, at: "$.countries", field: nil)
        try Self.checkDistinct(
            document.aliases.map(\.country),
            at: "$.aliases",
            field: "country"
        )
        try Self.checkDistinct(groups, at: "$.groups")
        try Self.checkDistinct(items, at: "$.items")
        try Self.checkDistinct(limits, at: "$.limits")
        try Self.checkDistinct(document.decisions.map(\.id), at: "$.decisions")
        try Self.checkDistinct(document.parameters.map(\.id), at: "$.parameters")
        try Self.checkDistinct(document.routes.map(\.id), at: "$.routes")
        readAs = try Self.readAs(document)
    }

    /// Refuses a list in which a name stands twice.
    static func checkDistinct(
        _ names: [String],
        at path: String,
        field: String? = "id"
    ) throws(CBORFieldError) {
        var seen: Set<String> = []
        for (position, name) in names.enumerated() where !seen.insert(name).inserted {
            throw CBORFieldError(
                path: "\(path)[\(position)]\(field.map { ".\($0)" } ?? "")",
                problem: "'\(name)' stands here twice"
            )
        }
    }

    private static func readAs(_ document: PolicyDocument) throws(CBORFieldError) -> [Int?] {
        var table = [Int?](repeating: nil, count: CountryIndex.count)
        if document.countries.isEmpty { table = (0..<CountryIndex.count).map { $0 } }
        for code in document.countries {
            if let country = CountryIndex.of(code) { table[country] = country }
        }
        let named = table
        for (position, alias) in document.aliases.enumerated() {
            let path = "$.aliases[\(position)]"
            guard let from = CountryIndex.of(alias.country), let to = CountryIndex.of(alias.readAs),
                from != to
            else { throw CBORFieldError(path: path, problem: "a code stands for itself") }
            guard named[to] != nil else {
                throw CBORFieldError(
                    path: "\(path).readAs",
                    problem: "'\(alias.readAs)' is not among 'countries'"
                )
            }
            if document.aliases.contains(where: { $0.country == alias.readAs }) {
                throw CBORFieldError(
                    path: "\(path).readAs",
                    problem: "'\(alias.readAs)' is itself read as another"
                )
            }
            table[from] = to
        }
        return table
    }

    private func find(
        _ name: String,
        among names: [String],
        kind: String,
        at path: String
    ) throws(CBORFieldError) -> Int {
        guard let position = names.firstIndex(of: name) else {
            throw CBORFieldError(path: path, problem: "there is no \(kind) '\(name)'")
        }
        return position
    }

    /// The number of a group.
    func group(_ id: String, at path: String) throws(CBORFieldError) -> Int {
        try find(id, among: groups, kind: "group", at: path)
    }

    /// The number of a limit.
    func limit(_ id: String, at path: String) throws(CBORFieldError) -> Int {
        try find(id, among: limits, kind: "limit", at: path)
    }

    /// The number of a role.
    func role(_ name: String, at path: String) throws(CBORFieldError) -> Int {
        try find(name, among: roles, kind: "role", at: path)
    }

    /// A set of items.
    func filter(
        _ id: String,
        at path: String,
        in document: PolicyDocument
    ) throws(CBORFieldError) -> ItemFilter {
        document.items[try find(id, among: items, kind: "item filter", at: path)]
    }

    /// Tests with their names looked up.
    func tests(
        _ tests: [PartyTest],
        at path: String
    ) throws(CBORFieldError) -> [PartyTestIndex] {
        var result: [PartyTestIndex] = []
        for (position, test) in tests.enumerated() {
            var roles: UInt32 = test.roles.isEmpty ? .max : 0
            for (place, role) in test.roles.enumerated() {
                roles |=
                    1
                    << UInt32(
                        try self.role(role, at: "\(path)[\(position)].roles[\(place)]")
                    )
            }
            var groups: [Int] = []
            for (place, group) in test.groups.enumerated() {
                groups.append(try self.group(group, at: "\(path)[\(position)].in[\(place)]"))
            }
            result.append(PartyTestIndex(test, roles: roles, groups: groups))
        }
        return result
    }
}
