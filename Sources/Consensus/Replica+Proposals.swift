internal import QuotaCrypto
internal import Votes

extension Replica {
    /// 2.5 `onPropose`: the leader's proposal over the leader's own link; cheap checks first.
    mutating func onPropose(_ entry: ProposalEntry, _ vote: Vote, from member: Int) {
        let proposal = entry.proposal
        guard isOfThisEpoch(proposal) else { return }
        guard member == committee.leader(of: proposal.view), vote.member == member else {
            return reject(member, .notYours(view: proposal.view))
        }
        guard vote.kind == .notarize, vote.view == proposal.view, vote.proposal == proposal.id,
            entry.finalization == nil, isWellFormed(entry)
        else { return reject(member, .badProposal(view: proposal.view)) }
        guard proposal.view > finalized.view else { return }
        if pool[proposal.id] != nil {
            fill(proposal.id, with: entry.payload, from: member)
        } else if round(proposal.view).leaderProposals.count < Replica.leaderProposalsMax {
            guard vote.isValid(chainID: configuration.chainID, verifier: verifier) else {
                return reject(member, .badSignature(.notarize, view: proposal.view))
            }
            guard let settled = settle(entry, from: member) else { return }
            withRound(proposal.view) { $0.leaderProposals.append(proposal.id) }
            drain()
            insert(settled, from: member)
        }
        onVote(vote, from: member)
    }

    /// Two proposals of one view prove the leader's guilt; further ones are not worth the memory.
    private static let leaderProposalsMax = 2

    func isOfThisEpoch(_ proposal: Proposal) -> Bool {
        proposal.chainID == configuration.chainID && proposal.epoch == configuration.epoch
    }

    /// Whether the certificates are those the proposal needs, before any signature is checked.
    func isWellFormed(_ entry: ProposalEntry) -> Bool {
        let proposal = entry.proposal
        guard proposal.view > proposal.parentView else { return false }
        // One that begins with another end of the epoch before is no sender's fault: it leads nowhere
        // here, and if it is final elsewhere, that is a fork.
        let isRooted =
            proposal.parentView > 0 || proposal.parent == configuration.root.digest
            || configuration.epoch > 1
        let isFinalizationOwn =
            entry.finalization.map {
                $0.epoch == proposal.epoch && $0.kind == .finalize && $0.view == proposal.view
                    && $0.proposal == proposal.id
            } ?? true
        return isRooted && isFinalizationOwn
            && (entry.payload?.count ?? 0) <= limits.blockBytesMax
            && (entry.justification.covers(proposal) || !follows(.skipProofs))
    }

    /// Checks every certificate of an entry and feeds it to `onCert`: this alone heals members that
    /// lag.
    ///
    /// - Returns: The entry with certificates that were checked, which are not always the sender's;
    ///   nil if one is not genuine.
    mutating func settle(_ entry: ProposalEntry, from member: Int) -> ProposalEntry? {
        var parent: Certificate?
        if let certificate = entry.justification.parent {
            guard let settled = settle(certificate, from: member) else { return nil }
            parent = settled
        }
        var nullifications: [Certificate] = []
        for certificate in entry.justification.nullifications {
            guard let settled = settle(certificate, from: member) else { return nil }
            nullifications.append(settled)
        }
        var finalization: Certificate?
        if let certificate = entry.finalization {
            guard let settled = settle(certificate, from: member) else { return nil }
            finalization = settled
        }
        return ProposalEntry(
            proposal: entry.proposal,
            justification: Justification(parent: parent, nullifications: nullifications),
            payload: entry.payload,
            finalization: finalization
        )
    }

    /// Takes in a proposal whose certificates were checked.
    mutating func insert(_ entry: ProposalEntry, from member: Int?, isDurable: Bool = false) {
        let proposal = entry.proposal
        guard proposal.view > finalized.view, pool[proposal.id] == nil else { return }
        guard follows(.certificatesHealSplits) || holds(entry.justification) else { return }
        pool.insert(
            Candidate(
                entry: entry.with(finalization: nil),
                state: .waiting,
                source: member,
                isDurable: isDurable
            )
        )
        fetches.remove(.proposal(proposal.id))
        advance(proposal.id)
    }

    /// Whether this node holds every certificate itself; not needed, as the proposal carries them.
    private func holds(_ justification: Justification) -> Bool {
        justification.certificates.allSatisfy {
            $0.view <= finalized.view || round($0.view).certificate($0.kind) != nil
        }
    }

    /// Gives a candidate the payload that it lacks.
    mutating func fill(_ id: Digest, with payload: [UInt8]?, from member: Int) {
        guard var candidate = pool[id], let payload, candidate.state == .waiting,
            candidate.entry.payload == nil
        else { return }
        candidate.entry = candidate.entry.with(payload: payload)
        candidate.source = member
        pool.insert(candidate)
        fetches.remove(.proposal(id))
        advance(id)
    }

    /// Where the parent of a proposal stands.
    private enum Parent {
        case ready(BlockID)
        case pending
        case missing
        case dead
    }

    private func parent(of proposal: Proposal) -> Parent {
        if proposal.parentView == finalized.view && proposal.parent == finalized.proposal {
            return .ready(finalized.block)
        }
        guard proposal.parentView > finalized.view else { return .dead }
        guard let parent = pool[proposal.parent] else { return .missing }
        guard parent.entry.proposal.view == proposal.parentView, parent.state != .refused else {
            return .dead
        }
        guard parent.hasState, let block = parent.block else { return .pending }
        return .ready(block)
    }

    /// Moves a waiting candidate on as far as what is at hand allows.
    mutating func advance(_ id: Digest) {
        guard var candidate = pool[id], candidate.state == .waiting else { return }
        let proposal = candidate.entry.proposal
        switch parent(of: proposal) {
        case .pending: return
        case .missing: require(proposal.parent, in: proposal.parentView)
        case .dead:
            refuse(candidate)
            // I6: it, or what stands on it, may be final all the same, and was only waited for.
            if follows(.deadEndsAreJudged) { commit() }
            if proposal.view == view { nullify(view) }
        case .ready(let parent) where parent.digest == proposal.block:
            // An echo: it repeats its parent's block, whose state exists.
            candidate.entry = candidate.entry.with(payload: nil)
            candidate.block = parent
            candidate.state = .executed
            pool.insert(candidate)
            settleState(of: id)
        case .ready(let parent):
            execute(candidate, on: parent)
        }
    }

    private mutating func execute(_ waiting: Candidate, on parent: BlockID) {
        var candidate = waiting
        let proposal = candidate.entry.proposal
        guard let payload = candidate.entry.payload else { return requireIfCertified(proposal) }
        let block = BlockID(height: parent.height + 1, digest: proposal.block)
        candidate.block = block
        candidate.state = .executing
        pool.insert(candidate)
        emit(
            .execute(
                ExecuteRequest(
                    id: proposal.id,
                    view: proposal.view,
                    proposer: committee.leader(of: proposal.view),
                    block: block,
                    parent: parent,
                    payload: payload
                )
            )
        )
    }

    /// The driver's answer to `Effect.execute`.
    mutating func executed(_ id: Digest, _ outcome: ExecutionOutcome) {
        guard var candidate = pool[id], candidate.state == .executing else { return }
        let proposal = candidate.entry.proposal
        switch outcome {
        case .valid, .validButUntimely:
            candidate.state = outcome == .valid ? .executed : .untimely
            pool.insert(candidate)
            settleState(of: id)
        case .invalid:
            refuse(candidate)
            commit()
        case .mismatched:
            if let source = candidate.source { reject(source, .badBlock(view: proposal.view)) }
            candidate.entry = candidate.entry.with(payload: nil)
            candidate.state = .waiting
            pool.insert(candidate)
            requireIfCertified(proposal)
        }
        // 2.5 `tryNotarize`: a block that this node cannot accept is given up at once.
        if outcome != .valid, proposal.view == view { nullify(view) }
    }

    /// The state after a candidate's block exists: vote, build, finish, go on with what waits for it.
    private mutating func settleState(of id: Digest) {
        notarize(id)
        unblocked += pool.children(of: id)
        commit()
        propose()
    }

    private mutating func requireIfCertified(_ proposal: Proposal) {
        guard isCertified(proposal.id, in: proposal.view) else { return }
        want(.proposal(proposal.id), in: proposal.view)
    }

    /// Whether a certificate of this view names the proposal.
    func isCertified(_ id: Digest, in given: UInt64) -> Bool {
        let round = round(given)
        return [round.notarization, round.finalization].contains { $0?.proposal == id }
    }

    mutating func refuse(_ candidate: Candidate) {
        var refused = candidate
        refused.state = .refused
        pool.insert(refused)
        unblocked += pool.children(of: refused.entry.proposal.id)
    }
}
