internal import QuotaCrypto

/// A proposal above the last final one, and what is known of its block.
struct Candidate: Sendable {
    enum State: Hashable, Sendable {
        /// The parent's state or the payload is missing.
        case waiting
        /// The driver was asked.
        case executing
        /// Valid, and this node may vote for it.
        case executed
        /// Valid, but not to be voted for by this node's clock.
        case untimely
        /// Refused by the state machine, or built on what cannot become final.
        case refused
    }

    var entry: ProposalEntry
    var state: State
    /// The block it names; known once the parent's height is.
    var block: BlockID?
    /// Who sent the payload, to be named if the bytes are wrong.
    var source: Int?
    /// Whether the entry is in the durable store.
    var isDurable = false

    /// Whether the state after its block exists.
    var hasState: Bool { state == .executed || state == .untimely }
}

/// The proposals above the last final one, by identifier and by parent.
struct CandidatePool: Sendable {
    private var candidates: [Digest: Candidate] = [:]
    private var children: [Digest: [Digest]] = [:]
    /// The bytes of all payloads held.
    private(set) var payloadByteCount = 0

    subscript(id: Digest) -> Candidate? { candidates[id] }

    /// How many there are.
    var count: Int { candidates.count }

    /// The proposals that name this one as their parent, in order of arrival.
    func children(of id: Digest) -> [Digest] { children[id] ?? [] }

    mutating func insert(_ candidate: Candidate) {
        let proposal = candidate.entry.proposal
        if candidates[proposal.id] == nil {
            children[proposal.parent, default: []].append(proposal.id)
        }
        payloadByteCount -= candidates[proposal.id]?.entry.payload?.count ?? 0
        payloadByteCount += candidate.entry.payload?.count ?? 0
        candidates[proposal.id] = candidate
    }

    /// Removes every proposal of a view up to `view` and returns them in order of view and identifier.
    mutating func removeAll(through view: UInt64) -> [Candidate] {
        let removed = candidates.values.filter { $0.entry.proposal.view <= view }.sorted {
            let (left, right) = ($0.entry.proposal, $1.entry.proposal)
            return (left.view, left.id) < (right.view, right.id)
        }
        for candidate in removed {
            let proposal = candidate.entry.proposal
            candidates[proposal.id] = nil
            payloadByteCount -= candidate.entry.payload?.count ?? 0
            children[proposal.parent]?.removeAll { $0 == proposal.id }
            if children[proposal.parent]?.isEmpty == true { children[proposal.parent] = nil }
        }
        return removed
    }

    /// All proposals in order of view and identifier.
    var all: [Candidate] {
        candidates.values.sorted {
            let (left, right) = ($0.entry.proposal, $1.entry.proposal)
            return (left.view, left.id) < (right.view, right.id)
        }
    }
}
