public import QuotaRules

/// What would become of a statement if it came next.
public enum Admission: Hashable, Sendable {
    /// It would enter; the decision of the rules, for a claim.
    case admit(Decision?)
    /// It would not.
    case refuse(Refusal)
    /// The same bytes are already the leaf with this index.
    case duplicate(UInt64)
}
