internal import CBOR
internal import QuotaCrypto
internal import Votes

/// The durable records of a replica, read back (section 2.4).
struct DurableState: Sendable {
    var tip: FinalizedTip?
    var votes: [Vote] = []
    var entries: [ProposalEntry] = []
    /// The certificates that led from view to view above the last final one.
    var certificates: [Certificate] = []
    var evidence: [EvidencePair] = []
    var abstainUpTo: UInt64 = 0
    /// The epoch in which those views were lost.
    var abstentionEpoch: UInt64 = 0
    /// Keys of records of epochs that are over.
    var stale: [[UInt8]] = []
    /// The number of the open question of a member that lost its votes.
    var recoveryNonce: UInt64?
    var isHalted = false
    /// The finalizations of the fork that stopped this node.
    var conflict: [Certificate] = []

    /// What a replica that has not voted yet finds.
    init() {}

    /// Reads the records; one that cannot be read makes the whole store unusable.
    init(_ records: [DurableRecord], limits: Limits) throws(RestoreError) {
        for record in records {
            guard let value = record.value else { continue }
            do {
                try read(key: record.key, value: value, limits: limits)
            } catch {
                throw RestoreError(key: record.key, problem: error.description)
            }
        }
        votes.sort { ($0.view, $0.kind.rawValue) < ($1.view, $1.kind.rawValue) }
        certificates.sort { ($0.view, $0.kind.rawValue) < ($1.view, $1.kind.rawValue) }
        entries.sort { ($0.proposal.view, $0.proposal.id) < ($1.proposal.view, $1.proposal.id) }
    }

    private mutating func read(
        key: [UInt8],
        value: [UInt8],
        limits: Limits
    ) throws(MessageError) {
        if key == DurableKey.lastFinal {
            tip = try FinalizedTip.decode(value)
        } else if key == DurableKey.abstain {
            (abstentionEpoch, abstainUpTo) = try decodeStored(value) {
                (item) throws(CBORFieldError) in
                let items = try item.array(count: 2)
                return (try items[0].unsigned(), try items[1].unsigned(max: Limits.viewMax))
            }
        } else if key == DurableKey.recovery {
            recoveryNonce = try decodeStored(value) { (item) throws(CBORFieldError) in
                try item.unsigned()
            }
        } else if key == DurableKey.halt {
            isHalted = true
            conflict = try Alarm.decode(value).certificates
        } else if key.starts(with: DurableKey.votePrefix) {
            let vote = try Vote.decode(value)
            try expect(key == DurableKey.vote(vote))
            votes.append(vote)
        } else if key.starts(with: DurableKey.proposalPrefix) {
            let entry = try ProposalEntry.decode(value, limits: limits)
            try expect(key == DurableKey.proposal(entry.proposal))
            entries.append(entry)
        } else if key.starts(with: DurableKey.certificatePrefix) {
            let certificate = try Certificate.decode(value)
            try expect(key == certificate.durableKey)
            certificates.append(certificate)
        } else if key.starts(with: DurableKey.evidencePrefix) {
            let pair = try EvidencePair.decode(value)
            try expect(key == DurableKey.evidence(pair))
            evidence.append(pair)
        } else {
            throw MessageError(path: "$", problem: "unknown kind of record")
        }
    }

    private func expect(_ matches: Bool) throws(MessageError) {
        guard matches else { throw MessageError(path: "$", problem: "does not belong to its key") }
    }
}

extension Certificate {
    /// The key of its record.
    var durableKey: [UInt8] { DurableKey.certificate(kind, of: view, epoch: epoch) }
}
