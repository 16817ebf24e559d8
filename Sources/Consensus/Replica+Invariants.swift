extension Replica {
    /// Checks what must hold between any two steps; for tests and the simulator.
    ///
    /// - Parameter complain: Called with a sentence for each broken invariant.
    package func checkInvariants(_ complain: (String) -> Void) {
        if view <= finalized.view { complain("the view is final") }
        if let lowest = finalizations.first, lowest <= finalized.view {
            complain("a committed finalization is pending")
        }
        if !records.isEmpty || !effects.isEmpty || !arrivals.isEmpty || !unblocked.isEmpty {
            complain("a step left something undone")
        }
        if isArmed && !canVote { complain("a timer runs though this node does not vote") }
    }
}
