internal import Consensus
internal import QuotaCrypto
import Votes

extension World {
    /// The false messages that a lie consists of; nil if it has none for this message.
    mutating func falsehoods(_ lie: Fault, _ message: Message, by node: Int) -> [Message]? {
        switch message {
        case .propose(let entry, let vote): falsehoods(lie, entry, vote, by: node)
        case .vote(let vote): falsehoods(lie, vote, by: node)
        case .status(let status) where lie == .lyingStatus: [.status(boast(status))]
        case .status(let status) where lie == .relics: relics(in: status, by: node)
        case .standing(let standing) where lie == .lyingRecovery: [.standing(falsify(standing))]
        case .proposals(let key, let entries) where lie == .lyingAnswers:
            [.proposals(key, wrongAnswer(entries, by: node))]
        default: nil
        }
    }

    /// A message without what would show that this member finalized anything; nil if nothing is left.
    func concealingFinality(_ message: Message) -> Message? {
        switch message {
        case .vote(let vote): vote.kind == .finalize ? nil : message
        case .certificate(let certificate): certificate.kind == .finalize ? nil : message
        case .standing(let standing):
            standing.certificate?.kind == .finalize ? nil : message
        case .bundle(let bundle):
            .bundle(
                Bundle(
                    certificates: bundle.certificates.filter { $0.kind != .finalize },
                    votes: bundle.votes.filter { $0.kind != .finalize }
                )
            )
        case .propose(let entry, let vote): concealed(entry).map { .propose($0, vote) }
        case .proposals(let key, let entries): .proposals(key, entries.compactMap(concealed))
        case .status, .fetch, .fetchFinalized, .recover: message
        }
    }

    /// The same proposal, justified by the notarization of its parent.
    private func concealed(_ entry: ProposalEntry) -> ProposalEntry? {
        guard entry.justification.parent?.kind == .finalize else {
            return entry.with(finalization: nil)
        }
        guard let parent = notarizations[entry.proposal.parent] else { return nil }
        let nullifications = entry.justification.nullifications
        let justification = Justification(parent: parent, nullifications: nullifications)
        return entry.with(justification: justification).with(finalization: nil)
    }

    private mutating func falsehoods(
        _ lie: Fault,
        _ vote: Vote,
        by node: Int
    ) -> [Message]? {
        guard let pen = nodes[node].pens.last else { return nil }
        switch lie {
        case .equivocation where vote.kind != .nullify:
            return [.vote(sign(.nullify, in: vote.view, with: pen))]
        case .equivocation:
            return [.vote(sign(.finalize, in: vote.view, for: chainID, with: pen))]
        case .nullifySpam:
            return (0..<5).map { .vote(sign(.nullify, in: vote.view + $0, with: pen)) }
        case .farFuture:
            let view = vote.view + 1 + random.number(below: 1 << 40)
            return [
                .vote(sign(vote.kind, in: view, for: vote.proposal, with: pen)),
                .vote(sign(.nullify, in: Limits.viewMax, with: pen)),
            ]
        case .wrongEpoch:
            return [vote.epoch - 1, vote.epoch + 1].map {
                .vote(sign(vote.kind, in: vote.view, for: vote.proposal, with: pen, naming: $0))
            }
        case .forgedVotes:
            let memberCount = nodes[node].replica.configuration.committee.count
            let victim = Int(random.number(below: UInt64(memberCount)))
            let forged = vote.claimed(by: victim)
            return [.bundle(Bundle(certificates: [], votes: [forged])), .vote(forged)]
        case .giantBitmap:
            return [.certificate(giant(vote))]
        default:
            return nil
        }
    }

    private mutating func falsehoods(
        _ lie: Fault,
        _ entry: ProposalEntry,
        _ vote: Vote,
        by node: Int
    ) -> [Message]? {
        switch lie {
        case .equivocation: return secondProposal(beside: entry, by: node).map { [$0] }
        case .badJustification:
            return [.propose(entry.with(justification: damaged(entry.justification)), vote)]
        case .wrongRoot:
            guard var payload = entry.payload, let last = payload.popLast() else { return nil }
            payload.append(last ^ 1)
            return [.propose(entry.replacing(payload: payload), vote)]
        case .echoAbuse:
            return echoes(beside: entry, by: node)
        case .invalidBlock: return invalidBlock(beside: entry, by: node).map { [$0] }
        case .staleParent: return staleProposal(beside: entry, by: node).map { [$0] }
        default: return falsehoods(lie, vote, by: node)
        }
    }

    /// E1 by a leader: another valid block in the same view on the same parent.
    private func secondProposal(beside entry: ProposalEntry, by node: Int) -> Message? {
        guard let other = nodes[node].alternative, other.view == entry.proposal.view,
            entry.payload != nil, other.body.digest != entry.proposal.block,
            let pen = nodes[node].pens.last
        else { return nil }
        return propose(other.body.digest, other.body.payload, like: entry, with: pen)
    }

    /// A block that its digest names rightly and that no state admits.
    private func invalidBlock(beside entry: ProposalEntry, by node: Int) -> Message? {
        guard let other = nodes[node].alternative, other.view == entry.proposal.view,
            let parent = nodes[node].state(after: other.parent), let pen = nodes[node].pens.last
        else { return nil }
        let greed = ToyStatement(id: 1 << 60, amount: ToyState.cap + 1)
        let payload = ToyBlock(
            height: parent.block.height + 1,
            header: ToyHeader(view: other.view, proposer: pen.position, time: now),
            statements: [greed]
        ).encoded()
        return propose(parent.digest(of: payload), payload, like: entry, with: pen)
    }

    /// A block on the last final one, without proof that the views between are given up.
    private func staleProposal(beside entry: ProposalEntry, by node: Int) -> Message? {
        let tip = nodes[node].replica.finalized
        let first = entry.proposal
        guard first.parentView > tip.view, let state = nodes[node].state(after: tip.block),
            let pen = nodes[node].pens.last,
            let made = state.applying(
                [],
                ToyHeader(
                    view: first.view,
                    proposer: pen.position,
                    time: first.view,
                    isMapped: options.scenario.hasSnapshots
                )
            )
        else { return nil }
        let proposal = Proposal(
            chainID: chainID,
            epoch: first.epoch,
            view: first.view,
            parentView: tip.view,
            parent: tip.proposal,
            block: made.body.digest
        )
        let stale = ProposalEntry(
            proposal: proposal,
            justification: Justification(parent: tip.certificate, nullifications: []),
            payload: made.body.payload
        )
        return .propose(stale, sign(.notarize, in: first.view, for: proposal.id, with: pen))
    }

    /// An echo with a block, and an echo of what is not its parent's.
    private func echoes(beside entry: ProposalEntry, by node: Int) -> [Message] {
        guard let pen = nodes[node].pens.last else { return [] }
        let tip = nodes[node].replica.finalized.block
        return [
            propose(tip.digest, entry.payload, like: entry, with: pen),
            propose(SHA256.hash(Array("no block".utf8)), nil, like: entry, with: pen),
        ]
    }

    private func propose(
        _ block: Digest,
        _ payload: [UInt8]?,
        like entry: ProposalEntry,
        with pen: SimulatedNode.Pen
    ) -> Message {
        let first = entry.proposal
        let proposal = Proposal(
            chainID: chainID,
            epoch: first.epoch,
            view: first.view,
            parentView: first.parentView,
            parent: first.parent,
            block: block
        )
        let other = ProposalEntry(
            proposal: proposal,
            justification: entry.justification,
            payload: payload
        )
        return .propose(other, sign(.notarize, in: first.view, for: proposal.id, with: pen))
    }

    private mutating func damaged(_ justification: Justification) -> Justification {
        var nullifications = justification.nullifications
        if random.number(below: 2) == 0, !nullifications.isEmpty {
            nullifications.removeLast()
        } else if let padding = justification.certificates.last {
            nullifications.append(padding)
        }
        return Justification(parent: justification.parent, nullifications: nullifications)
    }

    private mutating func boast(_ status: Status) -> Status {
        let distance = random.number(below: 1_000)
        let isModest = !plan.isFull && random.number(below: 3) == 0
        return Status(
            epoch: boast(epoch: status.epoch),
            view: isModest ? 0 : status.view + distance,
            finalizedView: isModest ? 0 : status.finalizedView + distance,
            height: isModest ? 0 : status.height + distance,
            // Once an hour it would have its way.
            abstainUpTo: phase == .whole ? 0 : status.view + random.number(below: 4)
        )
    }

    private mutating func boast(epoch: UInt64) -> UInt64 {
        switch random.number(below: 8) {
        case 0: epoch + 1
        case 1: max(1, epoch - 1)
        default: epoch
        }
    }

    private mutating func falsify(_ standing: Standing) -> Standing {
        switch random.number(below: 3) {
        case 0:
            Standing(
                epoch: max(1, standing.epoch - now % 2),
                nonce: standing.nonce,
                view: 1,
                certificate: nil
            )
        case 1:
            Standing(
                epoch: standing.epoch,
                nonce: standing.nonce,
                view: standing.view + 5,
                certificate: standing.certificate
            )
        default:
            Standing(
                epoch: standing.epoch,
                nonce: standing.nonce &+ 1,
                view: standing.view,
                certificate: nil
            )
        }
    }

    private func wrongAnswer(_ entries: [ProposalEntry], by node: Int) -> [ProposalEntry] {
        let finals = nodes[node].disk.finals
        guard let other = finals.first?.entry, entries.first != other else { return [] }
        return [other]
    }

    /// What an epoch that is over left in a liar's hands, as if it still counted: its certificates, and
    /// votes with the keys that it had there, also in the name of the present epoch.
    private mutating func relics(in status: Status, by node: Int) -> [Message]? {
        let ended = nodes[node].disk.finals.map(\.entry).filter {
            $0.proposal.epoch < status.epoch
        }
        guard let entry = ended.randomElement(using: &random) else { return nil }
        let certificates =
            entry.justification.certificates + (entry.finalization.map { [$0] } ?? [])
        let old = nodes[node].pens.filter { $0.epoch < status.epoch }
        let votes = old.flatMap { pen in
            VoteKind.allCases.flatMap { kind in
                [pen.epoch, status.epoch].map { epoch in
                    let named = kind == .nullify ? Digest.zero : entry.proposal.id
                    return sign(kind, in: status.view, for: named, with: pen, naming: epoch)
                }
            }
        }
        return certificates.map(Message.certificate) + votes.map(Message.vote)
    }

    /// A liar keeps the key of each epoch that it has a seat in.
    mutating func takePen(_ node: Int) {
        let (member, state) = (nodes[node].member, nodes[node].disk.applied)
        let seats = seats(in: state)
        guard nodes[node].pens.last?.epoch != state.epoch,
            let position = seats.firstIndex(where: { $0.member == member })
        else { return }
        nodes[node].pens.append(
            SimulatedNode.Pen(
                epoch: state.epoch,
                position: position,
                signer: keys.signer(of: seats[position])
            )
        )
    }

    /// A certificate of as many signatures as its form allows.
    private func giant(_ vote: Vote) -> Certificate {
        Certificate(
            epoch: vote.epoch,
            kind: vote.kind,
            view: vote.view,
            proposal: vote.proposal,
            signatures: (0..<Limits.memberMax).map {
                Certificate.Signature(member: $0, bytes: vote.signature)
            }
        )
    }

    /// A vote with what a liar has to vote with, in the epoch of that or in another.
    private func sign(
        _ kind: VoteKind,
        in view: UInt64,
        for proposal: Digest = .zero,
        with pen: SimulatedNode.Pen,
        naming epoch: UInt64? = nil
    ) -> Vote {
        Vote(
            chainID: chainID,
            epoch: epoch ?? pen.epoch,
            kind: kind,
            view: view,
            proposal: proposal,
            member: pen.position,
            signer: pen.signer
        )
    }
}

extension Vote {
    /// The same vote, said to be another member's.
    fileprivate func claimed(by member: Int) -> Vote {
        Vote(
            epoch: epoch,
            kind: kind,
            view: view,
            proposal: proposal,
            member: member,
            signature: signature
        )
    }
}

extension ProposalEntry {
    fileprivate func with(justification: Justification) -> ProposalEntry {
        ProposalEntry(proposal: proposal, justification: justification, payload: payload)
    }

    fileprivate func replacing(payload: [UInt8]) -> ProposalEntry {
        ProposalEntry(proposal: proposal, justification: justification, payload: payload)
    }
}
