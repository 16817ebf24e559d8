internal import Votes

extension Replica {
    /// 2.5 `status`: where this node stands.
    public var status: Status {
        Status(
            epoch: configuration.epoch,
            view: view,
            finalizedView: finalized.view,
            height: finalized.block.height,
            abstainUpTo: abstainUpTo
        )
    }

    /// What a member said last of where it stands; nil before it said anything.
    public func status(of member: Int) -> Status? {
        peers.indices.contains(member) ? peers[member].status : nil
    }

    /// There is work: tell others more often, and look after what stands still.
    mutating func wake() {
        if !isBusy {
            isBusy = true
            emit(.setTimer(.status, afterMilliseconds: timeouts.statusBusy))
        }
        guard !isStandstillSet, ownIndex != nil else { return }
        isStandstillSet = true
        let spread = timeouts.standstill * 2 / 5
        let pause = timeouts.standstill - spread / 2 + random.number(below: spread + 1)
        emit(.setTimer(.standstill, afterMilliseconds: pause))
    }

    mutating func onStatusTimer() {
        emit(.broadcast(.status(status)))
        showEnds()
        askForStandings()
        let pause = hasWork ? timeouts.statusBusy : timeouts.statusIdle
        isBusy = hasWork
        emit(.setTimer(.status, afterMilliseconds: pause))
    }

    /// 2.5 `standstill`: nothing became final for a while, so others may lack what this node has.
    mutating func onStandstill() {
        isStandstillSet = false
        guard hasWork else { return }
        let isStill = finalizedAtStandstill == finalized.view
        finalizedAtStandstill = finalized.view
        guard isStill else { return }
        for member in peers.indices where member != ownIndex { sendBundle(to: member) }
    }

    /// A member says where it stands; if it is behind, it gets what it lacks.
    mutating func onStatus(_ status: Status, from member: Int) {
        guard status.epoch == configuration.epoch else { return onForeign(status, from: member) }
        peers[member].status = status
        noteRecovery(of: member)
        if status.finalizedView < finalized.view || status.view < view || !conflict.isEmpty
            || mayLackOpenVote(member, status)
        {
            sendBundle(to: member)
        }
    }

    /// Everybody may have gone to rest, or down, after this node accepted a proposal and before its
    /// vote arrived.
    ///
    /// It is repeated a few times: if nobody joins, there is nothing to finish.
    private mutating func mayLackOpenVote(_ member: Int, _ status: Status) -> Bool {
        guard status.view == view, round(view).own.notarize != nil else { return false }
        if peers[member].remindedView != view {
            peers[member].remindedView = view
            peers[member].reminderCount = 0
        }
        peers[member].reminderCount += 1
        return peers[member].reminderCount <= Replica.remindersMax
    }

    private static let remindersMax = 8

    /// A link is up: both sides say where they stand, and what they voted.
    mutating func connected(_ member: Int) {
        guard peers.indices.contains(member), member != ownIndex else { return }
        emit(.send(to: member, .status(status)))
        showSeal(to: member)
        sendBundle(to: member)
        if let recovery { emit(.send(to: member, .recover(nonce: recovery.nonce))) }
    }

    /// 2.14 lesson 3: at most one bundle a second and member, of bounded size.
    mutating func sendBundle(to member: Int) {
        guard now >= peers[member].nextBundle || !follows(.bundlesArePaced) else { return }
        let bundle = bundle(for: peers[member].status)
        guard !bundle.certificates.isEmpty || !bundle.votes.isEmpty else { return }
        peers[member].nextBundle = now + timeouts.bundlePause
        emit(.send(to: member, .bundle(bundle)))
    }

    /// What proves a fork, the last finalization, then certificates and own votes from the highest view
    /// down.
    private func bundle(for status: Status?) -> Bundle {
        var certificates = conflict
        var votes: [Vote] = []
        var byteCount = 0
        if let final = finalized.certificate, (status?.finalizedView ?? 0) < finalized.view {
            certificates.append(final)
            byteCount += final.approximateByteCount
        }
        let top = rounds.keys.max() ?? 0
        for given in stride(from: top, to: finalized.view, by: -1) {
            guard let round = rounds[given] else { continue }
            guard byteCount <= limits.bundleBytesMax else { break }
            let held = [round.finalization, round.notarization, round.nullification]
            certificates += held.compactMap { $0 }
            let open = round.own.all.filter { round.certificate($0.kind) == nil }
            votes += open
            byteCount += held.reduce(0) { $0 + ($1?.approximateByteCount ?? 0) }
            byteCount += open.count * 160
        }
        return Bundle(certificates: certificates, votes: votes)
    }

    /// Certificates first: they open the views that the votes are for.
    mutating func onBundle(_ bundle: Bundle, from member: Int) {
        for certificate in bundle.certificates {
            guard isOfThisEpoch(certificate) else {
                onForeign(certificate, from: member, isTold: true)
                continue
            }
            guard !isStale(certificate) else { continue }
            guard settle(certificate, from: member) != nil else { return }
        }
        drain()
        for vote in bundle.votes { onVote(vote, from: member) }
    }
}
