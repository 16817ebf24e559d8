import Consensus
import Ledger
import LedgerStore
import Logging
import QuotaCrypto

extension NodeCore {
    /// Makes proposals final: their blocks enter the store and the tree, and who waited is answered.
    func commit(_ commit: Commit) {
        turn.batch.consensus += commit.records.map { (key: $0.key, value: $0.value) }
        var last: Block?
        for proposal in commit.proposals {
            turn.batch.add(proposal)
            guard !proposal.isEcho else { continue }
            guard let block = executed.removeValue(forKey: proposal.block.digest) else {
                // The replica commits only what this driver executed.
                logger.critical("a final block was not executed: stopping, start again")
                shared.stopAbruptly()
            }
            apply(block, digest: proposal.block.digest)
            last = block.block
            dropReports(after: block.block)
        }
        for block in commit.dropped { executed[block.digest] = nil }
        // A block that was built and then not proposed is unknown to the replica.
        executed = executed.filter { $0.value.block.header.height > final.height }
        pool.reserve(forMembers: final.memberCount)
        lookAtOverdue(since: last)
        noteNewcomers()
    }

    /// Takes one final block into the node.
    private func apply(_ block: ExecutedBlock, digest: Digest) {
        let header = block.block.header
        turn.batch.add(block.block, digest: digest, state: block.state)
        final = block.state
        finalDigest = digest
        for (offset, statement) in block.block.statements.enumerated() {
            let leaf = statement.leafHash
            pool.remove(leaf)
            // Not before the store has it, or a reader would find it nowhere.
            turn.answers.append { [gauges] in gauges.setWaiting(leaf, false) }
            answer(statement.leafHash, .final(index: header.first + UInt64(offset)))
        }
        turn.committed = true
        logger.info(
            "block final",
            metadata: [
                "height": "\(header.height)", "view": "\(header.view)",
                "proposer": "\(header.proposer)", "statements": "\(header.count)",
                "size": "\(header.treeSize)",
            ]
        )
    }

    // MARK: Answers

    /// Answers whoever waits for the statement, once the turn is durable.
    func answer(_ leaf: Digest, _ result: SubmissionResult) {
        guard let waiting = waiters.removeValue(forKey: leaf) else { return }
        turn.answers.append {
            for waiter in waiting { waiter.ticket.resolve(waiter.position, result) }
        }
    }

    /// Drops a statement that the final state refuses, and says so.
    func refuse(_ statement: Statement, _ refusal: Refusal) {
        pool.remove(statement.leafHash)
        gauges.setWaiting(statement.leafHash, false)
        answer(statement.leafHash, .refused(refusal))
    }

    /// Refuses those of `statements` that the final state refuses by itself.
    ///
    /// A leader also leaves out what does not fit beside the rest of its block; but that block may
    /// never become final, and then the statement may. Only the final state may refuse for good.
    ///
    /// - Returns: How many were refused.
    @discardableResult
    func refuseFinally(_ statements: [Statement]) -> Int {
        let time = Self.posixTime()
        var count = 0
        for statement in statements {
            guard case .refuse(let refusal) = final.admit(statement, time: time) else { continue }
            refuse(statement, refusal)
            count += 1
        }
        return count
    }

    /// Looks again at statements that have waited for more than a block: a leader may have left them
    /// out.
    ///
    /// Those that still pass, although the newest block had room, its proposer passed over. One that never
    /// heard of them did no wrong: the count is a measure to compare, over time and over nodes, and no proof
    /// (consensus.md 2.11).
    private func lookAtOverdue(since last: Block?) {
        let overdue = pool.overdue(at: final.height, limit: Self.overduePerCommit)
        let refused = refuseFinally(overdue)
        guard let last, last.hasRoom else { return }
        gauges.count(passedOver: overdue.count - refused, by: last.header.proposer)
    }

    /// How many overdue statements are looked at after a commit.
    private static let overduePerCommit = 100
}
