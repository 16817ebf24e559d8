internal import CBOR

/// The names that a policy document declares, and the checks that every reference finds one.
struct PolicyNames {
    /// For each country code: the code that it is read as, or nil if unknown.
    let readAs: [Int?]
    let groups: [String]
    private let items: [String]
    let limits: [String]
    private let roles: [String]
    /// What is known to be wrong.
    let known: KnownProblems

    /// Collects the names; each may stand once among its kind.
    init(_ document: PolicyDocument, known: KnownProblems) throws(CBORFieldError) {
        self.known = known
        groups = document.groups.map(\.id)
        items = document.items.map(\.id)
        limits = document.limits.map(\.id)
        roles = document.roles
        let aliases = document.aliases.map(\.country)
        try known.checkDistinct(document.countries, at: "$.countries", field: nil)
        try known.checkDistinct(aliases, at: "$.aliases", field: "country")
        try known.checkDistinct(groups, at: "$.groups")
        try known.checkDistinct(items, at: "$.items")
        try known.checkDistinct(limits, at: "$.limits")
        try known.checkDistinct(document.decisions.map(\.id), at: "$.decisions")
        try known.checkDistinct(document.parameters.map(\.id), at: "$.parameters")
        try known.checkDistinct(document.routes.map(\.id), at: "$.routes")
        readAs = try Self.readAs(document, known)
    }

    /// The names that stand in a list before, with their positions.
    static func repeated(_ names: [String]) -> [(position: Int, name: String)] {
        var seen: Set<String> = []
        return names.enumerated().filter { !seen.insert($1).inserted }
            .map { (position: $0, name: $1) }
    }

    private static func readAs(
        _ document: PolicyDocument,
        _ known: KnownProblems
    ) throws(CBORFieldError) -> [Int?] {
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
            else {
                try known.refuse(path, "a code stands for itself")
                continue
            }
            if named[to] == nil {
                try known.refuse("\(path).readAs", "'\(alias.readAs)' is not among 'countries'")
            }
            if document.aliases.contains(where: { $0.country == alias.readAs }) {
                try known.refuse("\(path).readAs", "'\(alias.readAs)' is itself read as another")
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
    ) throws(CBORFieldError) -> Int? {
        if let position = names.firstIndex(of: name) { return position }
        try refuse(path, "there is no \(kind) '\(name)'")
        return nil
    }

    /// The number of a group; nil if it is known that there is none.
    func group(_ id: String, at path: String) throws(CBORFieldError) -> Int? {
        try find(id, among: groups, kind: "group", at: path)
    }

    /// The number of a limit; nil if it is known that there is none.
    func limit(_ id: String, at path: String) throws(CBORFieldError) -> Int? {
        try find(id, among: limits, kind: "limit", at: path)
    }

    /// The number of a role; nil if it is known that there is none.
    func role(_ name: String, at path: String) throws(CBORFieldError) -> Int? {
        try find(name, among: roles, kind: "role", at: path)
    }

    /// A set of items; nil if it is known that there is none.
    func filter(
        _ id: String,
        at path: String,
        in document: PolicyDocument
    ) throws(CBORFieldError) -> ItemFilter? {
        try find(id, among: items, kind: "item filter", at: path).map { document.items[$0] }
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
                let number = try self.role(role, at: "\(path)[\(position)].roles[\(place)]")
                if let number { roles |= 1 << UInt32(number) }
            }
            var groups: [Int] = []
            for (place, group) in test.groups.enumerated() {
                let number = try self.group(group, at: "\(path)[\(position)].in[\(place)]")
                if let number { groups.append(number) }
            }
            result.append(PartyTestIndex(test, roles: roles, groups: groups))
        }
        return result
    }
}

extension KnownProblems {
    /// Refuses a list in which a name stands twice.
    func checkDistinct(
        _ names: [String],
        at path: String,
        field: String? = "id"
    ) throws(CBORFieldError) {
        for (position, name) in PolicyNames.repeated(names) {
            try refuse(
                "\(path)[\(position)]\(field.map { ".\($0)" } ?? "")",
                "'\(name)' stands here twice"
            )
        }
    }
}
