internal import Consensus
internal import QuotaCrypto
import Votes

/// Sees everything that leaves every correct node and every commit, and knows what must never happen.
///
/// Each broken promise is named as in section 3.4 of the protocol's test plan.
struct Oracle: Sendable {
    /// The votes of one identity in one view, over all its lives and disks.
    private struct Cast: Sendable {
        var notarize: Digest?
        var isNullified = false
        var finalize: Digest?
    }

    /// Of what a vote is.
    private struct Place: Hashable, Sendable {
        let epoch: UInt64
        let view: UInt64
    }

    private let chainID: Digest
    private let keys: SimulatedKeys
    /// Who agrees in each epoch so far, and who checks their votes.
    private var sets: [UInt64: (committee: Committee, verifier: any VoteVerifier)]
    /// Members of which anything may come.
    var byzantine: Set<Int> = []
    /// What the ledger asks for.
    private let rules: ToyRules
    /// Changes of the set that members approved, with who did.
    var approved: Set<ToyStatement> = []
    /// More than f members lie: forks are expected, and only guilt is judged.
    var isForkExpected = false
    /// How many nodes stopped voting because they saw a fork.
    var alarmCount = 0
    private var cast: [[Place: Cast]]
    /// The epoch of the last vote of each identity.
    private var lastEpoch: [UInt64]
    /// Where each identity last voted, at its highest.
    private var highestCast: [Place]
    private var nullified: Set<Place> = []
    private var finalized: [Place: Digest] = [:]
    /// The block of each height, as the first node made it final.
    private(set) var chain: [BlockID] = [ToyState.genesis.block]
    /// The state after the chain, computed here once more.
    private(set) var state = ToyState.genesis
    /// The states behind the chain, where they are handed over.
    private var states = [ToyState.genesis]
    var keepsStates = false
    /// Statements of which a node may have told its client that they are final.
    private(set) var acknowledged: Set<UInt64> = []
    private var heights: [UInt64]
    private var submissionViews: [UInt64: UInt64] = [:]
    /// When a bundle last left a member for another one, in one life.
    private var bundleTimes: [[Int]: UInt64] = [:]
    /// The first broken promise.
    private(set) var failure: String?

    init(
        committee: Committee,
        chainID: Digest,
        keys: SimulatedKeys,
        identityCount: Int,
        rules: ToyRules
    ) {
        self.rules = rules
        self.chainID = chainID
        self.keys = keys
        let founders = (0..<committee.count).map { ToySeat(member: $0) }
        sets = [1: (committee, keys.verifier(of: founders))]
        cast = Array(repeating: [:], count: identityCount)
        lastEpoch = Array(repeating: 1, count: identityCount)
        highestCast = Array(repeating: Place(epoch: 1, view: 0), count: identityCount)
        heights = Array(repeating: 0, count: 2 * identityCount)
    }

    mutating func fail(_ promise: String, _ reason: String) {
        if failure == nil { failure = "\(promise): \(reason)" }
    }

    /// A message leaves a correct node.
    mutating func sees(_ message: Message, from member: Int, records: [[UInt8]: [UInt8]]) {
        switch message {
        case .vote(let vote):
            check(vote, of: member, records)
        case .propose(let entry, let vote):
            check(vote, of: member, records)
            for certificate in entry.justification.certificates { check(certificate) }
        case .bundle(let bundle):
            for vote in bundle.votes { check(vote, of: member, records) }
            for certificate in bundle.certificates { check(certificate) }
        case .certificate(let certificate):
            check(certificate)
        case .standing(let standing):
            check(standing, of: member)
        case .status, .fetch, .fetchFinalized, .proposals, .recover:
            break
        }
    }

    /// 2.9 rule 3: nobody tells a member that lost its votes of a view below its own highest vote,
    /// whatever it lost itself; the bound on the lost votes rests on it.
    private mutating func check(_ standing: Standing, of member: Int) {
        let highest = highestCast[member]
        guard standing.epoch == highest.epoch, standing.view < highest.view else { return }
        fail(
            "2.9 honest answers",
            "member \(member) says it is in \(standing.view), it voted in \(highest.view)"
        )
    }

    /// 2.9 rule 4: a member that was led back abstains in every view in which it ever voted, but for the
    /// first one of the next epoch, in which it will abstain when it comes there.
    mutating func seesRecovery(of member: Int, abstainingUpTo last: UInt64, in epoch: UInt64) {
        let highest = highestCast[member]
        if highest.epoch == epoch + 1, highest.view == 1 { return }
        seesSuccession(of: member, abstainingUpTo: last, in: epoch)
    }

    /// 2.10: so does a member that comes into an epoch, maybe for the second time, since it lost its disk.
    mutating func seesSuccession(of member: Int, abstainingUpTo last: UInt64, in epoch: UInt64) {
        let highest = highestCast[member]
        guard (epoch, last) < (highest.epoch, highest.view) else { return }
        fail(
            "2.9 long enough",
            "member \(member) abstains up to \(last) of epoch \(epoch), it voted in \(highest.view) of "
                + "\(highest.epoch)"
        )
    }

    /// P12: at most one bundle a second from one member to another, or answers outgrow questions.
    mutating func seesBundle(from member: Int, life: Int, to receiver: Int, ownTime: UInt64) {
        let key = [member, life, receiver]
        if let last = bundleTimes[key], ownTime < last + 1_000 {
            fail("P12 bounded", "member \(member) sends two bundles within a second")
        }
        bundleTimes[key] = ownTime
    }

    /// P3, I1 to I4 over the life of an identity; P11, no vote without its record on the disk.
    private mutating func check(
        _ vote: Vote,
        of member: Int,
        _ records: [[UInt8]: [UInt8]]
    ) {
        if records[DurableKey.vote(vote)] != vote.encoded() {
            fail("P11 durable first", "member \(member) sent \(vote.kind) of view \(vote.view)")
        }
        if vote.epoch < lastEpoch[member] {
            fail("P3 epochs", "member \(member) voted in epoch \(vote.epoch), which is over")
        }
        lastEpoch[member] = max(lastEpoch[member], vote.epoch)
        let place = Place(epoch: vote.epoch, view: vote.view)
        if (vote.epoch, vote.view) > (highestCast[member].epoch, highestCast[member].view) {
            highestCast[member] = place
        }
        var known = cast[member][place] ?? Cast()
        switch vote.kind {
        case .notarize:
            if let other = known.notarize, other != vote.proposal {
                fail("P3 I1/I4", "member \(member) notarized two proposals in view \(vote.view)")
            }
            known.notarize = vote.proposal
        case .nullify:
            known.isNullified = true
        case .finalize:
            // It may have been cast, and the node have died before it was sent.
            let own = records[DurableKey.vote(vote.recast(as: .notarize))]
            let notarized = known.notarize ?? own.flatMap { try? Vote.decode($0).proposal }
            if notarized != vote.proposal {
                fail("P3 I3", "member \(member) finalized what it did not notarize, \(vote.view)")
            }
            if let other = known.finalize, other != vote.proposal {
                fail("P3 I3", "member \(member) finalized two proposals in view \(vote.view)")
            }
            known.finalize = vote.proposal
        }
        if known.isNullified && known.finalize != nil {
            fail("P3 I2", "member \(member) nullified and finalized view \(vote.view)")
        }
        cast[member][place] = known
    }

    /// P4: with at most f faulty members a view is never both given up and final.
    private mutating func check(_ certificate: Certificate) {
        guard !isForkExpected, !isOldNews(certificate), isGenuine(certificate) else { return }
        let place = Place(epoch: certificate.epoch, view: certificate.view)
        switch certificate.kind {
        case .notarize: return
        case .nullify: nullified.insert(place)
        case .finalize:
            if let other = finalized[place], other != certificate.proposal {
                fail("P1 agreement", "two finalizations in view \(certificate.view)")
            }
            finalized[place] = certificate.proposal
        }
        if finalized[place] != nil, nullified.contains(place) {
            fail("P4 one end of a view", "view \(certificate.view) is nullified and finalized")
        }
    }

    /// Whether it could not change what is known, genuine or not.
    private func isOldNews(_ certificate: Certificate) -> Bool {
        let place = Place(epoch: certificate.epoch, view: certificate.view)
        return switch certificate.kind {
        case .notarize: true
        case .nullify: nullified.contains(place)
        case .finalize: finalized[place] == certificate.proposal
        }
    }

    private func isGenuine(_ certificate: Certificate) -> Bool {
        guard let (committee, verifier) = sets[certificate.epoch] else { return false }
        return certificate.isValid(for: committee, chainID: chainID, verifier: verifier)
    }

    /// A node has made proposals final, durably.
    mutating func sees(_ commit: Commit, by node: Int, parent: BlockID) {
        var tip = parent
        for final in commit.proposals {
            if final.isEcho {
                if final.block != tip { fail("reducer", "node \(node): an echo changed the block") }
                continue
            }
            if final.block.height != tip.height + 1 {
                fail("P2 prefix", "node \(node): height \(final.block.height) on \(tip.height)")
            }
            tip = final.block
            if !isForkExpected { extend(with: final, by: node) }
        }
        if let certificate = commit.tip.certificate { check(certificate) }
        if tip != commit.tip.block {
            fail("reducer", "node \(node): the tip is not the last block")
        }
        heights[node] = tip.height
    }

    /// P1 and P5 to P8: agreement, justification, and the rules of the toy ledger.
    private mutating func extend(with final: Commit.Final, by node: Int) {
        let height = Int(final.block.height)
        if height < chain.count {
            if chain[height] != final.block {
                fail("P1 agreement", "two blocks at height \(height)")
            }
            return
        }
        guard height == chain.count else { return fail("P8 append-only", "\(height) left out") }
        let justification = final.entry.justification
        if !justification.covers(final.entry.proposal)
            || !justification.certificates.allSatisfy(isGenuine)
        {
            fail("P5 justified", "the final proposal of view \(final.entry.proposal.view) is not")
        }
        chain.append(final.block)
        if final.entry.proposal.epoch != state.epoch {
            fail("2.10 a seal ends its epoch", "height \(height) stands above a seal")
        }
        guard let payload = final.entry.payload, let block = ToyBlock(payload) else {
            return fail("P6 ledger", "height \(height): no block")
        }
        check(block, on: state, "height \(height)")
        guard let next = state.applying(block.statements, block.header, by: rules) else {
            return fail("P6 ledger", "height \(height): beyond the cap, twice, or too late")
        }
        if next.state.block != final.block { fail("P7 roots", "height \(height): another block") }
        state = next.state
        if keepsStates { states.append(state) }
        if sets[state.epoch] == nil {
            let committee = Committee(count: state.seats.count, seal: state.root.digest)
            sets[state.epoch] = (committee, keys.verifier(of: state.seats))
        }
        for statement in block.statements {
            acknowledged.insert(statement.id)
            checkDelay(of: statement, includedIn: final.entry.proposal.view)
        }
    }

    /// 2.10: a block that correct nodes hold good changes the set only as enough of its members want.
    mutating func check(_ block: ToyBlock, on state: ToyState, _ place: String) {
        guard rules.asksForApprovals else { return }
        for statement in block.statements {
            guard let change = statement.change else { continue }
            let isGenuine = approved.contains(statement) || change.approvers.isSubset(of: byzantine)
            if !isGenuine || !change.isApproved(in: state.seats) {
                fail(
                    "2.10 only a quorum changes the set",
                    "\(place): \(change.kind) of member \(change.member), "
                        + "approved by \(change.approvers.sorted())"
                )
            }
        }
    }

    /// A client gives a statement to a correct node that stands in a view.
    mutating func notes(submissionOf statement: ToyStatement, view: UInt64) {
        if submissionViews[statement.id] == nil { submissionViews[statement.id] = view }
    }

    /// L4, in runs without other faults: f censors delay a statement by f + 1 views and those under way.
    private mutating func checkDelay(of statement: ToyStatement, includedIn view: UInt64) {
        guard let delayMax, let submitted = submissionViews[statement.id],
            view > submitted + delayMax
        else { return }
        fail("L4 censorship", "statement \(statement.id) waited from view \(submitted) to \(view)")
    }

    /// Views that a statement may wait; nil if faults may hold it up.
    var delayMax: UInt64?

    /// A node came back: what it made final durably must still be there.
    mutating func seesRestart(of node: Int, height: UInt64) {
        if height < heights[node] {
            fail("P2 prefix", "node \(node) lost height \(heights[node]), has \(height)")
        }
    }

    /// 2.7: what a node took over from others is the state that all agreed on.
    mutating func seesSnapshot(_ snapshot: ToyState, at node: Int) {
        let height = Int(snapshot.block.height)
        if !states.indices.contains(height) || states[height] != snapshot {
            fail(
                "2.7 a snapshot is what is final",
                "node \(node) takes over another state of \(height)"
            )
        }
        heights[node] = snapshot.block.height
    }

    /// A node lost its disk and knows it.
    mutating func forgives(_ node: Int, height: UInt64) {
        heights[node] = height
        // It may vote in the epoch that its disk is of, beyond what others answer from there.
        if lastEpoch.indices.contains(node) { lastEpoch[node] = 1 }
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
