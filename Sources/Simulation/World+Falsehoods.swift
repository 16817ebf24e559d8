internal import Consensus
internal import QuotaCrypto

extension World {
    /// The false messages that a lie consists of; nil if it has none for this message.
    mutating func falsehoods(_ lie: Fault, _ message: Message, by node: Int) -> [Message]? {
        switch message {
        case .propose(let entry, let vote): falsehoods(lie, entry, vote, by: node)
        case .vote(let vote): falsehoods(lie, vote, by: node)
        case .status(let status) where lie == .lyingStatus: [.status(boast(status))]
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
        let member = nodes[node].member
        switch lie {
        case .equivocation where vote.kind != .nullify:
            return [.vote(sign(.nullify, in: vote.view, by: member))]
        case .equivocation:
            return [.vote(sign(.finalize, in: vote.view, for: chainID, by: member))]
        case .nullifySpam:
            return (0..<5).map { .vote(sign(.nullify, in: vote.view + $0, by: member)) }
        case .farFuture:
            let view = vote.view + 1 + random.number(below: 1 << 40)
            return [
                .vote(sign(vote.kind, in: view, for: vote.proposal, by: member)),
                .vote(sign(.nullify, in: Limits.viewMax, by: member)),
            ]
        case .wrongEpoch:
            return [0, 2].map {
                .vote(sign(vote.kind, in: vote.view, for: vote.proposal, by: member, epoch: $0))
            }
        case .forgedVotes:
            let victim = Int(random.number(below: UInt64(committee.count)))
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
            entry.payload != nil, other.body.digest != entry.proposal.block
        else { return nil }
        return propose(other.body.digest, other.body.payload, like: entry, by: node)
    }

    /// A block that its digest names rightly and that no state admits.
    private func invalidBlock(beside entry: ProposalEntry, by node: Int) -> Message? {
        guard let other = nodes[node].alternative, other.view == entry.proposal.view,
            let parent = nodes[node].state(after: other.parent)
        else { return nil }
        let greed = ToyStatement(id: 1 << 60, amount: ToyState.cap + 1)
        let payload = ToyBlock(
            height: parent.block.height + 1,
            header: ToyHeader(view: other.view, proposer: nodes[node].member, time: now),
            statements: [greed]
        ).encoded()
        return propose(parent.digest(of: payload), payload, like: entry, by: node)
    }

    /// A block on the last final one, without proof that the views between are given up.
    private func staleProposal(beside entry: ProposalEntry, by node: Int) -> Message? {
        let tip = nodes[node].replica.finalized
        let first = entry.proposal
        guard first.parentView > tip.view, let state = nodes[node].state(after: tip.block),
            let made = state.applying(
                [],
                ToyHeader(view: first.view, proposer: nodes[node].member, time: first.view)
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
        let member = nodes[node].member
        return .propose(stale, sign(.notarize, in: first.view, for: proposal.id, by: member))
    }

    /// An echo with a block, and an echo of what is not its parent's.
    private func echoes(beside entry: ProposalEntry, by node: Int) -> [Message] {
        let tip = nodes[node].replica.finalized.block
        return [
            propose(tip.digest, entry.payload, like: entry, by: node),
            propose(SHA256.hash(Array("no block".utf8)), nil, like: entry, by: node),
        ]
    }

    private func propose(
        _ block: Digest,
        _ payload: [UInt8]?,
        like entry: ProposalEntry,
        by node: Int
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
        let member = nodes[node].member
        return .propose(other, sign(.notarize, in: first.view, for: proposal.id, by: member))
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
            epoch: status.epoch + (random.number(below: 8) == 0 ? 1 : 0),
            view: isModest ? 0 : status.view + distance,
            finalizedView: isModest ? 0 : status.finalizedView + distance,
            height: isModest ? 0 : status.height + distance,
            // Once an hour it would have its way.
            abstainUpTo: phase == .whole ? 0 : status.view + random.number(below: 4)
        )
    }

    private mutating func falsify(_ standing: Standing) -> Standing {
        switch random.number(below: 3) {
        case 0: Standing(epoch: standing.epoch, nonce: standing.nonce, view: 1, certificate: nil)
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

    private func sign(
        _ kind: VoteKind,
        in view: UInt64,
        for proposal: Digest = .zero,
        by member: Int,
        epoch: UInt64 = 1
    ) -> Vote {
        let message = Vote.signedBytes(
            chainID: chainID,
            epoch: epoch,
            kind: kind,
            view: view,
            proposal: proposal
        )
        return Vote(
            epoch: epoch,
            kind: kind,
            view: view,
            proposal: proposal,
            member: member,
            signature: keys.signer(of: member).sign(message)
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
