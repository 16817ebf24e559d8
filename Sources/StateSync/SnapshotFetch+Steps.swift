import Consensus
import QuotaCrypto
import StateMap

extension SnapshotFetch {
    /// Chooses among the offers: what most peers hold, of those the newest.
    mutating func choose(since: UInt64?, _ now: UInt64) {
        let asked = peers.keys.sorted().filter { peers[$0]?.isLiar == false }
        guard !asked.isEmpty else { return }
        guard let since else { return phase = .asking(since: now) }
        let heard = asked.filter { peers[$0]?.offers != nil }
        let isOver = now >= since + limits.offerPatience
        let isEnough = heard.count == asked.count && heard.count >= Self.heardMin
        guard isEnough || (isOver && !heard.isEmpty) else {
            guard isOver else { return }
            // Nobody has answered: once more from the beginning.
            phase = .asking(since: now)
            for peer in asked where peers[peer]?.inFlight == 0 { ask(.offers, peer, now) }
            return
        }
        var counts: [Digest: (offer: SnapshotOffer, holders: Int)] = [:]
        for peer in heard {
            for offer in peers[peer]?.offers ?? [] where offer.size >= ownSize + limits.gapMin {
                counts[offer.block, default: (offer, 0)].holders += 1
            }
        }
        let best = counts.values.max {
            ($0.holders, $0.offer.height, $1.offer.block)
                < ($1.holders, $1.offer.height, $0.offer.block)
        }
        guard let best else { return giveUp("no peer is far ahead") }
        phase = .head(best.offer)
        askForHead(best.offer, now)
    }

    /// So many peers must have answered before it is chosen without waiting.
    private static var heardMin: Int { 3 }

    /// Asks one holder at a time for the head.
    mutating func askForHead(_ offer: SnapshotOffer, _ now: UInt64) {
        guard !pending.values.contains(where: { $0.task == .head }) else { return }
        guard let holder = holders(of: offer.block).first else { return restart(now) }
        ask(.head, holder, now)
    }

    mutating func takeHead(_ bytes: [UInt8], from peer: Int) {
        guard case .head(let offer) = phase else { return }
        do throws(SnapshotError) {
            let snapshot = try verify(bytes)
            guard snapshot.block.digest == offer.block else {
                return blame(peer, "its snapshot is of another block than it offered")
            }
            let work = SnapshotWork(snapshot: snapshot, bits: offer.bits)
            phase = .chunks(work)
            actions.append(.keep(place: SnapshotWork<Proof>.headPlace, bytes: work.keptHead))
            actions.append(
                .begun(
                    height: snapshot.block.height,
                    size: snapshot.size,
                    slots: work.cursors.count
                )
            )
        } catch {
            blame(peer, error.description)
        }
    }

    /// Keeps as many requests under way as the bounds allow, spread over all holders.
    mutating func askForChunks(_ known: SnapshotWork<Proof>, _ now: UInt64) {
        guard !known.isComplete else { return actions.append(.complete) }
        let block = known.snapshot.block.digest
        let holders = holders(of: block)
        guard !holders.isEmpty else {
            return askForOffers(now)
        }
        var work = known
        while pending.values.count(where: { $0.task != .offers }) < limits.inFlightMax,
            let slot = work.nextSlot,
            let peer = holders.min(by: { load($0) < load($1) }),
            load(peer).count < limits.perPeerMax
        {
            work.busy.insert(slot)
            phase = .chunks(work)
            ask(.slot(slot), peer, now)
        }
        phase = .chunks(work)
    }

    /// Nobody is known to have what is fetched: after a restart of this node nobody has made an offer yet,
    /// and an answer may never come.
    private mutating func askForOffers(_ now: UInt64) {
        let open = peers.filter {
            !$0.value.isLiar && !$0.value.isPassedOver && $0.value.offers == nil
        }
        guard !open.isEmpty || peers.isEmpty else { return restart(now) }
        let asked = pending.values.filter { $0.task == .offers }.map(\.peer)
        for peer in open.keys.sorted() where !asked.contains(peer) { ask(.offers, peer, now) }
    }

    private func load(_ peer: Int) -> (count: Int, peer: Int) {
        (peers[peer]?.inFlight ?? 0, peer)
    }

    mutating func takeChunk(_ bytes: [UInt8], _ slot: Int, from peer: Int) {
        guard case .chunks(var work) = phase, let path = work.cursors[slot] else { return }
        do throws(MapProofError) {
            try work.take(bytes, slot)
            phase = .chunks(work)
            actions.append(.keep(place: path.bytes, bytes: bytes))
        } catch {
            blame(peer, error.description)
        }
    }
}
