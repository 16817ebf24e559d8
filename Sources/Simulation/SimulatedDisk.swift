internal import Consensus
internal import QuotaCrypto

/// What a simulated node finds again after a crash, and nothing else.
struct SimulatedDisk: Sendable {
    /// The replica's records by key.
    private(set) var records: [[UInt8]: [UInt8]] = [:]
    /// The final proposals, in order of views.
    private(set) var finals: [Commit.Final] = []
    /// The state after the last final block.
    private(set) var applied = ToyState.genesis

    mutating func write(_ changes: [DurableRecord]) {
        for change in changes { records[change.key] = change.value }
    }

    /// One transaction: entries, state and records.
    mutating func write(_ commit: Commit, state: ToyState) {
        finals += commit.proposals
        applied = state
        write(commit.records)
    }

    /// The records as a driver hands them back, in an order that means nothing.
    var restorable: [DurableRecord] {
        records.keys.sorted { $0.lexicographicallyPrecedes($1) }.map {
            DurableRecord(key: $0, value: records[$0])
        }
    }

    /// Answers `Effect.load`.
    func load(_ request: LoadRequest) -> [ProposalEntry] {
        switch request.key {
        case .proposal(let id):
            return finals.filter { $0.entry.proposal.id == id }.map(\.entry)
        case .finalized(let after):
            // Small answers, so that catching up takes several.
            return finals.filter { $0.entry.proposal.view > after }.prefix(6).map(\.entry)
        }
    }
}
