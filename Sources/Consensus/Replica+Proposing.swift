internal import QuotaCrypto
import Votes

/// What this node has done in the view it leads.
enum Leading: Sendable {
    /// Nothing yet, or not the leader.
    case idle
    /// The driver makes a block; `isOutdated` says that more work came since it was asked.
    case building(BuildRequest, isOutdated: Bool)
    /// There is nothing to propose yet; an unfinished tip may be echoed when the timer fires.
    case patient(BuildRequest)
    /// The proposal is made.
    case done
}

extension Replica {
    /// The certified, executed proposal to build on, and why it may be built on.
    private struct Parent {
        let view: UInt64
        let id: Digest
        let block: BlockID
        let justification: Justification
    }

    /// 2.5 `tryPropose`: once per view, as soon as what it needs is there.
    mutating func propose() {
        // I4: an own notarize vote in this view is my proposal, also after a restart.
        guard canVote, case .idle = leading, committee.leader(of: view) == ownIndex,
            view > abstainUpTo, round(view).own.notarize == nil, let parent = parentToBuildOn()
        else { return }
        let request = request(on: parent)
        guard workAvailable else { return waitForWork(request, parent) }
        leading = .building(request, isOutdated: false)
        emit(.build(request))
    }

    private func request(on parent: Parent) -> BuildRequest {
        BuildRequest(view: view, proposer: committee.leader(of: view), parent: parent.block)
    }

    /// 2.14 lesson 1: an echo must wait, or views spin at network speed.
    private mutating func waitForWork(_ request: BuildRequest, _ parent: Parent) {
        leading = .patient(request)
        guard parent.view > finalized.view else { return }
        emit(.setTimer(.echo(view), afterMilliseconds: echoPatience(on: parent)))
    }

    /// How long an unfinished tip waits: twice as long with every echo in a row.
    ///
    /// Where finality takes longer than the first patience, the next echo is under way before the last
    /// one is final, and views would go on for ever. At most as much of the longest view as the first
    /// patience is of the shortest: an echo that waits as long as a view may take comes too late in each.
    private func echoPatience(on parent: Parent) -> UInt64 {
        guard follows(.echoWaits) else { return 0 }
        var echoes: UInt64 = 0
        var next = parent.id
        while let candidate = pool[next], candidate.entry.payload == nil {
            echoes += 1
            next = candidate.entry.proposal.parent
        }
        if pool[next] == nil { echoes += finalEchoes }
        let doublings = follows(.echoesSlowDown) ? min(echoes, 16) : 0
        return min(timeouts.echo << doublings, timeouts.echoMax)
    }

    /// The highest proposal below this view that is certified and executed, with a nullification of
    /// every view between; nil while a certificate or block is missing.
    private func parentToBuildOn() -> Parent? {
        var nullifications: [Certificate] = []
        var below = view - 1
        while below > finalized.view {
            if let parent = certifiedParent(in: below, nullifications.reversed()) { return parent }
            if let nullification = rounds[below]?.nullification {
                nullifications.append(nullification)
            } else if follows(.skipProofs) {
                return nil
            }
            below -= 1
        }
        return Parent(
            view: finalized.view,
            id: finalized.proposal,
            block: finalized.block,
            justification: Justification(
                parent: finalized.certificate,
                nullifications: nullifications.reversed()
            )
        )
    }

    private func certifiedParent(
        in below: UInt64,
        _ nullifications: [Certificate]
    ) -> Parent? {
        guard let round = rounds[below],
            let certificate = round.finalization ?? round.notarization,
            let candidate = pool[certificate.proposal], candidate.hasState,
            let block = candidate.block
        else { return nil }
        return Parent(
            view: below,
            id: certificate.proposal,
            block: block,
            justification: Justification(parent: certificate, nullifications: nullifications)
        )
    }

    /// The driver's answer to `Effect.build`.
    mutating func built(_ request: BuildRequest, _ body: BlockBody?) {
        guard case .building(let wanted, let isOutdated) = leading, wanted == request else {
            return
        }
        guard canVote, let parent = parentToBuildOn() else { return }
        guard parent.block == request.parent else {
            // A certificate came meanwhile that makes another block the parent.
            leading = .idle
            return propose()
        }
        guard let body, body.payload.count <= limits.blockBytesMax else {
            guard isOutdated else { return waitForWork(request, parent) }
            leading = .idle
            return propose()
        }
        send(block: body.digest, payload: body.payload, on: parent)
    }

    /// The unfinished tip has waited long enough for work.
    mutating func onEchoTimer(_ timed: UInt64) {
        guard timed == view, case .patient = leading, canVote, let parent = parentToBuildOn(),
            parent.view > finalized.view
        else { return }
        send(block: parent.block.digest, payload: nil, on: parent)
    }

    /// 2.14 lesson 6: the proposal is durable before it is sent.
    private mutating func send(block: Digest, payload: [UInt8]?, on parent: Parent) {
        let proposal = Proposal(
            chainID: configuration.chainID,
            epoch: configuration.epoch,
            view: view,
            parentView: parent.view,
            parent: parent.id,
            block: block
        )
        let entry = ProposalEntry(
            proposal: proposal,
            justification: parent.justification,
            payload: payload
        )
        let height = payload == nil ? parent.block.height : parent.block.height + 1
        let candidate = Candidate(
            entry: entry,
            state: .executed,
            block: BlockID(height: height, digest: block)
        )
        leading = .done
        pool.insert(candidate)
        if follows(.proposalDurableFirst) { store(candidate) }
        guard let vote = cast(.notarize, in: view, for: proposal.id, isSentAlone: false) else {
            return
        }
        emit(.broadcast(.propose(entry, vote)))
    }

    /// 2.5 `work` changed from outside.
    mutating func workChanged(_ isAvailable: Bool) {
        workAvailable = isAvailable
        guard isAvailable else { return }
        switch leading {
        case .building(let request, _):
            leading = .building(request, isOutdated: true)
        case .patient(let request):
            emit(.cancelTimer(.echo(request.view)))
            leading = .idle
            propose()
        case .idle, .done:
            propose()
        }
    }
}
