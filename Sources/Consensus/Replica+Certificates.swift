internal import QuotaCrypto
import Votes

extension Replica {
    /// 2.5 `onCert`, first half: checks a certificate from a member and queues it.
    ///
    /// - Returns: The certificate to store and pass on: the one already held if it says the same, as
    ///   that one was checked; nil if this one is not genuine, which names the sender.
    mutating func settle(_ certificate: Certificate, from member: Int) -> Certificate? {
        guard isOfThisEpoch(certificate) else { return nil }
        if let held = held(certificate) { return held }
        let isGenuine = certificate.isValid(
            for: committee,
            chainID: configuration.chainID,
            verifier: verifier
        ) { isKnown($0, in: certificate) }
        guard isGenuine else {
            reject(member, .badCertificate(certificate.kind, view: certificate.view))
            return nil
        }
        arrivals.append(certificate)
        return certificate
    }

    /// A checked certificate that says the same.
    private func held(_ certificate: Certificate) -> Certificate? {
        if let final = finalized.certificate, final.certifiesTheSame(as: certificate) {
            return final
        }
        let round = rounds[certificate.view]
        let queued = arrivals.first { $0.certifiesTheSame(as: certificate) }
        guard let held = round?.certificate(certificate.kind) ?? queued,
            held.certifiesTheSame(as: certificate)
        else { return nil }
        return held
    }

    /// Whether the same signature was checked as a single vote.
    private func isKnown(_ signature: Certificate.Signature, in certificate: Certificate) -> Bool {
        guard let ballot = rounds[certificate.view]?[certificate.kind, signature.member] else {
            return false
        }
        return ballot.isVerified && ballot.vote.proposal == certificate.proposal
            && ballot.vote.signature == signature.bytes
    }

    /// Applies the certificates that arrived or that votes completed, moves on the candidates that
    /// waited, and goes on with what follows from it until nothing is left.
    mutating func drain() {
        while true {
            if !arrivals.isEmpty {
                apply(arrivals.removeFirst())
            } else if !unblocked.isEmpty {
                advance(unblocked.removeFirst())
            } else {
                return
            }
        }
    }

    /// 2.5 `onCert`, second half.
    private mutating func apply(_ certificate: Certificate) {
        let certified = certificate.view
        checkFinality(certificate)
        guard certified > finalized.view,
            round(certified).certificate(certificate.kind) == nil,
            follows(.certificatesHealSplits) || !contradictsHeld(certificate)
        else { return }
        withRound(certified) { $0.keep(certificate) }
        absorbVotes(of: certificate)
        keep(certificate)
        switch certificate.kind {
        case .notarize:
            highestNotarizedView = max(highestNotarizedView, certified)
            enter(certified + 1)
            finalize(certified)
            require(certificate.proposal, in: certified)
        case .nullify:
            enter(certified + 1)
        case .finalize:
            finalizations.append(certified)
            finalizations.sort()
            enter(certified + 1)
            require(certificate.proposal, in: certified)
            commit()
            catchUp()
        }
        forward(certificate)
        propose()
    }

    /// Whether the view was left by the other kind of certificate; no reason to refuse this one.
    private func contradictsHeld(_ certificate: Certificate) -> Bool {
        let round = round(certificate.view)
        return switch certificate.kind {
        case .notarize: round.nullification != nil
        case .nullify: round.notarization != nil
        case .finalize: false
        }
    }

    /// Remembers to make a certificate durable, which waits for the next vote.
    ///
    /// Whoever finalized may never nullify: only the notarization leads out of the view, also after a
    /// crash in which everybody else forgot it. And whoever voted may not be able to vote for the end
    /// of the views below once more: if all forget those in a power cut, and one loses its votes,
    /// nobody could ever again prove that they were given up.
    private mutating func keep(_ certificate: Certificate) {
        switch certificate.kind {
        case .notarize where follows(.notarizationDurableWithFinalize),
            .nullify where follows(.nullificationsDurableWithVote):
            unsaved.append(certificate)
        case .notarize, .nullify, .finalize: break
        }
        // Views are forgotten in a crash, the abstention of a recovered member is not: without what
        // led past it, a power cut makes every member that ever recovered abstain again, and these
        // may be more than f together.
        if abstainUpTo >= view, certificate.view >= abstainUpTo {
            mustSave = follows(.recoveryKeepsWayOut)
        }
    }

    /// Adds the certificates to the records of a step that has some.
    mutating func saveCertificates() {
        guard !unsaved.isEmpty, mustSave || !records.isEmpty else { return }
        mustSave = false
        for certificate in unsaved {
            persist(certificate.durableKey, certificate.encoded())
            withRound(certificate.view) { $0.saved.append(certificate.kind) }
        }
        unsaved = []
    }

    /// Counts the signatures of a certificate as votes: two certificates can convict f + 1 at once.
    private mutating func absorbVotes(of certificate: Certificate) {
        for signature in certificate.signatures {
            let held = ballot(certificate.kind, in: certificate.view, of: signature.member)
            guard held?.isVerified != true || held?.vote.proposal != certificate.proposal else {
                continue
            }
            tally(Ballot(vote: certificate.vote(signature), isVerified: true))
        }
    }

    /// To the next leader, who needs it to propose; the others hear of it from votes and proposals.
    private mutating func forward(_ certificate: Certificate) {
        guard certificate.kind != .finalize, certificate.view + 1 == view else { return }
        let leader = committee.leader(of: view)
        guard leader != ownIndex, ownIndex != nil else { return }
        emit(.send(to: leader, .certificate(certificate)))
    }

    /// 2.5 `onCert` for a certificate on its own.
    mutating func onCertificate(_ certificate: Certificate, from member: Int) {
        guard isOfThisEpoch(certificate) else { return onForeign(certificate, from: member) }
        guard !isStale(certificate) else { return }
        _ = settle(certificate, from: member)
    }

    /// I6, first case: a second finalization in a view that has one, or in one the final chain skips.
    private mutating func checkFinality(_ certificate: Certificate) {
        guard certificate.kind == .finalize else { return }
        let pending = rounds[certificate.view]?.finalization
        let contradictsPending = pending.map { !$0.certifiesTheSame(as: certificate) } ?? false
        guard contradictsPending || history.isContradicted(by: certificate),
            follows(.finalityIsFinal)
        else { return }
        halt(.conflictingFinality(held: pending ?? lastFinalization, found: certificate))
    }

    func isOfThisEpoch(_ certificate: Certificate) -> Bool {
        certificate.epoch == configuration.epoch || !follows(.certificatesOfOneEpoch)
    }

    /// 2.5 `onCert`: a certificate of a closed view says nothing new, unless it contradicts.
    func isStale(_ certificate: Certificate) -> Bool {
        certificate.view <= finalized.view && !history.isContradicted(by: certificate)
    }

    /// I6: stops voting for good, keeps the proof and tells, so that those on the other side of a fork
    /// stop too.
    mutating func halt(_ alarm: Alarm) {
        guard !isHalted else { return }
        disarm()
        isHalted = true
        persist(DurableKey.halt, alarm.encoded())
        emit(.alarm(alarm))
        guard follows(.alarmIsTold) else { return }
        conflict = alarm.certificates
        investigate()
        for certificate in conflict { emit(.broadcast(.certificate(certificate))) }
    }
}
