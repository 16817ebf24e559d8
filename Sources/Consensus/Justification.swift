import Votes

/// Why a proposal may stand on its parent: the parent is certified, and every view between is not.
///
/// It travels with the proposal and is stored for ever, but is not part of its identifier. It heals
/// members that lack one of the certificates, and makes guilt provable from two chains alone.
public struct Justification: Hashable, Sendable {
    /// A notarization or finalization of the parent; nil if the parent is the root of the epoch.
    public let parent: Certificate?
    /// A nullification of each view between the parent's and the proposal's, ascending.
    public let nullifications: [Certificate]

    /// Gathers the certificates.
    public init(parent: Certificate?, nullifications: [Certificate]) {
        self.parent = parent
        self.nullifications = nullifications
    }

    /// All certificates, the parent's first.
    public var certificates: [Certificate] {
        (parent.map { [$0] } ?? []) + nullifications
    }

    /// Whether the certificates are the ones `proposal` needs; their signatures are not checked here.
    package func covers(_ proposal: Proposal) -> Bool {
        guard proposal.view > proposal.parentView, coversParent(of: proposal) else { return false }
        let skipped = proposal.view - proposal.parentView - 1
        guard UInt64(nullifications.count) == skipped else { return false }
        return nullifications.enumerated().allSatisfy { offset, certificate in
            certificate.kind == .nullify && certificate.epoch == proposal.epoch
                && certificate.view == proposal.parentView + 1 + UInt64(offset)
        }
    }

    private func coversParent(of proposal: Proposal) -> Bool {
        guard let parent else { return proposal.parentView == 0 }
        return parent.kind != .nullify && parent.epoch == proposal.epoch
            && parent.view == proposal.parentView && parent.proposal == proposal.parent
            && proposal.parentView > 0
    }
}
