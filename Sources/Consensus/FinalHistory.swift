internal import QuotaCrypto
import Votes

/// Which proposals became final in the last views, to notice a finalization that contradicts them.
struct FinalHistory: Sendable {
    /// Views above this one are known, up to the last final one.
    private var floor: UInt64
    private var proposals: [UInt64: Digest] = [:]
    private var top: UInt64

    init(_ tip: FinalizedTip) {
        floor = tip.view - min(tip.view, 1)
        top = tip.view
        proposals[tip.view] = tip.proposal
    }

    /// Adds the chain that became final up to the last proposal in `chain`, and forgets all views
    /// more than `depth` below.
    mutating func append(_ chain: [Proposal], depth: UInt64) {
        for proposal in chain { proposals[proposal.view] = proposal.id }
        top = chain.last?.view ?? top
        let newFloor = max(floor, top - min(top, depth))
        for view in stride(from: floor, through: newFloor, by: 1) where view <= newFloor {
            proposals[view] = nil
        }
        floor = newFloor
    }

    /// Whether the certificate makes a proposal final that is not the final one of its view.
    func isContradicted(by certificate: Certificate) -> Bool {
        certificate.kind == .finalize && certificate.view > floor && certificate.view <= top
            && proposals[certificate.view] != certificate.proposal
    }
}
