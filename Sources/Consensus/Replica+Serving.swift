internal import QuotaCrypto

extension Replica {
    /// Answers a question of a member from memory, or has the driver read the store.
    mutating func onFetch(_ key: FetchKey, from member: Int) {
        switch key {
        case .proposal(let id):
            guard let candidate = pool[id] else { break }
            // Bytes that were not executed may be a liar's, and would be blamed on this member.
            guard candidate.hasState || !follows(.servesCheckedBytes) else { break }
            let view = candidate.entry.proposal.view
            let finalization = rounds[view]?.finalization
            let isItsOwn = finalization?.proposal == id
            let entry = candidate.entry.with(finalization: isItsOwn ? finalization : nil)
            return emit(.send(to: member, .proposals(key, [entry])))
        case .seal: return
        case .finalized(let epoch, let after):
            guard epoch == configuration.epoch, after >= finalized.view else { break }
            return emit(.send(to: member, .proposals(key, [])))
        }
        guard peers[member].loadCount < Replica.loadsPerPeerMax else { return }
        peers[member].loadCount += 1
        emit(.load(LoadRequest(peer: member, key: key, bytesMax: limits.answerBytesMax)))
    }

    /// The driver's answer to `Effect.load`.
    mutating func loaded(_ request: LoadRequest, _ entries: [ProposalEntry]) {
        guard let peer = request.peer else {
            guard case .finalized(let epoch, let floor) = request.key else { return }
            return judge(epoch, after: floor, by: entries)
        }
        guard peers.indices.contains(peer) else { return }
        peers[peer].loadCount -= min(1, peers[peer].loadCount)
        if case .seal = request.key { return handOver(entries.last, to: peer) }
        emit(.send(to: peer, .proposals(request.key, fitting(entries))))
    }

    /// As many entries from the front as one message can carry.
    private func fitting(_ entries: [ProposalEntry]) -> [ProposalEntry] {
        var byteCount = 0
        return Array(
            entries.prefix(Replica.entriesPerAnswerMax).prefix { entry in
                byteCount += entry.approximateByteCount
                return byteCount <= limits.messageBytesMax - Replica.envelopeByteCount
            }
        )
    }

    /// Questions of one member that the driver may be reading answers for.
    static let loadsPerPeerMax = 4
    /// Entries in one answer.
    private static let entriesPerAnswerMax = 1_024
    /// Room for what surrounds the entries of an answer.
    private static let envelopeByteCount = 1 << 10
}

extension ProposalEntry {
    /// The size of the encoding, rounded up.
    fileprivate var approximateByteCount: Int {
        let certificates =
            justification.certificates + (finalization.map { [$0] } ?? [])
        return 256 + (payload?.count ?? 0)
            + certificates.reduce(0) { $0 + $1.approximateByteCount }
    }
}

extension Certificate {
    /// The size of the encoding, rounded up.
    var approximateByteCount: Int {
        128 + signatures.count * Ed25519.signatureByteCount
    }
}
