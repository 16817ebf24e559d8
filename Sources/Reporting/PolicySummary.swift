public import QuotaRules

/// What a policy says, as a report of its own: for a person who is about to propose it.
public struct PolicySummary: Sendable {
    private let policy: Policy
    private let catalogue: ChipCatalogue?

    /// A summary of a policy.
    ///
    /// - Parameters:
    ///   - policy: The policy.
    ///   - catalogue: The catalogue that it would judge with, for warnings; nil without one.
    public init(_ policy: Policy, catalogue: ChipCatalogue?) {
        self.policy = policy
        self.catalogue = catalogue
    }

    /// The policy in one line.
    public var title: String {
        let document = policy.document
        return "\(policy.id) version \(policy.version): \(document.title), "
            + "\(policy.statusWords.replacing("_", with: " ")), "
            + "exports \(Self.dates(document.validity)) [\(document.citation)]"
    }

    /// Limits, routes and groups.
    public var sections: [ReportSection] { [limits, routes, groups, warningSection] }

    /// What a reader should look at twice; none of it makes the policy invalid.
    public var warnings: [String] {
        let document = policy.document
        var warnings: [String] = []
        if policy.status != .inForce, document.adoption == nil {
            warnings.append(
                "$.status: '\(policy.status.rawValue)' can be simulated, and not be adopted without "
                    + "'adoption'"
            )
        }
        for (place, limit) in policy.limits.enumerated() {
            let isUsed = policy.routes.contains { route in
                route.rules.contains { $0.limits.contains(limit.id) }
            }
            if !isUsed {
                warnings.append("$.limits[\(place)]: no rule of any route uses '\(limit.id)'")
            }
            if !limit.hasCap, limit.denominator == nil {
                warnings.append("$.limits[\(place)]: '\(limit.id)' only counts, it has no cap")
            }
        }
        for (place, group) in document.groups.enumerated()
        where group.complementOf == nil && group.members.isEmpty {
            warnings.append("$.groups[\(place)]: '\(group.id)' has no member yet")
        }
        for (place, filter) in document.items.enumerated() {
            guard let catalogue else { break }
            let matches = catalogue.items.contains {
                policy.isItem($0.sku, in: filter.id, catalogue: catalogue) == true
            }
            if !matches {
                warnings.append(
                    "$.items[\(place)]: no item of catalogue '\(catalogue.id)' is '\(filter.id)'"
                )
            }
        }
        return warnings
    }

    private var limits: ReportSection {
        var section = ReportSection(
            "limits",
            "Limits",
            columns: [
                .init("limit"), .init("subject"), .init("basis"), .init("counted"),
                .init("cap"), .init("unit"), .init("citation"),
            ],
            empty: "None: nothing is capped."
        )
        for limit in policy.limits {
            let subject = limit.subject.map(\.text).joined(separator: " x ")
            section.add([
                .text(limit.id), .text(subject.isEmpty ? "everybody" : subject),
                .text(limit.basis), .text(limit.countBasis.rawValue),
                limit.capCell, .text(limit.metric.unit.word),
                .text(limit.citation),
            ])
        }
        return section
    }

    private var routes: ReportSection {
        var section = ReportSection(
            "routes",
            "Routes",
            columns: [
                .init("route"), .init("rules"), .init("limits"), .init("evidence"),
                .init("citation"),
            ],
            empty: "None: nothing can be claimed."
        )
        for route in policy.routes {
            var limits: [String] = []
            for rule in route.rules {
                for limit in rule.limits where !limits.contains(limit) { limits.append(limit) }
            }
            section.add([
                .text(route.id), .count(UInt64(route.rules.count)),
                .optional(limits.isEmpty ? nil : limits.joined(separator: " ")),
                .optional(
                    route.evidence.isEmpty
                        ? nil : route.evidence.map(\.type).joined(separator: " ")
                ),
                .text(route.citation),
            ])
        }
        return section
    }

    private var groups: ReportSection {
        var section = ReportSection(
            "groups",
            "Groups of countries",
            columns: [.init("group"), .init("title"), .init("members"), .init("citation")],
            empty: "None."
        )
        for group in policy.document.groups {
            let count = group.members.reduce(0) { $0 + $1.countries.count }
            let others = group.complementOf.map { "all but \($0.joined(separator: ", "))" }
            section.add([
                .text(group.id), .text(group.title), .text(others ?? "\(count)"),
                .text(group.citation),
            ])
        }
        return section
    }

    private var warningSection: ReportSection {
        var section = ReportSection(
            "warnings",
            "Warnings",
            columns: [.init("warning")],
            empty: "None."
        )
        for warning in warnings { section.add([.text(warning)]) }
        return section
    }

    private static func dates(_ validity: Validity) -> String {
        "from \(validity.from)" + (validity.through.map { " through \($0)" } ?? "")
    }
}

extension PolicySummary {
    /// The summary for people.
    public var text: String {
        "\(title)\n" + sections.map { "\n\($0.text)" }.joined()
    }

    /// The summary as JSON: title, then the sections.
    public var json: String {
        JSONTree.object([
            ("title", .text(title)), ("sections", .array(sections.map(\.json))),
        ]).text + "\n"
    }
}
