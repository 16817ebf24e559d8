internal import Consensus
internal import QuotaCrypto
internal import StateMap
internal import StateSync

extension World {
    // MARK: Whoever joins

    /// Whether a node is of a member that is to join, and not there from the beginning.
    func arrivesLate(_ node: Int) -> Bool {
        options.scenario.hasSnapshots && nodes[node].member >= options.memberCount
            && nodes[node].conduct == .correct
    }

    mutating func scheduleArrival(of node: Int) {
        nodes[node].isUp = false
        let time = 3_000 + random.number(below: plan.healTime - 3_000)
        events.add(.strike(.restart(node)), at: time)
    }

    /// 2.7: a node that has nothing and may not vote asks for a snapshot.
    ///
    /// - Returns: Whether it does; then its replica hears nobody for now.
    mutating func beginFetching(_ node: Int) -> Bool {
        let replica = nodes[node].replica
        guard options.scenario.hasSnapshots, !nodes[node].isByzantine,
            nodes[node].disk.applied.block.height == 0,
            replica.configuration.ownIndex == nil || replica.isRecovering
        else { return false }
        var limits = SnapshotFetch<ToyProof>.Limits()
        limits.gapMin = 3
        limits.patience = 2_000
        limits.offerPatience = 1_000
        let kept = nodes[node].disk.keptParts
        let trust = ToyTrust(
            chainID: chainID,
            founders: committee,
            keys: keys,
            isHeadChecked: !defects.includes(.headUnproven),
            isPartChecked: !defects.includes(.partUnproven)
        )
        nodes[node].fetch = SnapshotFetch(
            ownSize: 0,
            kept: kept,
            limits: limits,
            firstID: defects.includes(.questionsRepeat) ? 1 : random.next() >> 8,
            verify: trust.verify
        )
        note("node \(node) asks for a snapshot, \(kept.count) parts kept")
        for other in others(than: nodes[node].member) where nodes[other].isUp {
            connectFetch(of: node, to: nodes[other].member)
        }
        lookAfterFetching(node)
        return true
    }

    private mutating func connectFetch(of node: Int, to member: Int) {
        let time = ownTime(of: node)
        if let actions = nodes[node].fetch?.connected(member, now: time) {
            perform(actions, by: node)
        }
    }

    /// Whether an input is not for the replica while the state is on its way.
    mutating func isWithheld(_ input: Input, from node: Int) -> Bool {
        guard nodes[node].fetch != nil else { return false }
        switch input {
        case .connected(let position):
            connectFetch(of: node, to: nodes[node].order[position])
            return true
        case .message, .received: return true
        default: return false
        }
    }

    /// Time has passed.
    mutating func lookAfterFetching(_ node: Int) {
        let time = ownTime(of: node)
        guard nodes[node].isUp, let actions = nodes[node].fetch?.tick(now: time) else { return }
        lastActivity = now
        events.add(.fetchTick(node: node, life: nodes[node].life), at: now + 500)
        perform(actions, by: node)
    }

    /// The links to a node that crashed are down.
    mutating func stopFetching(from lost: Int) {
        guard options.scenario.hasSnapshots else { return }
        let member = nodes[lost].member
        for node in nodes.indices {
            let time = ownTime(of: node)
            let actions = nodes[node].fetch?.disconnected(member, now: time)
            if let actions { perform(actions, by: node) }
        }
    }

    private func ownTime(of node: Int) -> UInt64 { nodes[node].clock.time(at: now) }

    private mutating func perform(_ actions: [SnapshotFetch<ToyProof>.Action], by node: Int) {
        for action in actions where nodes[node].fetch != nil && oracle.failure == nil {
            if phase == .safety, plan.includes(.snapshotCrash), random.number(below: 40) == 0 {
                count(.snapshotCrash)
                rot(node)
                return crash(node, restartAfter: 100 + random.number(below: 4_000))
            }
            switch action {
            case .send(let request, let id, let member):
                let peers = nodes.indices.filter { nodes[$0].member == member }
                guard let peer = peers.first else { break }
                let bytes = request.encoded(id: id)
                fingerprint.add(bytes)
                transmit(
                    .question(of: node, to: peer, bytes),
                    byteCount: bytes.count,
                    from: node,
                    to: peer
                )
            case .keep(let place, let bytes): nodes[node].disk.incoming[place] = bytes
            case .forget: nodes[node].disk.incoming = [:]
            case .blame(let member, let reason):
                note("node \(node) blames \(member): \(reason)")
                guard !oracle.byzantine.contains(member) else { break }
                oracle.fail("no false blame", "member \(node) blames \(member): \(reason)")
            case .begun(let height, _, let slots):
                note("node \(node) fetches the state of \(height) in \(slots) slots")
            case .complete: finishFetching(node)
            case .giveUp(let reason):
                note("node \(node) replays: \(reason)")
                nodes[node].fetch = nil
                for other in others(than: nodes[node].member) where nodes[other].isUp {
                    give(.connected(position(of: nodes[other].member, at: node)), to: node)
                }
            }
        }
    }

    /// A part that was kept is damaged in a crash.
    private mutating func rot(_ node: Int) {
        guard plan.includes(.snapshotRot), random.number(below: 2) == 0,
            let (place, bytes) = nodes[node].disk.keptParts.randomElement(using: &random)
        else { return }
        count(.snapshotRot)
        nodes[node].disk.incoming[place] = mutated(bytes)
    }

    private mutating func finishFetching(_ node: Int) {
        guard let (proof, entries) = nodes[node].fetch?.take() else { return }
        guard let state = ToyState(entries, behind: proof), state.epoch == proof.epoch,
            seats(in: state) == proof.seats
        else {
            return oracle.fail("2.7 a snapshot is what is final", "node \(node) has no such state")
        }
        note("node \(node) takes over the state of height \(state.block.height)")
        count(.snapshotJoin)
        oracle.seesSnapshot(state, at: node)
        nodes[node].disk.install(proof, state: state)
        nodes[node].mark = nodes[node].disk.sequence
        var records = nodes[node].disk.restorable
        if defects.includes(.snapshotEndsRecovery) {
            records.removeAll { $0.key != DurableKey.lastFinal }
        }
        let member = nodes[node].member
        guard
            let replica = makeReplica(
                of: member,
                node: node,
                lies: [],
                state: state,
                restoring: records
            )
        else { return }
        nodes[node].begin(replica, order: order(in: state))
        boot(node)
    }

    // MARK: Whoever hands over

    /// The state that a node stands at is on offer from now on.
    mutating func offerState(of node: Int) {
        let disk = nodes[node].disk
        guard options.scenario.hasSnapshots, disk.applied.block.height > 0 else { return }
        let links = disk.seals + (disk.tip.map { [$0] } ?? [])
        let source = ToySource(state: disk.applied, links: links)
        let block = disk.applied.block
        nodes[node].shelf.note(source, block: block.digest, size: block.height)
    }

    mutating func takeQuestion(_ bytes: [UInt8], of sender: Int, by node: Int) {
        guard nodes[node].isUp, let (id, request) = SnapshotRequest.decode(bytes) else { return }
        guard let answer = answer(request, by: node) else { return }
        let bytes = answer.encoded(id: id)
        fingerprint.add(bytes)
        transmit(.part(of: node, to: sender, bytes), byteCount: bytes.count, from: node, to: sender)
    }

    mutating func takePart(_ bytes: [UInt8], of sender: Int, by node: Int) {
        guard nodes[node].isUp, let (id, answer) = SnapshotAnswer.decode(bytes) else { return }
        let time = ownTime(of: node)
        let peer = nodes[sender].member
        let actions = nodes[node].fetch?.answered(answer, id: id, from: peer, now: time)
        if let actions { perform(actions, by: node) }
    }

    private mutating func answer(_ request: SnapshotRequest, by node: Int) -> SnapshotAnswer? {
        let lies = nodes[node].lies
        let time = ownTime(of: node)
        switch request {
        case .offers:
            var sources = nodes[node].shelf.offers(now: time)
            if lies.contains(.forkedSnapshot) {
                count(.forkedSnapshot)
                sources = sources.compactMap(\.forged) + sources
            }
            return .offers(sources.prefix(SnapshotOffer.countMax).map(offer))
        case .head(let block):
            guard let source = source(block, of: node, at: time) else { return .absent }
            return corrupted(source.headBytes, by: node)
        case .chunk(let block, let path, let bits):
            guard let source = source(block, of: node, at: time) else { return .absent }
            let chunk = source.state.map.chunk(at: path, bits: bits, bytesMax: Self.chunkBytes)
            return corrupted(chunk.encoded(), by: node)
        case .history: return .absent
        }
    }

    private static let chunkBytes = 200
    private static let slotBits = 2

    private func offer(_ source: ToySource) -> SnapshotOffer {
        let block = source.state.block
        return SnapshotOffer(
            block: block.digest,
            height: block.height,
            size: block.height,
            bits: World.slotBits
        )
    }

    /// The state behind a block, or what a liar has in its place.
    private mutating func source(_ block: Digest, of node: Int, at time: UInt64) -> ToySource? {
        if let source = nodes[node].shelf.lease(block, now: time) { return source }
        guard nodes[node].lies.contains(.forkedSnapshot) else {
            count(.snapshotGone)
            return nil
        }
        return nodes[node].shelf.offers(now: time).compactMap(\.forged)
            .first { $0.state.block.digest == block }
    }

    /// A part as a liar sends it: changed, or not at all.
    private mutating func corrupted(_ bytes: [UInt8], by node: Int) -> SnapshotAnswer? {
        guard nodes[node].lies.contains(.badPart), random.number(below: 2) == 0 else {
            return .part(bytes)
        }
        count(.badPart)
        return random.number(below: 5) == 0 ? nil : .part(mutated(bytes))
    }
}
