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
    /// How each epoch before ended.
    private(set) var seals: [ToyLink] = []
    /// What made the last block final; nil where it sealed an epoch.
    private(set) var tip: ToyLink?
    /// The epoch and the view of the snapshot that the final proposals go on from.
    private(set) var base: [UInt64] = [0, 0]
    /// Verified parts of a snapshot that is not whole yet, by place.
    var incoming: [[UInt8]: [UInt8]] = [:]

    /// The same in an order that means nothing.
    var keptParts: [(place: [UInt8], bytes: [UInt8])] {
        incoming.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { ($0.key, $0.value) }
    }
    /// The last block, and the one under it.
    private var lastBlock: (parent: Digest, payload: [UInt8])?
    /// The crash left part of a record at the end.
    var hasTornTail = false

    /// The last view of the present epoch whose outcome is final here.
    var finalView: UInt64 {
        guard let last = (finals.last?.entry ?? tip?.entry)?.proposal, last.epoch == applied.epoch
        else { return 0 }
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
        var parent = applied.block.digest
        for final in commit.proposals {
            guard let payload = final.entry.payload else { continue }
            lastBlock = (parent, payload)
            parent = final.block.digest
        }
        tip = commit.proposals.last.flatMap { last in
            lastBlock.map { ToyLink(last.entry, parent: $0.parent, payload: $0.payload) }
        }
        if let tip, state.epoch > applied.epoch {
            seals.append(tip)
            self.tip = nil
        }
        finals += commit.proposals
        applied = state
    }

    /// One transaction: a verified snapshot in the place of the state, and what the replica goes on from.
    mutating func install(_ proof: ToyProof, state: ToyState) {
        finals = []
        seals = proof.seals
        tip = proof.tip
        base = [proof.epoch, proof.tip?.entry.proposal.view ?? 0]
        lastBlock = (proof.last.parent, proof.last.payload)
        incoming = [:]
        applied = state
        write([DurableRecord(key: DurableKey.lastFinal, value: proof.finalizedTip?.encoded())])
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
            seals = []
            tip = nil
            base = [0, 0]
            lastBlock = nil
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
    ///
    /// With `servesGaps` also about what was before the snapshot, which it lacks.
    func load(_ request: LoadRequest, servesGaps: Bool) -> [ProposalEntry] {
        switch request.key {
        case .proposal(let id):
            return finals.filter { $0.entry.proposal.id == id }.map(\.entry)
        case .seal(let epoch):
            let entry =
                finals.last { $0.entry.proposal.epoch == epoch }?.entry
                ?? seals.last { $0.entry.proposal.epoch == epoch }?.entry
            return entry.map { [$0] } ?? []
        case .finalized(let epoch, let after):
            guard servesGaps || ![epoch, after].lexicographicallyPrecedes(base) else { return [] }
            // Small answers, so that catching up takes several.
            return finals.map(\.entry)
                .filter { $0.proposal.epoch == epoch && $0.proposal.view > after }
                .prefix(6).map { $0 }
        }
    }
}
