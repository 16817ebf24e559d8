import QuotaFiles
import QuotaRules

/// Checks of single cells, which note a problem by row and column and go on.
struct TableCheck {
    private(set) var problems: [CSVProblem] = []

    mutating func note(_ row: CSVTable.Row, _ column: String, _ problem: String) {
        problems.append(row.problem(column, problem))
    }

    /// An id: 1 to 64 letters, digits or `._:-`, starting with a letter or digit.
    mutating func identifier(_ row: CSVTable.Row, _ column: String) -> String {
        let text = row[column]
        if text.isEmpty {
            note(row, column, "is empty")
        } else if !Self.isIdentifier(text) {
            note(row, column, "expected 1 to 64 letters, digits or ._:- , got '\(text.prefix(80))'")
        }
        return text
    }

    /// An ISO 3166-1 alpha-2 code in capitals.
    mutating func country(_ row: CSVTable.Row, _ column: String) -> String {
        let text = row[column]
        if text.utf8.count != 2 || !text.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) {
            note(row, column, "expected two capital letters such as KE, got '\(text.prefix(80))'")
        }
        return text
    }

    /// A date, nil if the cell is empty or noted.
    mutating func date(_ row: CSVTable.Row, _ column: String, isRequired: Bool) -> CalendarDate? {
        let text = row[column]
        if text.isEmpty {
            if isRequired { note(row, column, "is empty; expected YYYY-MM-DD") }
            return nil
        }
        guard let date = CalendarDate(text) else {
            note(row, column, "expected a date as YYYY-MM-DD, got '\(text.prefix(80))'")
            return nil
        }
        return date
    }

    /// A whole number from 1 to `max`, nil if noted.
    mutating func quantity(_ row: CSVTable.Row, _ column: String, max: UInt64) -> UInt64? {
        let text = row[column]
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = UInt64(text), (1...max).contains(number)
        else {
            note(row, column, "expected a whole number from 1 to \(max), got '\(text.prefix(80))'")
            return nil
        }
        return number
    }

    /// A text without control characters, nil if the cell is empty.
    mutating func sentence(_ row: CSVTable.Row, _ column: String) -> String? {
        let text = row[column]
        guard !text.isEmpty else { return nil }
        if text.utf8.count > 512 { note(row, column, "expected at most 512 bytes") }
        return text
    }

    /// Notes a name that is not among those known, with the nearest ones.
    mutating func known(
        _ row: CSVTable.Row,
        _ column: String,
        _ name: String,
        among names: [String],
        what: String
    ) {
        guard Self.isIdentifier(name), !names.contains(name) else { return }
        let near = Self.nearest(to: name, among: names)
        let hint = near.isEmpty ? "" : "; did you mean \(near.joined(separator: " or "))?"
        note(row, column, "\(what) '\(name)' is not on the ledger\(hint)")
    }

    static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.utf8.first, (1...64).contains(text.utf8.count) else { return false }
        return isAlphanumeric(first)
            && text.utf8.allSatisfy { isAlphanumeric($0) || [0x2E, 0x5F, 0x3A, 0x2D].contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
            || (0x61...0x7A).contains(byte)
    }

    /// Up to three names that hold the text, or that it holds, letters of either case.
    private static func nearest(to text: String, among names: [String]) -> [String] {
        let wanted = text.lowercased()
        let near = names.filter {
            let name = $0.lowercased()
            return name.hasPrefix(wanted.prefix(4)) || wanted.hasPrefix(name)
        }
        return Array(near.sorted().prefix(3))
    }
}
