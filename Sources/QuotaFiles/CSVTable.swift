internal import SwiftCSV

/// A table with a header, read from comma-separated text (RFC 4180, UTF-8).
package struct CSVTable: Sendable {
    /// One row.
    package struct Row: Sendable {
        /// The number that a spreadsheet shows; the header is row 1.
        package let number: Int
        fileprivate let cells: [String]
        fileprivate let columns: [String]

        /// The cell in a column, without surrounding blanks; empty if the table lacks the column.
        package subscript(column: String) -> String {
            columns.firstIndex(of: column).map { cells[$0] } ?? ""
        }

        /// A problem with the cell in a column.
        package func problem(_ column: String, _ problem: String) -> CSVProblem {
            CSVProblem(row: number, column: column, problem: problem)
        }
    }

    /// The columns, in the order of the file.
    package let columns: [String]
    /// The rows below the header, without empty ones.
    package let rows: [Row]

    /// Reads a table.
    ///
    /// - Parameters:
    ///   - bytes: The text of the file.
    ///   - required: Columns that must be there.
    ///   - optional: Columns that may be there. Any other column is a problem.
    /// - Throws: `CSVTableError` with every problem of the form of the table.
    package init(
        _ bytes: [UInt8],
        required: [String],
        optional: [String] = []
    ) throws(CSVTableError) {
        let records = try Self.records(bytes)
        guard let header = records.first else {
            throw CSVTableError([CSVProblem(row: 1, column: nil, problem: "the file is empty")])
        }
        var problems = Self.check(header, required: required, optional: optional)
        guard problems.isEmpty else { throw CSVTableError(problems) }
        var rows: [Row] = []
        for (index, cells) in records.enumerated().dropFirst() where cells != [""] {
            let number = index + 1
            guard cells.count == header.count else {
                problems.append(
                    CSVProblem(
                        row: number,
                        column: nil,
                        problem: "expected \(header.count) cells, found \(cells.count)"
                    )
                )
                continue
            }
            for (cell, column) in zip(cells, header)
            where cell.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
                problems.append(
                    CSVProblem(
                        row: number,
                        column: column,
                        problem: "control characters are not allowed"
                    )
                )
            }
            rows.append(Row(number: number, cells: cells, columns: header))
        }
        guard problems.isEmpty else { throw CSVTableError(problems) }
        columns = header
        self.rows = rows
    }

    private static func check(
        _ header: [String],
        required: [String],
        optional: [String]
    ) -> [CSVProblem] {
        let known = (required + optional).joined(separator: ", ")
        var problems: [CSVProblem] = []
        for (index, column) in header.enumerated() {
            if header[..<index].contains(column) {
                problems.append(
                    CSVProblem(row: 1, column: column, problem: "the column is there twice")
                )
            } else if !required.contains(column), !optional.contains(column) {
                problems.append(
                    CSVProblem(
                        row: 1,
                        column: String(column.prefix(40)),
                        problem: "unknown column; the columns are \(known)"
                    )
                )
            }
        }
        for column in required where !header.contains(column) {
            problems.append(CSVProblem(row: 1, column: column, problem: "the column is missing"))
        }
        return problems
    }

    /// The cells of each record, blanks around them removed.
    private static func records(_ bytes: [UInt8]) throws(CSVTableError) -> [[String]] {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CSVTableError([CSVProblem(row: 1, column: nil, problem: "not UTF-8 text")])
        }
        // The parser forgives a quote that never ends; it swallows the rest of the file.
        guard bytes.count(where: { $0 == UInt8(ascii: "\"") }).isMultiple(of: 2) else {
            throw CSVTableError(
                [CSVProblem(row: lastRow(text), column: nil, problem: "a quote does not end")])
        }
        let ended = text.last?.isNewline ?? true ? text : text + "\n"
        var records: [[String]] = []
        do {
            let csv = try EnumeratedCSV(
                string: ended,
                delimiter: .comma,
                loadColumns: false,
                rowLimit: 0
            )
            try csv.enumerateAsArray(rowLimit: nil) { cells in
                records.append(cells.map(trimmed))
            }
        } catch {
            throw CSVTableError([
                CSVProblem(
                    row: records.count + 1,
                    column: nil,
                    problem: "a quote stands inside a cell that is not quoted as a whole"
                )
            ])
        }
        return records
    }

    /// The row in which the quote that does not end begins.
    private static func lastRow(_ text: String) -> Int {
        var row = 1
        var openedIn = 1
        var isQuoted = false
        for character in text {
            if character == "\"" {
                isQuoted.toggle()
                if isQuoted { openedIn = row }
            } else if character.isNewline, !isQuoted {
                row += 1
            }
        }
        return openedIn
    }

    private static func trimmed(_ cell: String) -> String {
        let tail = cell.drop { $0 == " " || $0 == "\t" }
        guard let end = tail.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return String(tail[...end])
    }
}

/// One problem of a table.
package struct CSVProblem: Hashable, Sendable, CustomStringConvertible {
    /// The number that a spreadsheet shows; the header is row 1.
    package let row: Int
    /// The column; nil if the row as a whole is meant.
    package let column: String?
    /// What was expected or found.
    package let problem: String

    /// A problem.
    package init(row: Int, column: String?, problem: String) {
        self.row = row
        self.column = column
        self.problem = problem
    }

    /// Place and problem.
    package var description: String {
        "row \(row)" + (column.map { ", column '\($0)'" } ?? "") + ": \(problem)"
    }
}

/// Every problem of the form of a table.
package struct CSVTableError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The problems, in the order of the rows; at least one.
    package let problems: [CSVProblem]

    init(_ problems: [CSVProblem]) {
        self.problems = problems
    }

    /// One line for each problem.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
