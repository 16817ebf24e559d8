/// RFC 4180 text with `\n` at the end of each line.
package enum CSVText {
    /// One line.
    package static func line(_ cells: [String]) -> String {
        cells.map(quotedIfNeeded).joined(separator: ",") + "\n"
    }

    /// A table with a header line.
    package static func table(columns: [String], rows: [[String]]) -> String {
        ([columns] + rows).map(line).joined()
    }

    private static func quotedIfNeeded(_ cell: String) -> String {
        let isPlain = cell.utf8.allSatisfy {
            $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: ",") && $0 != 0x0A && $0 != 0x0D
        }
        guard !isPlain else { return cell }
        return "\""
            + cell.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }
}
