public import QuotaCrypto
import QuotaRules

/// A report as a tree: what was asked, at which checkpoint, and tables.
///
/// Nothing in it depends on who makes it or when.
public struct ReportDocument: Hashable, Sendable {
    /// The name that the report is asked for by.
    public let name: String
    /// What it is about, for people.
    public let title: String
    /// The ledger and the checkpoint that every number belongs to.
    public let place: ReportPlace
    /// What a reader must know, a sentence each.
    public var notes: [String] = []
    /// The tables.
    public var sections: [ReportSection] = []
}

/// The place in a ledger that a report speaks of.
public struct ReportPlace: Hashable, Sendable {
    /// The ledger's origin.
    public let origin: String
    /// The size of the log.
    public let size: UInt64
    /// The root of the log.
    public let root: Digest
    /// The number of blocks after genesis.
    public let height: UInt64
    /// The time of the last block, POSIX seconds.
    public let time: UInt64
    /// The policy in force: `us-2025 version 1 (leaf 0)`.
    public let policy: String
    /// The catalogue in force.
    public let catalogue: String
}

/// One table of a report.
public struct ReportSection: Hashable, Sendable {
    /// A column.
    public struct Column: Hashable, Sendable {
        /// Its name for programs.
        public let id: String
        /// Its heading for people.
        public let title: String

        init(_ id: String, _ title: String? = nil) {
            self.id = id
            self.title = title ?? id
        }
    }

    /// Its name for programs.
    public let id: String
    /// Its heading for people.
    public let title: String
    /// The columns.
    public let columns: [Column]
    /// The rows, with one cell for each column.
    public private(set) var rows: [[ReportCell]] = []
    /// What its numbers mean, a sentence each.
    public var notes: [String] = []
    /// What an empty table means.
    public let empty: String
    /// The most rows that the text shows; JSON and CSV have all of them.
    public var textRowsMax = Int.max

    /// A table without rows.
    init(_ id: String, _ title: String, columns: [Column], empty: String) {
        self.id = id
        self.title = title
        self.columns = columns
        self.empty = empty
    }

    /// Adds a row with one cell for each column.
    mutating func add(_ cells: [ReportCell]) {
        precondition(cells.count == columns.count, "a row of \(id) has another width")
        rows.append(cells)
    }
}

/// Times as reports write them.
enum ReportTime {
    /// A POSIX time in UTC: `2026-01-01T00:00:00Z`.
    static func text(_ seconds: UInt64) -> String {
        func padded(_ value: UInt64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        guard let day = CalendarDate(posixSeconds: seconds) else { return "\(seconds) s" }
        let clock = seconds % 86_400
        return "\(day)T\(padded(clock / 3_600)):\(padded(clock / 60 % 60)):\(padded(clock % 60))Z"
    }
}
