internal import Consensus
internal import QuotaCrypto

extension World {
    mutating func write(_ write: SimulatedNode.Write, of node: Int) {
        if !nodes[node].isByzantine { lastActivity = now }
        if now < nodes[node].fullUntil {
            count(.fullDisk)
            // 6.1 A21: what cannot be stored is not sent; the process ends.
            return crash(node, restartAfter: nodes[node].fullUntil - now)
        }
        nodes[node].write = write
        var delay = random.number(below: (phase == .whole ? 2 : plan.writeMax) + 1)
        if nodes[node].stallsNextWrite {
            nodes[node].stallsNextWrite = false
            count(.stalledDisk)
            delay = 5_000
        }
        if delay > 4 { count(.slowDisk) }
        if nodes[node].diesInCommit, case .commit = write {
            count(.crashInCommit)
            return crash(node, restartAfter: 50 + random.number(below: 3_000))
        }
        events.add(.written(node: node, life: nodes[node].life), at: now + delay)
    }

    mutating func finishWrite(of node: Int) {
        guard let write = nodes[node].write else { return }
        if nodes[node].failsNextSync { return failSync(of: node) }
        nodes[node].write = nil
        let before = keepsPrevious ? nodes[node].disk : nil
        if options.scenario == .sealAmnesia, case .commit = write {
            nodes[node].backup = nodes[node].disk
        }
        apply(write, of: node)
        if let before { loseRename(of: node, before: before) }
        nodes[node].mark = nodes[node].disk.sequence
        if nodes[node].diesAfterWrite {
            count(.crashAfterPersist)
            return crash(node, restartAfter: 50 + random.number(below: 3_000))
        }
        if case .commit = write { succeed(node) }
        pump(node)
    }

    /// Whether a write that seemed durable may vanish in the next crash.
    private var keepsPrevious: Bool {
        defects.includes(.renameWithoutSync) || (plan.includes(.lostRename) && phase == .safety)
    }

    /// The new file is there, and the directory still names the old one: seen in the next crash.
    private mutating func loseRename(of node: Int, before: SimulatedDisk) {
        if defects.includes(.renameWithoutSync) {
            nodes[node].shadow = before
        } else if random.number(below: 200) == 0, nodes[node].shadow == nil, mayLoseVotes(node) {
            nodes[node].hasLostVotes = true
            nodes[node].shadow = before
            events.add(.strike(.crash(node, restartAfter: 500)), at: now + 1)
            count(.lostRename)
        }
    }

    /// 2.6: after a failed sync nobody knows what the disk holds; the process ends.
    private mutating func failSync(of node: Int) {
        nodes[node].failsNextSync = false
        count(.syncError)
        guard defects.includes(.syncErrorIgnored) else {
            return crash(node, restartAfter: 100 + random.number(below: 2_000))
        }
        if nodes[node].shadow == nil { nodes[node].shadow = nodes[node].disk }
        finishWrite(of: node)
    }

    /// What the disk holds once a write has come through, or has by luck before a crash.
    mutating func apply(_ write: SimulatedNode.Write, of node: Int) {
        let isStale = plan.includes(.staleRecords) && random.number(below: 4) == 0
        switch write {
        case .records(let records):
            nodes[node].disk.write(records)
        case .commit(let commit):
            guard let state = nodes[node].state(after: commit.tip.block) else {
                return oracle.fail("reducer", "member \(node) commits a state it does not have")
            }
            if !nodes[node].isByzantine {
                let known = oracle.chain.count
                oracle.sees(commit, by: node, parent: nodes[node].disk.applied.block)
                if oracle.chain.count > known { countChanges(of: commit) }
            }
            if isStale { count(.staleRecords) }
            nodes[node].disk.write(commit, state: state, keepingStale: isStale)
            nodes[node].settle(commit)
            offerState(of: node)
        }
    }

    /// What reached the disk of a write that a crash interrupted: all or nothing.
    mutating func interrupt(_ write: SimulatedNode.Write, of node: Int) {
        switch (plan.includes(.lostWrite), plan.includes(.tornWrite), random.number(below: 3)) {
        case (true, _, 0): count(.lostWrite)
        case (_, true, 1):
            count(.tornWrite)
            nodes[node].disk.hasTornTail = true
        default:
            if !tearCommit(write, of: node) { apply(write, of: node) }
        }
    }

    /// Half of a commit, where a defect writes it in two parts.
    private mutating func tearCommit(_ write: SimulatedNode.Write, of node: Int) -> Bool {
        guard case .commit(let commit) = write,
            let state = nodes[node].state(after: commit.tip.block)
        else { return false }
        if defects.includes(.stateAheadOfRecords) {
            nodes[node].disk.writeLedger(commit, state: state)
            return true
        }
        if defects.includes(.recordsAheadOfState) {
            nodes[node].disk.write(commit.records)
            return true
        }
        return false
    }

    /// One record is read where another one was asked for: its own checksum is right, so the replica
    /// must be the one that refuses it, and the driver recovers.
    ///
    /// - Returns: Whether there are two records that can be taken for each other.
    mutating func misread(by node: Int) -> Bool {
        let number = random.next()
        guard let (key, records) = nodes[node].disk.misread(recordNumber: number) else {
            return false
        }
        let started = try? replica(
            of: nodes[node].member,
            node: node,
            lies: nodes[node].lies,
            state: nodes[node].disk.applied,
            restoring: records
        )
        if started != nil {
            oracle.fail("2.6 records belong to their keys", "node \(node) starts from others")
        }
        nodes[node].disk.damage(key)
        return true
    }

    /// Whether the protocol allows this member to lose votes now.
    ///
    /// No more than f may be faulty at a time, and an idle cluster walks on for one member once an
    /// hour. Who has no seat has no votes to lose.
    func mayLoseVotes(_ node: Int) -> Bool {
        phase == .safety && nodes[node].replica.configuration.ownIndex != nil
            && nodes[node].conduct == .correct
            && (!nodes[node].hasLostVotes || plan.isLossRepeated)
            && weakCount(without: node) < committee.faultyMax
    }

    /// Members that count as faulty now.
    func weakCount(without node: Int? = nil) -> Int {
        let weak = nodes.indices.filter {
            $0 != node && (nodes[$0].isWeak || nodes[$0].mayRelapse)
        }
        return Set(weak.map { nodes[$0].member }).count
    }

    /// What a driver does before it starts a replica: looks at its disk, and recovers if that is
    /// damaged or older than what it once wrote.
    ///
    /// - Returns: The records to continue from; nil if the driver refuses to start.
    mutating func openStore(of node: Int) -> [DurableRecord]? {
        if nodes[node].disk.hasTornTail {
            guard !defects.includes(.tornTailStopsStart) else { return nil }
            // Nothing after it can be read, so it was never acknowledged.
            nodes[node].disk.hasTornTail = false
        }
        if defects.includes(.damageSkipped) { nodes[node].disk.skipDamage() }
        let isBehind =
            nodes[node].disk.sequence < nodes[node].mark
            && !defects.includes(.rollbackUnnoticed) && !defects.includes(.renameWithoutSync)
            && !defects.includes(.syncErrorIgnored)
        if isBehind || !nodes[node].disk.damaged.isEmpty {
            if defects.includes(.silentReformat) {
                nodes[node].disk = SimulatedDisk()
            } else {
                nodes[node].disk.prepareRecovery(nonce: random.next(), after: nodes[node].mark)
                recallAnswers(to: node)
                note("node \(node) recovers")
            }
            oracle.forgives(node, height: nodes[node].disk.applied.block.height)
        }
        nodes[node].mark = nodes[node].disk.sequence
        return nodes[node].disk.restorable
    }
}
