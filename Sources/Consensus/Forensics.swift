internal import QuotaCrypto
public import Votes

/// Who must have lied if two chains of final proposals contradict each other (section 2.8).
///
/// Needs nothing but the two chains: no transcript, no witness, no interview. Where one chain has a
/// finalization of proposal a in view v, the other chain either skips v, and then a later proposal
/// carries a nullification of v (I2), or it has another proposal in v, which its child or its own
/// finalization certifies (I1 and I3). Two quorums share at least f + 1 members, and each of those
/// signed both.
public enum Forensics {
    /// The pairs of votes by which two chains convict their common signers.
    ///
    /// - Parameters:
    ///   - left: Proposals of one chain in ascending order of views without gaps, each with its
    ///     justification; the last with its finalization.
    ///   - right: The same of the other chain.
    /// - Returns: One pair a member, members ascending; none if neither chain contradicts the other.
    ///   Signatures are not checked here.
    public static func evidence(
        _ left: [ProposalEntry],
        _ right: [ProposalEntry]
    ) -> [EvidencePair] {
        let found = pairs(finalIn: left, against: right) + pairs(finalIn: right, against: left)
        var pairs: [EvidencePair] = []
        for pair in found.sorted(by: isBefore)
        where pair.member != pairs.last?.member {
            pairs.append(pair)
        }
        return pairs
    }

    private static func pairs(
        finalIn chain: [ProposalEntry],
        against other: [ProposalEntry]
    ) -> [EvidencePair] {
        chain.compactMap(\.finalization).flatMap { evidence(of: $0, in: other) }
    }

    private static func isBefore(_ left: EvidencePair, _ right: EvidencePair) -> Bool {
        (left.member, left.first.epoch, left.first.view)
            < (right.member, right.first.epoch, right.first.view)
    }

    /// The pairs of votes by which a finalization and a chain that contradicts it convict those who
    /// signed both.
    ///
    /// - Parameters:
    ///   - finalization: The finalization.
    ///   - chain: From its view on, or with the first proposal above it.
    /// - Returns: None if the chain does not contradict it. Signatures are not checked here.
    public static func evidence(
        of finalization: Certificate,
        in chain: [ProposalEntry]
    ) -> [EvidencePair] {
        contradictions(of: finalization, in: chain).flatMap { pairs(finalization, $0) }
    }

    /// The certificates of a chain that no quorum of correct members issues beside a finalization.
    private static func contradictions(
        of finalization: Certificate,
        in chain: [ProposalEntry]
    ) -> [Certificate] {
        chain.flatMap { entry -> [Certificate] in
            let certificates =
                entry.justification.certificates + (entry.finalization.map { [$0] } ?? [])
            return certificates.filter {
                $0.view == finalization.view && $0.epoch == finalization.epoch
                    && $0.proposal != finalization.proposal
            }
        }
    }

    /// What two certificates of one view prove of those who signed both.
    public static func pairs(_ left: Certificate, _ right: Certificate) -> [EvidencePair] {
        left.signatures.compactMap { signature in
            right.signatures.first { $0.member == signature.member }.flatMap { other in
                EvidencePair(left.vote(signature), right.vote(other))
            }
        }
    }
}

extension Certificate {
    /// A signature of this certificate as the vote it was.
    func vote(_ signature: Signature) -> Vote {
        Vote(
            epoch: epoch,
            kind: kind,
            view: view,
            proposal: proposal,
            member: signature.member,
            signature: signature.bytes
        )
    }
}
