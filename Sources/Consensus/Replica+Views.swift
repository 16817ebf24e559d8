internal import QuotaCrypto
import Votes

extension Replica {
    /// 2.5 `work`: whether there is a reason to do anything at all.
    ///
    /// Without one, the node is silent.
    public var hasWork: Bool {
        hasOwnReason || (isViewActiveElsewhere && (now < helpEnd ?? .max || !follows(.helpEnds)))
    }

    /// A reason that is no mere vote of others.
    private var hasOwnReason: Bool { workAvailable || hasUnfinishedTip || isRecoveryOpen }

    /// A notarized proposal stands above the last final one.
    private var hasUnfinishedTip: Bool {
        highestNotarizedView > finalized.view
    }

    /// f + 1 others, so at least one correct one, voted in this view or above.
    ///
    /// The own vote does not count: with those of f liars it would keep this member busy for ever.
    private var isViewActiveElsewhere: Bool {
        let active = peers.indices.count {
            peers[$0].highestVotedView >= view
                && ($0 != ownIndex || !follows(.helpEnds))
        }
        return active > committee.faultyMax
    }

    /// The votes of others keep this node going in one view for a while only.
    ///
    /// A correct member may have voted and found its work done before the view was over. With that vote, those of f
    /// liars would keep this node busy for ever, and its votes the others.
    private mutating func limitHelp() {
        if hasOwnReason {
            helpEnd = nil
        } else if isViewActiveElsewhere {
            helpEnd = helpEnd ?? now + timeouts.help
        }
    }

    /// 2.5 `enter`: a certificate for the view before was seen.
    mutating func enter(_ next: UInt64) {
        guard next > view else { return }
        disarm()
        helpEnd = nil
        if case .patient(let request) = leading, request.view == view {
            emit(.cancelTimer(.echo(view)))
        }
        leading = .idle
        view = next
        arm()
        propose()
        joinNullification()
    }

    /// 2.5 `arm`: gives the leader of the view its time, if there is work for it.
    mutating func arm() {
        limitHelp()
        guard hasWork else { return rest() }
        wake()
        guard canVote, !isArmed, view > nullifyFloor || !follows(.recoveringIsMute) else { return }
        isArmed = true
        emit(.setTimer(.view(view), afterMilliseconds: viewTimeout))
    }

    /// Timeouts grow with the distance to the last final view, never shrink on a mere notarization.
    private var viewTimeout: UInt64 {
        guard !isLeaderInactive else { return 0 }
        let base =
            follows(.timeoutsMeasureFinality)
            ? finalized.view : max(finalized.view, min(highestNotarizedView, view))
        let distance = view - base
        return timeouts.view(unfinished: distance > 2 ? distance - 2 : 0)
    }

    mutating func disarm() {
        guard isArmed else { return }
        isArmed = false
        emit(.cancelTimer(.view(view)))
    }

    /// 2.14 lesson 2: without work no timer may push the view on.
    private mutating func rest() {
        isBusy = false
        if follows(.timersAskForWork) { disarm() }
    }

    /// 2.5 `onTimer`: the leader had its time.
    mutating func onViewTimer(_ timed: UInt64) {
        guard timed == view, isArmed else { return }
        guard hasWork || !follows(.timersAskForWork) else { return disarm() }
        if follows(.leaderMustPropose) || !isLeaderAlive { nullify(view, again: true) }
        emit(.setTimer(.view(view), afterMilliseconds: max(timeouts.viewBase, viewTimeout)))
    }

    /// 2.5 `nullify`: gives the view up, unless this node may have made its proposal final.
    ///
    /// - Parameters:
    ///   - given: The view.
    ///   - again: Whether to send the vote again if it was cast before.
    mutating func nullify(_ given: UInt64, again: Bool = false) {
        guard canVote,
            given > nullifyFloor || (!follows(.recoveringIsMute) && given > finalized.view)
        else { return }
        let own = round(given).own
        // I2.
        guard own.finalize == nil else { return }
        if let vote = own.nullify {
            if again { emit(.broadcast(.vote(vote))) }
        } else {
            cast(.nullify, in: given, for: .zero)
        }
    }

    /// 2.5 `onVote`: gives the view up before the own timer does, if its leader did, or one correct
    /// member at least while no quorum has accepted a proposal.
    mutating func joinNullification() {
        let round = round(view)
        let givenUp = round.votes(.nullify, for: .zero)
        let leader = committee.leader(of: view)
        let isRelayed = givenUp.count > committee.faultyMax && round.notarization == nil
        if isRelayed || givenUp.contains(where: { $0.member == leader }) { nullify(view) }
    }

    /// The leader answers, whether or not it proposes; no reason to wait for it.
    private var isLeaderAlive: Bool {
        let leader = committee.leader(of: view)
        return leader != ownIndex && peers[leader].status.map { $0.view >= view } ?? false
    }

    /// The leader signed nothing for long, while a quorum did: it is down, and not worth a wait.
    private var isLeaderInactive: Bool {
        let leader = committee.leader(of: view)
        guard leader != ownIndex, isInactive(leader) else { return false }
        let active = (0..<committee.count).count { $0 == ownIndex || !isInactive($0) }
        return active >= committee.quorum
    }

    private func isInactive(_ member: Int) -> Bool {
        armedTime - min(armedTime, peers[member].lastSigned) > timeouts.leaderInactive
    }
}
