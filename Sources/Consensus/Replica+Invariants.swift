import Votes

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

    /// What must hold between any two steps, whatever the others say, by name.
    package enum Invariant: String, CaseIterable, Sendable {
        case viewIsOpen = "R1 the view is above all that is final or certified"
        case finalizationsAscend = "R2 finalizations that wait ascend above the last final view"
        case stepIsDone = "R3 a step leaves nothing undone"
        case timerNeedsVote = "R4 a view timer runs only where this node votes"
        case recoveringIsMute = "R5 who recovers abstains in every view"
        case leaderLeads = "R6 only the leader of the view makes a block"
        case nullifyExcludesFinalize = "R7 I2, no view is both given up and finalized here"
        case finalizeRestsOnNotarization = "R8 I3, a finalize vote has its notarization"
        case notarizedIsHeld = "R9 a notarize vote has its proposal"
        case abstentionIsKept = "R10 no vote stands in a view of abstention"
        case questionsAreOpen = "R11 nothing is asked for that is final"
        case questionsAreTimed = "R12 the next question has its timer"
    }

    /// Checks what must hold between any two steps; for tests and the simulator.
    ///
    /// - Parameter isThorough: Whether to look at every open view, not only at the current one and the
    ///   one before.
    /// - Returns: The first invariant that does not hold.
    package func brokenInvariant(isThorough: Bool = true) -> Invariant? {
        guard view > finalized.view, view > highestNotarizedView,
            view > finalizations.last ?? 0
        else { return .viewIsOpen }
        guard zip(finalizations, finalizations.dropFirst()).allSatisfy({ $0 < $1 }),
            finalizations.first.map({ $0 > finalized.view }) ?? true || isHalted
        else { return .finalizationsAscend }
        guard records.isEmpty, effects.isEmpty, arrivals.isEmpty, unblocked.isEmpty else {
            return .stepIsDone
        }
        guard !isArmed || canVote else { return .timerNeedsVote }
        guard !isRecovering || abstainUpTo == Limits.viewMax else { return .recoveringIsMute }
        guard isLeading else { return .leaderLeads }
        let first = isThorough ? finalized.view + 1 : max(finalized.view + 1, view - 1)
        for open in first...view {
            if let broken = brokenInvariant(in: open) { return broken }
        }
        return brokenQuestion
    }

    private var isLeading: Bool {
        switch leading {
        case .idle: true
        case .building(let request, _), .patient(let request):
            request.view == view && request.proposer == ownIndex
        case .done: committee.leader(of: view) == ownIndex
        }
    }

    /// What the own votes in one view must not contradict.
    private func brokenInvariant(in open: UInt64) -> Invariant? {
        guard let round = rounds[open], !round.own.all.isEmpty else { return nil }
        guard isAbstentionKept(by: round.own, in: open) else { return .abstentionIsKept }
        if round.own.nullify != nil, round.own.finalize != nil { return .nullifyExcludesFinalize }
        if let final = round.own.finalize {
            guard round.own.notarize?.proposal == final.proposal,
                round.notarization?.proposal == final.proposal
            else { return .finalizeRestsOnNotarization }
        }
        if let notarized = round.own.notarize, pool[notarized.proposal] == nil {
            return .notarizedIsHeld
        }
        return nil
    }

    /// 2.9: what was lost in these views is not contradicted by what is cast now.
    private func isAbstentionKept(by own: OwnVotes, in open: UInt64) -> Bool {
        guard open <= abstainUpTo else { return true }
        return own.notarize == nil && own.finalize == nil
            && (own.nullify == nil || open > nullifyAbstention)
    }

    private var brokenQuestion: Invariant? {
        guard fetches.items.allSatisfy({ $0.view > finalized.view }) else {
            return .questionsAreOpen
        }
        return fetches.timerDue == fetches.earliest ? nil : .questionsAreTimed
    }
}
