/// Columns of text, aligned.
package struct TextTable: Sendable {
    /// Which side a column is aligned to.
    package enum Side: Sendable {
        /// Texts.
        case left
        /// Numbers.
        case right
    }

    private let header: [String]
    private let sides: [Side]
    private var rows: [[String]] = []

    /// A table with the given columns.
    package init(_ columns: [(name: String, side: Side)]) {
        header = columns.map(\.name)
        sides = columns.map(\.side)
    }

    /// Adds a row with one cell for each column.
    package mutating func add(_ cells: [String]) {
        rows.append(cells)
    }

    /// The table as text; each line ends with a newline.
    package var text: String { text(indent: 0) }

    /// The table as text behind `indent` blanks a line.
    package func text(indent: Int) -> String {
        let all = [header] + rows
        let widths = header.indices.map { column in
            all.map { $0[column].count }.max() ?? 0
        }
        return all.map { cells in
            let padded = cells.enumerated().map { column, cell in
                let blanks = String(repeating: " ", count: widths[column] - cell.count)
                return sides[column] == .left ? cell + blanks : blanks + cell
            }
            let line = String(repeating: " ", count: indent) + padded.joined(separator: "  ")
            return line.reversed().drop { $0 == " " }.reversed().map(String.init).joined() + "\n"
        }.joined()
    }
}
