internal import Consensus

extension World {
    /// Draws the statements and when clients submit them; together they exceed the cap more often
    /// than not.
    mutating func scheduleClients() {
        for number in 0..<plan.statementCount {
            let amount = 1 + random.number(below: plan.amountMax)
            add(amount: amount, at: random.number(below: plan.submissionMax))
            if plan.includes(.lateResubmission), random.number(below: 3) == 0 {
                let time = plan.healTime / 2 + random.number(below: plan.healTime)
                events.add(.submission(number), at: time)
            }
        }
        if plan.includes(.boundaryAmount) {
            for amount in [0, ToyState.cap, ToyState.cap + 1, ToyState.cap - 1] {
                count(.boundaryAmount)
                add(amount: amount, at: random.number(below: plan.submissionMax))
            }
        }
        if plan.includes(.race) { schedule(amounts: 2 * options.memberCount, of: 120, .race) }
        if plan.includes(.flood) { schedule(amounts: 60, of: 3, .flood) }
    }

    private mutating func add(amount: UInt64, at time: UInt64) {
        events.add(.submission(statements.count), at: time)
        statements.append(ToyStatement(id: UInt64(statements.count) + 1, amount: amount))
    }

    /// Many statements in one moment.
    private mutating func schedule(amounts count: Int, of amount: UInt64, _ fault: Fault) {
        let time = random.number(below: plan.submissionMax)
        for _ in 0..<count { add(amount: amount, at: time) }
        self.count(fault)
    }

    /// A client submits, and again until its statement is final or refused.
    mutating func submit(_ number: Int) {
        let statement = statements[number]
        if isResolved(statement) {
            let isLate = isTooLate(statement)
            guard isLate || plan.includes(.lateResubmission), phase == .safety else { return }
            count(isLate ? .expired : .lateResubmission)
        } else {
            events.add(.submission(number), at: now + 5_000)
        }
        let running = nodes.indices.filter { nodes[$0].isUp && !nodes[$0].isByzantine }
        guard let first = running.randomElement(using: &random) else { return }
        oracle.notes(submissionOf: statement, view: nodes[first].replica.view)
        offer(statement, to: first, isOwner: true)
        if plan.includes(.doubleSubmission), let second = running.randomElement(using: &random) {
            count(.doubleSubmission)
            offer(statement, to: second, isOwner: true)
        }
    }

    /// Whether nothing can change any more for a statement.
    func isResolved(_ statement: ToyStatement) -> Bool {
        oracle.state.settles(statement) || isTooLate(statement)
    }

    /// A node takes a statement in and passes it on to all.
    mutating func offer(_ statement: ToyStatement, to node: Int, isOwner: Bool) {
        guard nodes[node].isUp, nodes[node].fetch == nil else { return }
        let wallTime = nodes[node].clock.wallTime(at: now)
        if nodes[node].accept(statement, isOwner: isOwner, wallTime: wallTime) {
            lastActivity = now
            if isOwner { push(statement, from: node) }
        }
        pump(node)
    }

    private mutating func push(_ statement: ToyStatement, from node: Int) {
        for other in nodes.indices where other != node {
            transmit(.statement(to: other, statement), byteCount: 300, from: node, to: other)
        }
    }

    /// The node that accepted a statement from a client pushes it until it is settled.
    mutating func pushAgain(from node: Int, life: Int) {
        guard nodes[node].isUp, nodes[node].life == life else { return }
        events.add(.push(node: node, life: life), at: now + 2_000)
        dropExpired(at: node)
        for statement in nodes[node].owned { push(statement, from: node) }
    }
}
