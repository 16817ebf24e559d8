import Ledger
import MerkleLog
import QuotaCrypto
import QuotaRules

/// Report 9: what two nodes hold at one checkpoint: totals first, then blocks, then the first leaf
/// that differs.
public struct Reconciliation: Sendable {
    /// One side.
    public struct Side: Sendable {
        /// How it is named.
        public let name: String
        /// Its book, up to the checkpoint.
        public let book: LedgerBook

        /// The book of the node `name`.
        public init(name: String, book: LedgerBook) {
            self.name = name
            self.book = book
        }
    }

    private let left: Side
    private let right: Side

    /// A comparison of two books that end at the same size.
    public init(_ left: Side, _ right: Side) {
        self.left = left
        self.right = right
    }

    /// Whether both hold the same leaves.
    public var isEqual: Bool {
        left.book.state?.tree == right.book.state?.tree && left.book.state != nil
    }

    /// The comparison as a report; nil if a book is empty.
    public var report: ReportDocument? {
        guard let mine = left.book.state, let other = right.book.state else { return nil }
        var document = ReportDocument(
            name: "reconcile",
            title: "Reconciliation of \(left.name) with \(right.name)",
            place: ReportPlace(mine)
        )
        let keys = Self.keys(mine, other)
        if isEqual {
            document.notes = [
                "Identical: one root, \(keys.count) accounts, \(left.book.headers.count) blocks, "
                    + "\(mine.size) leaves."
            ]
        } else {
            document.notes = [
                "They differ: \(left.name) has root \(mine.tree.root) at size \(mine.size), "
                    + "\(right.name) has root \(other.tree.root) at size \(other.size).",
                "If both checkpoints carry signatures that the trust policy accepts, keep both: "
                    + "together they convict whoever signed both.",
            ]
        }
        document.sections = [totals(keys, mine, other), blocks]
        return document
    }

    private static func keys(_ mine: LedgerState, _ other: LedgerState) -> [AccountKey] {
        let all = (mine.accounts + other.accounts).map(\.key).sorted()
        return all.indices.filter { $0 == 0 || all[$0] != all[$0 - 1] }.map { all[$0] }
    }

    private func totals(
        _ keys: [AccountKey],
        _ mine: LedgerState,
        _ other: LedgerState
    ) -> ReportSection {
        var section = ReportSection(
            "totals",
            "Accounts that differ",
            columns: [
                .init("subject"), .init("limit"), .init("period"), .init("left", left.name),
                .init("right", right.name), .init("difference"), .init("unit"),
            ],
            empty: "None: \(keys.count) accounts are identical."
        )
        for key in keys where mine.account(key) != other.account(key) {
            let amounts = (mine.account(key)?.consumed, other.account(key)?.consumed)
            let unit = mine.account(key)?.unit ?? other.account(key)?.unit ?? .tpp
            section.add([
                .text(key.subject.joined(separator: " ")), .text(key.limit), .text(key.period),
                .optional(amounts.0, unit), .optional(amounts.1, unit),
                .change(from: amounts.0 ?? 0, to: amounts.1 ?? 0, unit), .text(unit.word),
            ])
        }
        return section
    }

    private var blocks: ReportSection {
        var section = ReportSection(
            "blocks",
            "The first block that differs, and the first leaf in it",
            columns: [
                .init("height"), .init("leaf"), .init("left", left.name),
                .init("right", right.name),
            ],
            empty: "None: \(left.book.headers.count) blocks are identical."
        )
        let mine = left.book.headers
        let other = right.book.headers
        let common = min(mine.count, other.count)
        guard
            let height = (0..<common).first(where: { mine[$0] != other[$0] })
                ?? (mine.count != other.count ? common : nil)
        else { return section }
        let leaf = firstLeaf(from: height == 0 ? 0 : left.book.sizes[height - 1])
        section.add([
            .count(UInt64(height)), .count(leaf), hash(left, leaf), hash(right, leaf),
        ])
        return section
    }

    /// The first leaf from `start` on that differs.
    private func firstLeaf(from start: UInt64) -> UInt64 {
        let mine = left.book.leaves
        let other = right.book.leaves
        let common = min(mine.count, other.count)
        let place = (Int(start)..<max(Int(start), common)).first { mine[$0] != other[$0] }
        return UInt64(place ?? common)
    }

    private func hash(_ side: Side, _ leaf: UInt64) -> ReportCell {
        let leaves = side.book.leaves
        guard leaf < UInt64(leaves.count) else { return .none }
        return .text("\(leaves[Int(leaf)])")
    }
}
