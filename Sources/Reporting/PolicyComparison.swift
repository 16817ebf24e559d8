public import QuotaRules

/// What changes from one policy to another.
public struct PolicyComparison: Sendable {
    /// One change.
    public struct Change: Hashable, Sendable {
        /// The path of what changed, such as `$.limits[country].cap`; entries are named by their id.
        public let path: String
        /// What the old policy says; nil if it says nothing.
        public let old: String?
        /// What the new policy says; nil if it says nothing.
        public let new: String?
    }

    /// Every change, in the order of the new policy's fields; what is only in the old one comes
    /// where it stood.
    public let changes: [Change]

    /// Compares two policies as they are written.
    public init(_ old: Policy, _ new: Policy) {
        var changes: [Change] = []
        Self.compare(old.encoded, new.encoded, path: "$", to: &changes)
        self.changes = changes
    }

    /// The changes as a table.
    public var section: ReportSection {
        var section = ReportSection(
            "changes",
            "Changes",
            columns: [.init("path"), .init("old"), .init("new")],
            empty: "None: the policies say the same."
        )
        for change in changes {
            section.add([.text(change.path), .optional(change.old), .optional(change.new)])
        }
        return section
    }
}
