import QuotaRules

extension ReportDocument {
    /// The report as one JSON object, two blanks an indent, names in the order of the report.
    ///
    /// Quantities are `{"unit", "tenths" or "count", "text"}`, parts `{"basisPoints", "text"}`; an
    /// absent value is `null`.
    public var json: String {
        let value = JSONTree.object([
            ("report", .text(name)), ("title", .text(title)), ("checkpoint", place.json),
            ("policy", .text(place.policy)), ("catalogue", .text(place.catalogue)),
            ("notes", .array(notes.map { .text($0) })),
            ("sections", .array(sections.map(\.json))),
        ])
        return value.text + "\n"
    }
}

extension ReportPlace {
    var json: JSONTree {
        .object([
            ("origin", .text(origin)), ("size", .number(size)), ("root", .text("\(root)")),
            ("height", .number(height)), ("time", .text(ReportTime.text(time))),
        ])
    }
}

extension ReportSection {
    /// The section as one JSON object.
    public var jsonText: String { json.text + "\n" }

    var json: JSONTree {
        .object([
            ("section", .text(id)), ("title", .text(title)),
            ("notes", .array(notes.map { .text($0) })),
            (
                "rows",
                .array(
                    rows.map { row in
                        .object(zip(columns, row).map { ($0.id, $1.json) })
                    }
                )
            ),
        ])
    }
}

extension ReportCell {
    var json: JSONTree {
        switch self {
        case .none: .null
        case .text(let text): .text(text)
        case .count(let count): .number(count)
        case .amount(let amount, let unit):
            .object([
                ("unit", .text(self.unit ?? "")),
                (unit == .tpp ? "tenths" : "count", .number(amount)),
                ("text", .text(unit.description(of: amount))),
            ])
        case .difference(let difference, let unit):
            .object([
                ("unit", .text(self.unit ?? "")),
                (unit == .tpp ? "tenths" : "count", .signed(difference)), ("text", .text(words)),
            ])
        case .share(let share):
            .object([("basisPoints", .number(share)), ("text", .text(words))])
        }
    }
}
