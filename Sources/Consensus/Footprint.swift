/// How many things a replica holds.
package struct Footprint: Hashable, Sendable {
    /// Views of which something is known.
    package let rounds: Int
    /// Proposals above the last final one.
    package let candidates: Int
    /// Things it asks for.
    package let questions: Int
    /// Pairs of contradicting votes.
    package let evidence: Int
}
