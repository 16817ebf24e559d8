internal import Consensus
internal import QuotaCrypto

extension SimulatedNode {
    /// The state after a block that is final or was built or executed in this life.
    func state(after block: BlockID) -> ToyState? {
        block == disk.applied.block ? disk.applied : states[block.digest]
    }

    /// Whether a block ends the epoch that this node is in.
    func isSealed(_ block: BlockID) -> Bool {
        state(after: block).map { $0.epoch > replica.configuration.epoch } ?? false
    }

    /// Takes a statement into the pool.
    ///
    /// - Returns: Whether it is new here and could pass.
    mutating func accept(_ statement: ToyStatement, isOwner: Bool, wallTime: UInt64) -> Bool {
        guard disk.applied.admits(statement, at: wallTime, by: rules) else { return false }
        if isOwner, !owned.contains(statement) { owned.append(statement) }
        guard !pool.contains(statement) else { return false }
        pool.append(statement)
        inbox.append(.workAvailable(true))
        return true
    }

    /// Answers `Effect.build` with what of the pool passes on the parent, or with what liars plot.
    mutating func build(
        _ request: BuildRequest,
        time: UInt64,
        plot: ToyStatement? = nil
    ) -> BlockBody? {
        // A block that seals the epoch has none above it in this epoch.
        guard let parent = state(after: request.parent),
            parent.epoch == replica.configuration.epoch || ignoresSeals
                || lies.contains(.aboveSeal)
        else { return nil }
        let header = ToyHeader(
            view: request.view,
            proposer: request.proposer,
            time: time,
            isMapped: mapsStates
        )
        let chosen =
            plot.map { [$0] }
            ?? (lies.contains(.censorship) ? [] : selection(on: parent, time: time))
        guard !chosen.isEmpty || lies.contains(.censorship),
            let made = parent.applying(chosen, header, by: rules)
        else { return nil }
        states[made.body.digest] = made.state
        if conduct == .liar, let other = parent.applying([], header) {
            alternative = (request.view, request.parent, other.body)
        }
        return made.body
    }

    private func selection(on parent: ToyState, time: UInt64) -> [ToyStatement] {
        var trial = parent
        var chosen: [ToyStatement] = []
        for statement in pool
        where chosen.count < 8 && trial.admits(statement, at: time, by: rules) {
            trial.admit(statement)
            chosen.append(statement)
        }
        return chosen
    }

    /// Answers `Effect.execute`.
    mutating func execute(_ request: ExecuteRequest, wallTime: UInt64) -> ExecutionOutcome {
        guard let parent = state(after: request.parent),
            parent.digest(of: request.payload) == request.block.digest
        else { return .mismatched }
        guard parent.epoch == replica.configuration.epoch || ignoresSeals,
            let block = ToyBlock(request.payload),
            block.height == request.block.height,
            block.header.view == request.view, block.header.proposer == request.proposer,
            block.header.isMapped == mapsStates,
            let made = parent.applying(block.statements, block.header, by: rules),
            made.body.digest == request.block.digest
        else { return .invalid }
        states[made.body.digest] = made.state
        let time = block.header.time
        let error = time > wallTime ? time - wallTime : wallTime - time
        return error > SimulatedClock.skewMax ? .validButUntimely : .valid
    }

    /// Drops what a commit has settled.
    mutating func settle(_ commit: Commit) {
        for block in commit.dropped { states[block.digest] = nil }
        for final in commit.proposals where final.block != disk.applied.block {
            states[final.block.digest] = nil
        }
        let applied = disk.applied
        pool.removeAll { !applied.admits($0, by: rules) }
        owned.removeAll { !applied.admits($0, by: rules) }
        inbox.append(.workAvailable(!pool.isEmpty))
    }

    /// Drops what no block of now or later admits.
    ///
    /// - Returns: Whether there was any.
    mutating func dropExpired(wallTime: UInt64, isForced: Bool) -> Bool {
        guard rules.asksForDeadlines || isForced,
            pool.contains(where: { $0.isExpired(at: wallTime) })
        else { return false }
        pool.removeAll { $0.isExpired(at: wallTime) }
        owned.removeAll { $0.isExpired(at: wallTime) }
        inbox.append(.workAvailable(!pool.isEmpty))
        return true
    }
}
