internal import Consensus

extension ToyChange {
    /// The members that approve.
    var approvers: Set<Int> {
        Set((0..<UInt64.bitWidth).filter { approvals >> UInt64($0) & 1 == 1 })
    }

    /// Approvals of members, a bit for each.
    static func approvals(of members: some Sequence<Int>) -> UInt64 {
        members.reduce(0) { $0 | 1 << UInt64($1) }
    }
}

extension World {
    /// What the ledger of a node with these lies asks for.
    func rules(lies: [Fault]) -> ToyRules {
        ToyRules(
            asksForApprovals: options.scenario.asksForApprovals
                && !lies.contains(.colludingRemoval) && !defects.includes(.minorityChangesSet),
            asksForDeadlines: options.scenario.asksForApprovals
                && !lies.contains(.expiredInBlock)
                && !defects.includes(.expiredStatementsPass)
        )
    }

    /// Who approves the changes that clients ask for: all but those who lie or are dead, where
    /// approvals count.
    var honestApprovals: UInt64 {
        guard options.scenario.asksForApprovals else { return 0 }
        let faulty = nodes.filter { $0.conduct == .liar || $0.conduct == .dead }.map(\.member)
        let all = 0..<World.identityCount(options)
        return ToyChange.approvals(of: all.filter { !faulty.contains($0) })
    }

    /// A change of the set by a leader that lies, approved by its like alone; nil if it does not plot now.
    ///
    /// All that plot hold it good and vote for it. An honest member is to leave, or somebody to join
    /// where the set is as small as it may be.
    mutating func plot(by node: Int, on parent: BlockID) -> ToyStatement? {
        guard nodes[node].lies.contains(.colludingRemoval), random.number(below: 2) == 0,
            let state = nodes[node].state(after: parent)
        else { return nil }
        let members = seats(in: state).map(\.member)
        let honest = members.filter { !oracle.byzantine.contains($0) }
        let outsiders = (0..<World.identityCount(options)).filter { !members.contains($0) }
        let isSmall = members.count <= options.memberCount
        guard let victim = (isSmall ? outsiders : honest).randomElement(using: &random)
        else { return nil }
        let change = ToyChange(
            kind: isSmall ? .join : .leave,
            member: victim,
            founderCount: options.memberCount,
            approvals: ToyChange.approvals(of: oracle.byzantine)
        )
        // Far above the numbers of what clients ask for.
        return ToyStatement(change, number: 1 << 20 + random.number(below: 1 << 20))
    }

    /// Counts what a liar put into its block against the rules.
    mutating func countPlot(_ plot: ToyStatement?, in body: BlockBody, of node: Int) {
        if plot != nil { count(.colludingRemoval) }
        guard nodes[node].lies.contains(.expiredInBlock), let block = ToyBlock(body.payload),
            block.statements.contains(where: { $0.isExpired(at: block.header.time) })
        else { return }
        count(.expiredInBlock)
    }

    // MARK: - Statements with a deadline

    /// Draws statements that are about to expire, expired long ago, or have time enough.
    mutating func scheduleDeadlines() {
        guard plan.includes(.expired) else { return }
        for number in 0..<4 + random.number(below: 8) {
            let time = random.number(below: plan.submissionMax)
            let submitted = SimulatedClock.trueTime(at: time)
            let deadline =
                switch random.number(below: 3) {
                case 0: random.number(below: submitted)
                case 1: submitted + random.number(below: 3_000)
                default: submitted + 20_000
                }
            events.add(.submission(statements.count), at: time)
            let amount = 1 + random.number(below: 9)
            statements.append(ToyStatement(number: number, amount: amount, deadline: deadline))
        }
    }

    /// Whether a statement's time is over and it did not pass.
    func isTooLate(_ statement: ToyStatement) -> Bool {
        statement.isExpired(at: SimulatedClock.trueTime(at: now))
            && !oracle.state.admitted.contains(statement.id)
    }

    /// A node drops what it waited too long for; who lies keeps it, until all shall come to rest.
    mutating func dropExpired(at node: Int) {
        let wallTime = nodes[node].clock.wallTime(at: now)
        guard nodes[node].dropExpired(wallTime: wallTime, isForced: phase == .whole) else { return }
        count(.expired)
        pump(node)
    }
}
