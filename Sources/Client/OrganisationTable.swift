import QuotaFiles

/// Organisations read from a table: one row each, the legal name kept private.
package struct OrganisationTable: Sendable {
    /// One organisation of the table.
    package struct Entry: Hashable, Sendable {
        /// The row, as a spreadsheet numbers it.
        package let row: Int
        /// The organisation id.
        package let id: String
        /// Country where it is located.
        package let location: String
        /// Country of its headquarters.
        package let headquarters: String
        /// The ultimate parent with the country of its headquarters, nil if it is its own.
        package let parent: Parent?
        /// The legal name, which enters the ledger as a salted digest only.
        package let name: String
    }

    /// An ultimate parent.
    package struct Parent: Hashable, Sendable {
        /// The id.
        package let id: String
        /// Country of its headquarters.
        package let headquarters: String
    }

    /// The organisations, in the order of the rows.
    package let entries: [Entry]

    /// Reads a table with the columns `id, location, headquarters, name` and, where there is a
    /// parent, `parent, parent_headquarters`.
    ///
    /// - Parameter bytes: RFC 4180 text in UTF-8 with a header.
    /// - Throws: ``TableProblems`` with every problem of every row.
    package init(_ bytes: [UInt8]) throws(TableProblems) {
        let table: CSVTable
        do {
            table = try CSVTable(
                bytes,
                required: ["id", "location", "headquarters", "name"],
                optional: ["parent", "parent_headquarters"]
            )
        } catch {
            throw TableProblems(error.problems)
        }
        var check = TableCheck()
        var firstRows: [String: Int] = [:]
        entries = table.rows.map { row in
            let id = check.identifier(row, "id")
            if let first = firstRows.updateValue(row.number, forKey: id) {
                check.note(row, "id", "is in row \(first) already")
            }
            let name = check.sentence(row, "name") ?? ""
            if name.isEmpty { check.note(row, "name", "is empty") }
            return Entry(
                row: row.number,
                id: id,
                location: check.country(row, "location"),
                headquarters: check.country(row, "headquarters"),
                parent: Self.parent(row, &check),
                name: name
            )
        }
        if table.rows.isEmpty {
            throw TableProblems([CSVProblem(row: 1, column: nil, problem: "no rows")])
        }
        guard check.problems.isEmpty else { throw TableProblems(check.problems) }
    }

    private static func parent(_ row: CSVTable.Row, _ check: inout TableCheck) -> Parent? {
        guard !row["parent"].isEmpty || !row["parent_headquarters"].isEmpty
        else { return nil }
        return Parent(
            id: check.identifier(row, "parent"),
            headquarters: check.country(row, "parent_headquarters")
        )
    }
}
