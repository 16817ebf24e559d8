internal import CBOR

/// What a member that lost its votes has learnt from the others so far (section 2.9).
struct Recovery: Sendable {
    /// Marks the answers to this question.
    let nonce: UInt64
    /// The proven view of each member that answered.
    var views: [UInt64?]

    init(nonce: UInt64, memberCount: Int) {
        self.nonce = nonce
        views = Array(repeating: nil, count: memberCount)
    }
}

extension Replica {
    /// Whether it lost its votes and does not know yet from which view on it may vote.
    public var isRecovering: Bool { recovery != nil }

    /// Asks every other member in which view it is, and for the proof.
    mutating func askForStandings() {
        guard let recovery else { return }
        emit(.broadcast(.recover(nonce: recovery.nonce)))
    }

    /// 2.9 rule 3: only who may vote answers, and only from at or above its own highest vote, since
    /// after a restart it may know less than it once signed.
    mutating func onRecover(_ nonce: UInt64, from member: Int) {
        guard ownIndex != nil, now >= peers[member].nextStanding,
            view > abstainUpTo || !follows(.abstainersDoNotAnswer),
            view >= highestOwnVote || !follows(.answersReachOwnVotes)
        else { return }
        peers[member].nextStanding = now + timeouts.recoveryPause
        let standing = Standing(
            epoch: configuration.epoch,
            nonce: nonce,
            view: view,
            certificate: entryCertificate
        )
        emit(.send(to: member, .standing(standing)))
    }

    /// The certificate that let this node enter its view; nil in the first one.
    private var entryCertificate: Certificate? {
        guard view > finalized.view + 1 else { return finalized.certificate }
        let round = rounds[view - 1]
        return round?.finalization ?? round?.notarization ?? round?.nullification
    }

    /// 2.9 rules 2 and 4: only certified answers of others count.
    mutating func onStanding(_ standing: Standing, from member: Int) {
        guard let recovery, standing.nonce == recovery.nonce || !follows(.recoveryAnswersAreFresh)
        else { return }
        // Who stands in another epoch says nothing of this one's views.
        guard standing.epoch == configuration.epoch || !follows(.standingsOfOneEpoch),
            member < committee.count
        else { return }
        guard standing.isProven else {
            return reject(member, .badStanding(view: standing.view))
        }
        if let certificate = standing.certificate {
            guard settle(certificate, from: member) != nil else { return }
        }
        let known = recovery.views[member] ?? 0
        self.recovery?.views[member] = max(known, standing.view)
        concludeRecovery()
    }

    /// 2.9 rule 4: the last lost vote was at most one view above the highest proven one.
    private mutating func concludeRecovery() {
        guard let views = recovery?.views else { return }
        let answers = views.compactMap { $0 }
        let needed = follows(.recoveryAsksQuorum) ? committee.quorum : committee.faultyMax
        guard answers.count >= needed, let highest = answers.max() else { return }
        recovery = nil
        abstainUpTo = follows(.recoverySkipsView) ? highest + 1 : highest
        persist(DurableKey.abstain, abstention)
        persist(DurableKey.recovery, nil)
    }

    /// 2.9 rule 5: until this member, or one that says so, may vote again, there is work.
    var isRecoveryOpen: Bool {
        (ownIndex != nil && abstainUpTo >= view)
            || (follows(.recoveryIsWork)
                && peers.contains { $0.walkUpTo >= view && now < $0.walkEnd })
    }

    /// A member abstains in this view or one of the next two: walk on for it, but not at its whim.
    mutating func noteRecovery(of member: Int) {
        guard let status = peers[member].status, status.view <= status.abstainUpTo,
            member < committee.count, (view...view + 2).contains(status.abstainUpTo),
            status.abstainUpTo > peers[member].walkUpTo, now >= peers[member].nextWalk
        else { return }
        peers[member].walkUpTo = status.abstainUpTo
        peers[member].walkEnd = now + timeouts.recoveryWalk
        peers[member].nextWalk = now + timeouts.recoveryWalkPause
    }
}

extension DurableRecord {
    /// What the store of a member must hold before it starts again, if it lost votes or cannot know
    /// that it lost none: a replaced or damaged disk, a restored backup.
    ///
    /// The member then asks the others, votes in no view in which it may have voted before, and until
    /// then counts as one of the f faulty ones.
    ///
    /// - Parameters:
    ///   - records: What is left and readable; the ledger's last final block must agree with it.
    ///   - nonce: A number that no earlier recovery of this member used, best a random one.
    /// - Returns: The whole new content of the store.
    public static func recovering(
        from records: [DurableRecord] = [],
        nonce: UInt64
    ) -> [DurableRecord] {
        let kept = records.filter { record in
            record.key == DurableKey.lastFinal || record.key == DurableKey.halt
                || record.key.starts(with: DurableKey.evidencePrefix)
        }
        let question = DurableRecord(
            key: DurableKey.recovery,
            value: CBORValue.unsigned(nonce).encoded()
        )
        return kept + [question]
    }
}
