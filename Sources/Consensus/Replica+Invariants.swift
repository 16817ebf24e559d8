extension Replica {
    /// The own monotonic time of the last step, in milliseconds.
    package var clock: UInt64 { now }

    /// How much it holds in memory, for the bound on what one peer can make it hold.
    package var footprint: Footprint {
        Footprint(
            rounds: rounds.count,
            candidates: pool.count,
            questions: fetches.items.count,
            evidence: evidence.count
        )
    }

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
