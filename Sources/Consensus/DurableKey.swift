internal import QuotaCrypto
package import Votes

/// The keys of the durable store: a readable prefix, then numbers that order as the views do.
package enum DurableKey {
    package static let lastFinal = Array("last-final".utf8)
    static let abstain = Array("abstain".utf8)
    package static let recovery = Array("recovery".utf8)
    static let halt = Array("halt".utf8)
    package static let votePrefix = Array("vote/".utf8)
    static let proposalPrefix = Array("proposal/".utf8)
    static let certificatePrefix = Array("certificate/".utf8)
    static let evidencePrefix = Array("evidence/".utf8)

    package static func vote(_ vote: Vote) -> [UInt8] {
        var key = votePrefix
        key.append(bigEndian: vote.epoch)
        key.append(bigEndian: vote.view)
        key.append(vote.kind.rawValue)
        return key
    }

    static func proposal(_ proposal: Proposal) -> [UInt8] {
        var key = proposalPrefix
        key.append(bigEndian: proposal.epoch)
        key.append(bigEndian: proposal.view)
        proposal.id.append(to: &key)
        return key
    }

    static func certificate(_ kind: VoteKind, of view: UInt64, epoch: UInt64) -> [UInt8] {
        var key = certificatePrefix
        key.append(bigEndian: epoch)
        key.append(bigEndian: view)
        key.append(kind.rawValue)
        return key
    }

    package static func evidence(_ pair: EvidencePair) -> [UInt8] {
        var key = evidencePrefix
        key.append(bigEndian: pair.first.epoch)
        key.append(bigEndian: pair.first.view)
        key.append(bigEndian: UInt64(pair.member))
        return key
    }
}
