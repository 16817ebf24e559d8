extension ReportDocument {
    /// The report for spreadsheets: one table a section, each with its own header line, an empty
    /// line between them.
    ///
    /// Every line starts with report, section and checkpoint. Quantities are plain decimals in the
    /// unit that the column `unit` of their row names.
    public var csv: String {
        let fixed = [
            ("report", name), ("checkpoint", String(place.size)), ("policy", place.policy),
        ]
        return sections.map { $0.csv(after: fixed) }.joined(separator: "\n")
    }
}

extension ReportSection {
    /// The section for spreadsheets, behind columns that are the same on every line.
    public func csv(after fixed: [(name: String, value: String)] = []) -> String {
        let names = columns.map(\.id)
        // Where the table has no column for it, the unit stands at the end.
        let lacksUnit = !names.contains("unit")
        let head = fixed.map(\.name) + ["section"] + names + (lacksUnit ? ["unit"] : [])
        return CSVText.table(
            columns: head,
            rows: rows.map { row in
                let unit = row.lazy.compactMap(\.unit).first ?? ""
                return fixed.map(\.value) + [id] + row.map(\.plain) + (lacksUnit ? [unit] : [])
            }
        )
    }
}
