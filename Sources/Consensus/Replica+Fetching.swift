internal import QuotaCrypto

extension Replica {
    /// A certificate or a proposal names this proposal: it must be at hand, sooner or later.
    mutating func require(_ id: Digest, in given: UInt64) {
        guard given > finalized.view else { return }
        if pool[id] == nil {
            want(.proposal(id), in: given)
        } else {
            unblocked.append(id)
        }
    }

    /// 2.5 `fetch`: puts something on the list of what is missing.
    mutating func want(_ key: FetchKey, in given: UInt64, preferring member: Int? = nil) {
        let isInRange = given < finalizations.last ?? 0 && isFarBehind
        let pause: UInt64 =
            switch key {
            case .finalized, .seal: 0
            case .proposal: isInRange ? 2 * timeouts.fetchRetry : timeouts.fetchGrace
            }
        fetches.add(
            FetchTable.Item(key: key, view: given, preferred: member, due: now + pause)
        )
    }

    /// More is final elsewhere than two proposals: ranges are quicker than single proposals.
    private var isFarBehind: Bool {
        (finalizations.last ?? 0) > finalized.view + 2
    }

    /// 2.7: with a finalization in hand, asks for what lies between it and the last committed one.
    mutating func catchUp() {
        guard let target = finalizations.last, let certificate = rounds[target]?.finalization,
            let missing = firstMissing(from: certificate)
        else { return fetches.removeRanges() }
        want(.proposal(missing.id), in: missing.view)
        guard isFarBehind, pool.payloadByteCount < limits.catchUpBytesMax else { return }
        let after = max(rangeCursor, finalized.view)
        let range = FetchKey.finalized(epoch: configuration.epoch, after: after)
        guard !fetches.contains(range) else { return }
        fetches.removeRanges()
        want(range, in: target)
    }

    private func firstMissing(from certificate: Certificate) -> (id: Digest, view: UInt64)? {
        var next = (id: certificate.proposal, view: certificate.view)
        while next.view > finalized.view {
            guard let candidate = pool[next.id] else { return next }
            next = (candidate.entry.proposal.parent, candidate.entry.proposal.parentView)
        }
        return nil
    }

    /// Asks for what is due: one member at a time, with growing pauses.
    mutating func onFetchTimer() {
        fetches.timerDue = nil
        for item in fetches.items where item.due <= now {
            guard isWorthAsking(item) else {
                fetches.remove(item.key)
                continue
            }
            // 2.14 lesson 8: also while there is no work.
            if hasWork || follows(.fetchWhenIdle), let member = peerToAsk(for: item) {
                ask(member, for: item.key)
            }
            let doubling = UInt64(1) << UInt64(min(item.attempts, 16))
            let pause = min(timeouts.fetchRetry * doubling, timeouts.fetchRetryMax)
            fetches.update(item.key) {
                $0.attempts += 1
                $0.due = now + pause
            }
        }
    }

    /// What a certificate names is never forgotten.
    ///
    /// What votes alone name may have been lost by all, and an idle cluster would ask for it for ever.
    private func isWorthAsking(_ item: FetchTable.Item) -> Bool {
        guard case .proposal(let id) = item.key, follows(.idleQuestionsEnd) else { return true }
        return hasWork || item.attempts < peers.count || isCertified(id, in: item.view)
    }

    private mutating func ask(_ member: Int, for key: FetchKey) {
        switch key {
        case .proposal(let id): emit(.send(to: member, .fetch(id)))
        case .finalized(let epoch, let after):
            emit(.send(to: member, .fetchFinalized(epoch: epoch, after: after)))
        case .seal: return
        }
    }

    private mutating func peerToAsk(for item: FetchTable.Item) -> Int? {
        if item.attempts == 0, let preferred = item.preferred { return preferred }
        let others = peers.indices.filter { $0 != ownIndex }
        guard follows(.fetchAsksAround) else {
            let boasts = others.map { (peers[$0].status?.finalizedView ?? 0, $0) }
            return boasts.max { $0 < $1 }?.1
        }
        guard !others.isEmpty else { return nil }
        // Everybody in turn, those first who say that they are that far: they may lie, and no draw
        // may ask a liar again and again. Each member begins elsewhere.
        let turned = others.indices.map { others[($0 + (ownIndex ?? 0)) % others.count] }
        let ahead = turned.filter { (peers[$0].status?.finalizedView ?? 0) >= item.view }
        let ring = ahead + turned.filter { !ahead.contains($0) }
        return ring[item.attempts % ring.count]
    }

    /// Keeps the one fetch timer at the time of the earliest question.
    mutating func scheduleFetches() {
        let earliest = fetches.earliest
        guard earliest != fetches.timerDue else { return }
        fetches.timerDue = earliest
        guard let earliest else { return emit(.cancelTimer(.fetch)) }
        emit(.setTimer(.fetch, afterMilliseconds: earliest - min(earliest, now)))
    }

    /// An answer.
    ///
    /// It is taken from whomever it comes while the question stands.
    mutating func onProposals(
        _ entries: [ProposalEntry],
        for key: FetchKey,
        from member: Int
    ) {
        if case .proposal = key, let entry = entries.first, judgeDispute(by: entry, from: member) {
            return
        }
        guard fetches.contains(key) else { return }
        guard let last = entries.last else { return askAnother(for: key) }
        switch key {
        case .proposal(let id):
            guard entries.count == 1, last.proposal.id == id else {
                return reject(member, .unrequested)
            }
            // A liar's vote may name what was final in an epoch before: the answer is right, and no use.
            guard last.proposal.epoch == configuration.epoch || !follows(.oldProposalsBlameNobody)
            else { return fetches.remove(key) }
            take(last, from: member)
        case .seal: return
        case .finalized(_, let after):
            let views = [after] + entries.map(\.proposal.view)
            guard zip(views, views.dropFirst()).allSatisfy({ $0 < $1 }) else {
                return reject(member, .unrequested)
            }
            for entry in entries {
                guard take(entry, from: member) else { break }
                rangeCursor = max(rangeCursor, entry.proposal.view)
            }
            fetches.remove(key)
        }
        drain()
        catchUp()
    }

    /// That member did not have it: the next one is asked soon, at growing pauses.
    private mutating func askAnother(for key: FetchKey) {
        let (soon, grace) = (now, timeouts.fetchGrace)
        fetches.update(key) {
            $0.due = min($0.due, soon + grace * UInt64(max($0.attempts, 1)))
        }
        if case .finalized = key { rangeCursor = finalized.view }
    }

    /// Takes in a proposal that was asked for.
    ///
    /// - Returns: Whether it is genuine and now at hand.
    @discardableResult
    private mutating func take(_ entry: ProposalEntry, from member: Int) -> Bool {
        guard isOfThisEpoch(entry.proposal), isWellFormed(entry) else {
            reject(member, .badProposal(view: entry.proposal.view))
            return false
        }
        guard entry.proposal.view > finalized.view else { return true }
        guard let settled = settle(entry, from: member) else { return false }
        drain()
        if pool[entry.proposal.id] == nil {
            insert(settled, from: member)
        } else {
            fill(entry.proposal.id, with: entry.payload, from: member)
        }
        drain()
        return true
    }
}
