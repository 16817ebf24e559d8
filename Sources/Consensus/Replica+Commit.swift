internal import QuotaCrypto

extension Replica {
    /// How the chain from a final proposal down to the last committed one looks.
    private enum Chain {
        /// Every state exists; proposals in order of views.
        case complete([Candidate])
        /// Something is still on its way.
        case incomplete
        /// It does not lead to the last final proposal.
        case conflicting
        /// This node's state machine refuses a block that a quorum made final.
        case refused(Candidate)
    }

    /// 2.5 `commit`: makes final whatever is certified, complete and executed, oldest first.
    mutating func commit() {
        guard !isHalted else { return }
        var chain: [Candidate] = []
        var base = (view: finalized.view, id: finalized.proposal)
        search: for certified in finalizations {
            guard let certificate = rounds[certified]?.finalization else { continue }
            switch self.chain(to: certificate.proposal, from: base) {
            case .complete(var part):
                part[part.count - 1].entry = part[part.count - 1].entry.with(
                    finalization: certificate
                )
                chain += part
                base = (certified, certificate.proposal)
            case .incomplete:
                break search
            case .conflicting where !follows(.finalityIsFinal):
                continue
            case .conflicting:
                let held = rounds[base.view]?.finalization ?? lastFinalization
                return halt(.conflictingFinality(held: held, found: certificate))
            case .refused(let candidate):
                return halt(divergence(at: candidate))
            }
        }
        guard !chain.isEmpty else { return }
        finish(chain)
    }

    /// What made the last final block final: at the root of an epoch, what ended the one before.
    var lastFinalization: Certificate? { finalized.certificate ?? ended?.tip.certificate }

    /// Walks from a proposal down to `base`.
    private func chain(to id: Digest, from base: (view: UInt64, id: Digest)) -> Chain {
        var chain: [Candidate] = []
        var next = id
        var isComplete = true
        var refused: Candidate?
        while next != base.id {
            guard let candidate = pool[next] else { return .incomplete }
            let proposal = candidate.entry.proposal
            // I6, second case: below the base without meeting it.
            guard proposal.view > base.view, proposal.parentView >= base.view else {
                return .conflicting
            }
            guard proposal.parentView > base.view || proposal.parent == base.id else {
                return .conflicting
            }
            // A fork is the graver finding, and what stands on one is refused for it.
            if candidate.state == .refused { refused = candidate }
            isComplete = isComplete && candidate.hasState
            chain.append(candidate)
            next = proposal.parent
        }
        if let refused { return .refused(refused) }
        return isComplete ? .complete(chain.reversed()) : .incomplete
    }

    private func divergence(at candidate: Candidate) -> Alarm {
        let proposal = candidate.entry.proposal
        let block = candidate.block ?? BlockID(height: 0, digest: proposal.block)
        return .divergentExecution(view: proposal.view, proposal: proposal.id, block: block)
    }

    /// Hands a complete chain to the driver and forgets what it replaces.
    private mutating func finish(_ chain: [Candidate]) {
        let finals = chain.compactMap { candidate in
            candidate.block.map { Commit.Final(entry: candidate.entry, block: $0) }
        }
        guard let last = finals.last, let certificate = last.entry.finalization else { return }
        let previous = finalized.view
        finalized = FinalizedTip(
            view: last.entry.proposal.view,
            proposal: last.entry.proposal.id,
            block: last.block,
            certificate: certificate
        )
        for final in finals { finalEchoes = final.isEcho ? finalEchoes + 1 : 0 }
        // A vote of this very step is durable before the commit is: a crash between the two must not
        // part it from the certificate it rests on.
        saveCertificates()
        var deletions = retireVotes(after: previous)
        let removed = pool.removeAll(through: finalized.view)
        deletions += removed.filter(\.isDurable).map {
            DurableRecord(key: DurableKey.proposal($0.entry.proposal), value: nil)
        }
        refuseAll(above: removed)
        let kept = Set(finals.map(\.block))
        let dropped = removed.compactMap { candidate in
            candidate.hasState ? candidate.block.flatMap { kept.contains($0) ? nil : $0 } : nil
        }
        history.append(chain.map(\.entry.proposal), depth: limits.evidenceViews)
        finalizations.removeAll { $0 <= finalized.view }
        unsaved.removeAll { $0.view <= finalized.view }
        fetches.removeAll(through: finalized.view)
        let tip = DurableRecord(key: DurableKey.lastFinal, value: finalized.encoded())
        emit(
            .commit(
                Commit(
                    proposals: finals,
                    tip: finalized,
                    records: [tip] + deletions,
                    dropped: dropped
                )
            )
        )
        resume()
    }

    /// Refuses what stands on proposals that did not become final, whose states are dropped.
    ///
    /// Only more than f faulty members get anything certified there.
    private mutating func refuseAll(above removed: [Candidate]) {
        var ended = removed.map(\.entry.proposal.id).filter { $0 != finalized.proposal }
        while let id = ended.popLast() {
            for child in pool.children(of: id) {
                guard let candidate = pool[child] else { continue }
                refuse(candidate)
                ended.append(child)
            }
        }
    }

    /// Forgets own votes that are final now, keeping others' as evidence for a while.
    private mutating func retireVotes(after previous: UInt64) -> [DurableRecord] {
        var deletions: [DurableRecord] = []
        for retired in stride(from: previous + 1, through: finalized.view, by: 1) {
            guard let round = rounds[retired] else { continue }
            deletions += round.own.all.map {
                DurableRecord(key: DurableKey.vote($0), value: nil)
            }
            deletions += round.saved.map {
                let key = DurableKey.certificate($0, of: retired, epoch: configuration.epoch)
                return DurableRecord(key: key, value: nil)
            }
            rounds[retired]?.retire()
        }
        let depth = limits.evidenceViews
        let oldFloor = previous - min(previous, depth)
        let newFloor = finalized.view - min(finalized.view, depth)
        for forgotten in stride(from: oldFloor, through: newFloor, by: 1) {
            rounds[forgotten] = nil
        }
        forgetOpenVotes()
        return deletions
    }

    /// Does nothing: votes of open views bind on, whatever became final below.
    private mutating func forgetOpenVotes() {
        guard !follows(.openVotesSurviveCommit), view > finalized.view else { return }
        for open in finalized.view + 1...view { rounds[open]?.own = OwnVotes() }
    }

    /// What finality sets free: the leader may build on it, and waiting candidates may stand on it.
    private mutating func resume() {
        unblocked += pool.children(of: finalized.proposal)
        if case .patient(let request) = leading {
            emit(.cancelTimer(.echo(request.view)))
            leading = .idle
        }
        propose()
        catchUp()
    }
}
