internal import QuotaCrypto
internal import Votes

/// I6 across a seal, and at rest: a fork shows only if somebody compares.
///
/// Nobody votes any more in an epoch that is over, and who rests says nothing but where it stands. So
/// members show each other what they made final, one at a time.
extension Replica {
    /// Shows one member, the next in turn, the finalization that ended the epoch before, and at rest
    /// the last one.
    ///
    /// Who made the same final drops it by its name; who did not stops and tells everybody.
    mutating func showEnds() {
        let others = peers.indices.filter { $0 != ownIndex }
        guard !others.isEmpty, follows(.endsAreShown) else { return }
        showTurn = (showTurn + 1) % others.count
        let member = others[showTurn]
        showSeal(to: member)
        guard !hasWork, let certificate = finalized.certificate else { return }
        emit(.send(to: member, .certificate(certificate)))
    }

    /// Shows the finalization that ended the epoch before to a member that stands in this one.
    mutating func showSeal(to member: Int) {
        guard follows(.endsAreShown), peers[member].status != nil,
            let certificate = ended?.tip.certificate
        else { return }
        emit(.send(to: member, .certificate(certificate)))
    }

    /// A certificate of another epoch: one that ended the epoch before here says nothing new.
    ///
    /// In a later view than that of the end here it may be of an echo of the same block, which only the
    /// proposal tells. If it was only shown, and not told in a bundle as by whoever stopped at a fork, that
    /// is left to its sender, whom this node shows the earlier one: who rests asks nothing.
    mutating func onForeign(_ certificate: Certificate, from member: Int, isTold: Bool = false) {
        guard let ended, follows(.finalityIsFinal), certificate.kind == .finalize,
            certificate.epoch + 1 == configuration.epoch,
            certificate.proposal != ended.tip.proposal,
            isTold || certificate.view <= ended.tip.view,
            !judgedEnds.contains(certificate.proposal), now >= peers[member].nextDispute
        else { return }
        peers[member].nextDispute = now + timeouts.bundlePause
        guard
            certificate.isValid(
                for: ended.committee,
                chainID: configuration.chainID,
                verifier: ended.verifier
            )
        else {
            return reject(member, .badCertificate(.finalize, view: certificate.view))
        }
        peers[member].dispute = certificate
        guard certificate.view <= ended.tip.view else {
            return emit(.send(to: member, .fetch(certificate.proposal)))
        }
        loadOwn(from: certificate)
    }

    /// What this node made final itself in the view of a finalization and above.
    private mutating func loadOwn(from certificate: Certificate) {
        let key = FetchKey.finalized(epoch: certificate.epoch, after: certificate.view - 1)
        emit(.load(LoadRequest(peer: nil, key: key, bytesMax: limits.answerBytesMax)))
    }

    /// Looks in the own chain for those whose votes made a fork of this epoch.
    ///
    /// Of two halves at least the one that came farther finds them.
    mutating func investigate() {
        for certificate in conflict
        where certificate.epoch == configuration.epoch && certificate.view <= finalized.view {
            loadOwn(from: certificate)
        }
    }

    /// The answer to `loadOwn`.
    mutating func judge(_ epoch: UInt64, after floor: UInt64, by own: [ProposalEntry]) {
        guard epoch != configuration.epoch else {
            for found in conflict where found.epoch == epoch && found.view == floor + 1 {
                keep(Forensics.evidence(of: found, in: own), by: verifier)
            }
            return
        }
        for member in peers.indices {
            guard let found = peers[member].dispute, found.view == floor + 1 else { continue }
            peers[member].dispute = nil
            // A store that begins with a snapshot does not know.
            guard let first = own.first else { continue }
            if first.proposal.id == found.proposal {
                noteJudged(found)
            } else {
                halt(atEnd: found, Forensics.evidence(of: found, in: own))
            }
        }
    }

    /// The proposal of a disputed finalization in a view in which nothing became final here any more.
    ///
    /// Of an earlier view the own chain tells, which is being read: there another block is no fork.
    ///
    /// - Returns: Whether it was that.
    mutating func judgeDispute(by entry: ProposalEntry, from member: Int) -> Bool {
        guard let found = peers[member].dispute, entry.proposal.id == found.proposal,
            let certificate = ended?.tip.certificate,
            found.view > certificate.view || !follows(.ownChainJudges)
        else { return false }
        peers[member].dispute = nil
        if entry.proposal.block == configuration.root.digest {
            noteJudged(found)
        } else {
            halt(atEnd: found, Forensics.evidence(of: certificate, in: [entry]))
        }
        return true
    }

    /// Members differ in which echo of the seal they saw final: each is judged once.
    private mutating func noteJudged(_ found: Certificate) {
        judgedEnds.append(found.proposal)
        if judgedEnds.count > Replica.judgedEndsMax { judgedEnds.removeFirst() }
    }

    private mutating func halt(atEnd found: Certificate, _ pairs: [EvidencePair]) {
        guard let ended else { return }
        noteJudged(found)
        keep(pairs, by: ended.verifier)
        halt(.conflictingFinality(held: ended.tip.certificate, found: found))
    }

    private mutating func keep(_ pairs: [EvidencePair], by verifier: any VoteVerifier) {
        for pair in pairs where pair.isValid(chainID: configuration.chainID, verifier: verifier) {
            keep(pair)
        }
    }

    /// How many finalizations that were judged are remembered.
    private static let judgedEndsMax = 64
}
