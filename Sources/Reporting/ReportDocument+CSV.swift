extension ReportDocument {
    /// The report for spreadsheets: one table a section, each with its own header line, an empty
    /// line between them.
    ///
    /// Every line starts with report, section and checkpoint. Quantities are plain decimals in the
    /// unit that the column `unit` of their row names.
    public var csv: String {
        sections.map { section in
            let head = ["report", "section", "checkpoint", "policy"]
            let fixed = [name, section.id, String(place.size), place.policy]
            return CSVText.table(
                columns: head + section.columns.map(\.id) + ["unit"],
                rows: section.rows.map { row in
                    fixed + row.map(\.plain) + [row.lazy.compactMap(\.unit).first ?? ""]
                }
            )
        }.joined(separator: "\n")
    }
}
