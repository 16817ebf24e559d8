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
    /// Writes that came through.
    private(set) var sequence: UInt64 = 0
    /// Keys of records whose checksum fails when they are read.
    private(set) var damaged: Set<[UInt8]> = []
    /// The crash left part of a record at the end.
    var hasTornTail = false

    /// The last view of the present epoch whose outcome is final here.
    var finalView: UInt64 {
        guard let last = finals.last?.entry.proposal, last.epoch == applied.epoch else { return 0 }
        return last.view
    }

    mutating func write(_ changes: [DurableRecord], keepingStale isStale: Bool = false) {
        sequence += 1
        for change in changes {
            if isStale, change.value == nil { continue }
            records[change.key] = change.value
            damaged.remove(change.key)
        }
    }

    /// One transaction: entries, state and records.
    mutating func write(_ commit: Commit, state: ToyState, keepingStale isStale: Bool = false) {
        writeLedger(commit, state: state)
        write(commit.records, keepingStale: isStale)
    }

    /// The half of a commit that a correct driver never writes alone.
    mutating func writeLedger(_ commit: Commit, state: ToyState) {
        finals += commit.proposals
        applied = state
    }

    /// The records as a driver hands them back, in an order that means nothing.
    var restorable: [DurableRecord] {
        records.keys.sorted { $0.lexicographicallyPrecedes($1) }.map {
            DurableRecord(key: $0, value: records[$0])
        }
    }

    /// Damages a record, drawn by number.
    ///
    /// - Returns: Whether there is one.
    mutating func damage(recordNumber number: UInt64) -> Bool {
        let keys = records.keys.sorted { $0.lexicographicallyPrecedes($1) }
        guard !keys.isEmpty else { return false }
        damaged.insert(keys[Int(number % UInt64(keys.count))])
        return true
    }

    /// Damages the record of a key.
    mutating func damage(_ key: [UInt8]) { damaged.insert(key) }

    /// The records as a driver hands them back if one is read in place of another, drawn by number.
    ///
    /// - Returns: The key of the record that is not itself; nil where all records say the same.
    func misread(recordNumber number: UInt64) -> (key: [UInt8], records: [DurableRecord])? {
        var read = restorable
        guard read.count > 1 else { return nil }
        let index = Int(number % UInt64(read.count))
        let other = read[(index + 1) % read.count]
        guard read[index].value != other.value else { return nil }
        read[index] = DurableRecord(key: read[index].key, value: other.value)
        return (read[index].key, read)
    }

    /// Leaves out what is damaged, which no driver may do.
    mutating func skipDamage() {
        for key in damaged { records[key] = nil }
        damaged = []
    }

    /// What a driver makes of a disk that lost votes: the ledger as far as it is whole, and a
    /// question to the others.
    mutating func prepareRecovery(nonce: UInt64, after mark: UInt64) {
        let isLedgerWhole = !damaged.contains(DurableKey.lastFinal)
        let intact = restorable.filter { !damaged.contains($0.key) }
        if !isLedgerWhole {
            finals = []
            applied = ToyState.genesis
        }
        records = [:]
        damaged = []
        for record in DurableRecord.recovering(from: isLedgerWhole ? intact : [], nonce: nonce) {
            records[record.key] = record.value
        }
        sequence = max(sequence, mark) + 1
    }

    /// Answers `Effect.load`.
    func load(_ request: LoadRequest) -> [ProposalEntry] {
        switch request.key {
        case .proposal(let id):
            return finals.filter { $0.entry.proposal.id == id }.map(\.entry)
        case .seal(let epoch):
            return finals.last { $0.entry.proposal.epoch == epoch }.map { [$0.entry] } ?? []
        case .finalized(let epoch, let after):
            // Small answers, so that catching up takes several.
            return finals.map(\.entry)
                .filter { $0.proposal.epoch == epoch && $0.proposal.view > after }
                .prefix(6).map { $0 }
        }
    }
}
