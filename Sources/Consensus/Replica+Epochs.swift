internal import CBOR
internal import QuotaCrypto
public import Votes

extension Replica {
    /// The replica of the next epoch, once the block that seals this one is final, and what ends with
    /// this one.
    ///
    /// A pure function: the driver performs the effects, forgets its answers to the old replica, and
    /// gives the new one `start`, whether there is work, and a `connected` for every link. The records
    /// that `start` brings delete those of this epoch; if a crash comes between, `init` does the same
    /// with what it finds.
    ///
    /// - Parameters:
    ///   - configuration: Of the next epoch: its root is the sealing block.
    ///   - signer: Signs with the key of the next epoch; nil for a node that is not of it.
    ///   - verifier: Checks the votes of the next epoch.
    /// - Returns: The replica of the next epoch, and effects that end what the old one had set.
    /// - Precondition: The epoch is the next one and its root the last final block of this one.
    public func succeeded(
        by configuration: Configuration,
        signer: (any VoteSigner)?,
        verifier: any VoteVerifier
    ) -> (replica: Replica, effects: [Effect]) {
        precondition(configuration.epoch == self.configuration.epoch + 1, "not the next epoch")
        precondition(configuration.root == finalized.block, "the sealing block is not final")
        var next = Replica(beginning: configuration, signer: signer, verifier: verifier)
        if let recovery, follows(.recoveryOutlivesSeal) {
            next.abstainUpTo = Limits.viewMax
            next.recovery = Recovery(
                nonce: recovery.nonce,
                memberCount: configuration.committee.count
            )
        } else {
            next.abstainUpTo = configuration.carried(abstainUpTo, from: self.configuration.epoch)
        }
        next.isHalted = isHalted
        next.conflict = conflict
        next.ended = EndedEpoch(committee: committee, verifier: self.verifier, tip: finalized)
        next.random = random
        next.now = now
        var state = DurableState()
        if follows(.oldRecordsEnd) { state.stale = openRecords }
        next.restored = state
        let timers: [Timer] = [.view(view), .echo(view), .standstill, .status, .fetch]
        return (next, timers.map { .cancelTimer($0) })
    }

    /// Takes another number of followers beyond the members; what is known of those that stay is kept.
    public mutating func link(observers count: Int) {
        let links = committee.count + max(0, count)
        while peers.count < links { peers.append(Peer()) }
        peers.removeLast(peers.count - links)
    }

    /// Forgets what is known of a follower whose position another one takes.
    public mutating func forget(link position: Int) {
        guard position >= committee.count, peers.indices.contains(position) else { return }
        peers[position] = Peer()
    }

    /// Views up to this one are not given up by this member.
    var nullifyFloor: UInt64 {
        max(finalized.view, finalizations.last ?? 0, nullifyAbstention)
    }

    /// The last view of the abstention that forbids this member even to give views up.
    ///
    /// A bound of 1 is what `Configuration.carried` leaves of a loss in the epoch before: the lost vote
    /// of view 1 may have notarized or given it up, and cannot have finalized. So giving it up again
    /// contradicts nothing, and it must be allowed, or more than f members that lost something, one
    /// after the other, could hold the others in view 1 for ever.
    var nullifyAbstention: UInt64 {
        abstainUpTo == 1 && follows(.carriedAbstentionYields) ? 0 : abstainUpTo
    }

    /// The record of the abstention: its epoch and its last view.
    var abstention: [UInt8] {
        CBORValue.array([.unsigned(configuration.epoch), .unsigned(abstainUpTo)]).encoded()
    }

    /// The keys of the records of views that were not final when the epoch ended, and of its end.
    private var openRecords: [[UInt8]] {
        var keys = [DurableKey.lastFinal]
        if abstainUpTo > 0, recovery == nil { keys.append(DurableKey.abstain) }
        for (open, round) in rounds.sorted(by: { $0.key < $1.key }) where open > finalized.view {
            keys += round.own.all.map(DurableKey.vote)
            keys += round.saved.map {
                DurableKey.certificate($0, of: open, epoch: configuration.epoch)
            }
        }
        keys += pool.all.filter(\.isDurable).map { DurableKey.proposal($0.entry.proposal) }
        return keys
    }

    /// 2.10: a member that lags by epochs gets the end of the one it is in; from a member that is
    /// ahead this one asks for it by saying where it stands.
    mutating func onForeign(_ status: Status, from member: Int) {
        guard now >= peers[member].nextBundle else { return }
        peers[member].nextBundle = now + timeouts.bundlePause
        guard status.epoch < configuration.epoch else {
            peers[member].status = nil
            return emit(.send(to: member, .status(self.status)))
        }
        guard peers[member].loadCount < Replica.loadsPerPeerMax, follows(.sealIsHandedOver) else {
            return
        }
        peers[member].loadCount += 1
        let key = FetchKey.seal(epoch: status.epoch)
        emit(.load(LoadRequest(peer: member, key: key, bytesMax: limits.answerBytesMax)))
    }

    /// The finalization that ended an earlier epoch, which leads whoever is in it to the sealing block.
    mutating func handOver(_ last: ProposalEntry?, to member: Int) {
        guard let finalization = last?.finalization else { return }
        emit(.send(to: member, .certificate(finalization)))
    }
}

extension Configuration {
    /// What a member that lost votes of an earlier epoch abstains from in this one.
    ///
    /// Its last lost vote may have been in view 1 of the next epoch, which it could enter by the seal
    /// alone, and no later: who enters view 2 does so by votes of others in that epoch, of whom one at
    /// least would have answered from it. For the same reason there was no certificate of view 1, so
    /// the lost vote gave the view up or notarized; giving it up contradicts neither, see
    /// `Replica.nullifyFloor`. A loss counted on in this way is not counted on again: its bound is 1,
    /// and that of a loss in an epoch itself at least 2.
    func carried(_ abstainUpTo: UInt64, from earlier: UInt64) -> UInt64 {
        guard !disabledRules.contains(.abstentionOutlivesSeal) else { return 0 }
        return abstainUpTo >= 2 && epoch == earlier + 1 ? 1 : 0
    }
}

extension DurableState {
    /// Leaves out what is of an epoch that is over, and refuses what is of another chain or of an
    /// epoch to come.
    mutating func settle(for configuration: Configuration) throws(RestoreError) {
        let epoch = configuration.epoch
        for vote in votes where vote.epoch > epoch {
            throw RestoreError(key: DurableKey.vote(vote), problem: "is of another epoch")
        }
        for certificate in certificates where certificate.epoch > epoch {
            throw RestoreError(key: certificate.durableKey, problem: "is of another epoch")
        }
        for entry in entries
        where entry.proposal.epoch > epoch || entry.proposal.chainID != configuration.chainID {
            throw RestoreError(
                key: DurableKey.proposal(entry.proposal),
                problem: "is of another chain or epoch"
            )
        }
        if !configuration.disabledRules.contains(.oldRecordsEnd) { dropEnded(before: epoch) }
        try settleTip(for: configuration)
        guard abstainUpTo > 0, abstentionEpoch != epoch else { return }
        guard abstentionEpoch < epoch else {
            throw RestoreError(key: DurableKey.abstain, problem: "is of another epoch")
        }
        stale.append(DurableKey.abstain)
        abstainUpTo = configuration.carried(abstainUpTo, from: abstentionEpoch)
    }

    private mutating func dropEnded(before epoch: UInt64) {
        stale += votes.filter { $0.epoch < epoch }.map(DurableKey.vote)
        stale += certificates.filter { $0.epoch < epoch }.map(\.durableKey)
        stale += entries.filter { $0.proposal.epoch < epoch }.map {
            DurableKey.proposal($0.proposal)
        }
        votes.removeAll { $0.epoch < epoch }
        certificates.removeAll { $0.epoch < epoch }
        entries.removeAll { $0.proposal.epoch < epoch }
        // Whoever stopped at the end of an epoch keeps what it stopped for.
        if !isHalted { evidence.removeAll { $0.first.epoch != epoch } }
    }

    /// The last final proposal is of this epoch, or it is the block that this one begins with.
    private mutating func settleTip(for configuration: Configuration) throws(RestoreError) {
        guard let tip else { return }
        func refuse(_ problem: String) -> RestoreError {
            RestoreError(key: DurableKey.lastFinal, problem: problem)
        }
        guard tip.view > 0 else {
            guard tip.block == configuration.root else {
                throw refuse("the epoch begins with another block")
            }
            return
        }
        guard let certificate = tip.certificate, certificate.kind == .finalize,
            certificate.view == tip.view, certificate.proposal == tip.proposal
        else { throw refuse("the certificate is not of this proposal") }
        guard certificate.epoch != configuration.epoch else { return }
        guard certificate.epoch < configuration.epoch, tip.block == configuration.root else {
            throw refuse("the certificate is of another epoch")
        }
        stale.append(DurableKey.lastFinal)
        self.tip = nil
    }
}
