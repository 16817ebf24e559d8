internal import Consensus
internal import QuotaCrypto

/// Sees everything that leaves every node and every commit, and knows what must never happen.
struct Oracle: Sendable {
    /// The votes of one identity in one view, over all its lives.
    private struct Cast: Sendable {
        var notarize: Digest?
        var isNullified = false
        var finalize: Digest?
    }

    private var cast: [[UInt64: Cast]]
    private var nullified: Set<UInt64> = []
    private var finalized: [UInt64: Digest] = [:]
    /// The block of each height, as the first node made it final.
    private(set) var chain: [BlockID] = [ToyState.genesis.block]
    /// The state after the chain, computed here once more.
    private(set) var state = ToyState.genesis
    private var heights: [UInt64]
    /// The first broken promise.
    private(set) var failure: String?

    init(memberCount: Int) {
        cast = Array(repeating: [:], count: memberCount)
        heights = Array(repeating: 0, count: memberCount)
    }

    mutating func fail(_ reason: String) {
        if failure == nil { failure = reason }
    }

    /// A message leaves a node.
    mutating func sees(_ message: Message, from member: Int, disk: SimulatedDisk) {
        switch message {
        case .vote(let vote):
            check(vote, of: member, disk)
        case .propose(let entry, let vote):
            check(vote, of: member, disk)
            for certificate in entry.justification.certificates { check(certificate) }
        case .bundle(let bundle):
            for vote in bundle.votes { check(vote, of: member, disk) }
            for certificate in bundle.certificates { check(certificate) }
        case .certificate(let certificate):
            check(certificate)
        case .status, .fetch, .fetchFinalized, .proposals:
            break
        }
    }

    /// I1 to I4 over the life of an identity, and no vote without its record on the disk.
    private mutating func check(_ vote: Vote, of member: Int, _ disk: SimulatedDisk) {
        if disk.records[DurableKey.vote(vote)] != vote.encoded() {
            fail("2.6: member \(member) sent a \(vote.kind) vote of view \(vote.view) not durable")
        }
        var known = cast[member][vote.view] ?? Cast()
        switch vote.kind {
        case .notarize:
            if let other = known.notarize, other != vote.proposal {
                fail("I1/I4: member \(member) notarized two proposals in view \(vote.view)")
            }
            known.notarize = vote.proposal
        case .nullify:
            known.isNullified = true
        case .finalize:
            // It may have been cast, and the node have died before it was sent.
            let own = disk.records[DurableKey.vote(vote.recast(as: .notarize))]
            let notarized = known.notarize ?? own.flatMap { try? Vote.decode($0).proposal }
            if notarized != vote.proposal {
                fail("I3: member \(member) finalized what it did not notarize, view \(vote.view)")
            }
            if let other = known.finalize, other != vote.proposal {
                fail("I3: member \(member) finalized two proposals in view \(vote.view)")
            }
            known.finalize = vote.proposal
        }
        if known.isNullified && known.finalize != nil {
            fail("I2: member \(member) nullified and finalized view \(vote.view)")
        }
        cast[member][vote.view] = known
    }

    /// With at most f faulty members a view is never both given up and final.
    private mutating func check(_ certificate: Certificate) {
        switch certificate.kind {
        case .notarize: return
        case .nullify: nullified.insert(certificate.view)
        case .finalize:
            if let other = finalized[certificate.view], other != certificate.proposal {
                fail("agreement: two finalizations in view \(certificate.view)")
            }
            finalized[certificate.view] = certificate.proposal
        }
        if finalized[certificate.view] != nil, nullified.contains(certificate.view) {
            fail("view \(certificate.view) has a nullification and a finalization")
        }
    }

    /// A node has made proposals final, durably.
    mutating func sees(_ commit: Commit, by member: Int, parent: BlockID) {
        var tip = parent
        for final in commit.proposals {
            if final.isEcho {
                if final.block != tip { fail("member \(member): an echo changed the block") }
                continue
            }
            if final.block.height != tip.height + 1 {
                fail("member \(member) committed height \(final.block.height) on \(tip.height)")
            }
            tip = final.block
            extend(with: final, by: member)
        }
        if let certificate = commit.tip.certificate { check(certificate) }
        if tip != commit.tip.block { fail("member \(member): the tip is not the last block") }
        heights[member] = tip.height
    }

    /// Agreement, and the rules of the toy ledger, which must hold of every final block.
    private mutating func extend(with final: Commit.Final, by member: Int) {
        let height = Int(final.block.height)
        if height < chain.count {
            if chain[height] != final.block { fail("agreement: two blocks at height \(height)") }
            return
        }
        guard height == chain.count else { return fail("member \(member) left out a height") }
        chain.append(final.block)
        guard let payload = final.entry.payload, let block = ToyBlock(payload),
            let next = state.applying(
                block.statements,
                view: block.view,
                proposer: Int(block.proposer)
            )
        else { return fail("height \(height): a statement beyond the cap or twice") }
        if next.state.block != final.block { fail("height \(height): not the block it names") }
        state = next.state
    }

    /// A node came back: what it made final durably must still be there.
    mutating func seesRestart(of member: Int, height: UInt64) {
        if height < heights[member] {
            fail("member \(member) lost height \(heights[member]), has \(height)")
        }
    }
}

extension Vote {
    /// The same view's vote of another kind, to name its record.
    fileprivate func recast(as kind: VoteKind) -> Vote {
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
