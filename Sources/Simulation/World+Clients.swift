internal import Consensus

extension World {
    /// Draws the statements and when clients submit them; together they exceed the cap more often
    /// than not.
    mutating func scheduleClients() {
        for number in 0..<plan.statementCount {
            let amount = 1 + random.number(below: 90)
            statements.append(ToyStatement(id: UInt64(number) + 1, amount: amount))
            events.add(.submission(number), at: random.number(below: plan.healTime + 3_000))
        }
    }

    /// A client submits, and again until its statement is final or refused.
    mutating func submit(_ number: Int) {
        let statement = statements[number]
        guard !isResolved(statement) else { return }
        events.add(.submission(number), at: now + 5_000)
        let running = nodes.indices.filter { nodes[$0].isUp }
        guard let first = running.randomElement(using: &random) else { return }
        offer(statement, to: first, isOwner: true)
        if plan.includes(.doubleSubmission), let second = running.randomElement(using: &random) {
            count(.doubleSubmission)
            offer(statement, to: second, isOwner: true)
        }
    }

    /// Whether nothing can change any more for a statement.
    func isResolved(_ statement: ToyStatement) -> Bool {
        !oracle.state.admits(statement)
    }

    /// A node takes a statement in and passes it on to all.
    mutating func offer(_ statement: ToyStatement, to node: Int, isOwner: Bool) {
        guard nodes[node].isUp else { return }
        if nodes[node].accept(statement, isOwner: isOwner) {
            lastActivity = now
            if isOwner { push(statement, from: node) }
        }
        pump(node)
    }

    private mutating func push(_ statement: ToyStatement, from node: Int) {
        for other in nodes.indices where other != node {
            transmit(.statement(to: other, statement), from: node, to: other)
        }
    }

    /// The node that accepted a statement from a client pushes it until it is settled.
    mutating func pushAgain(from node: Int, life: Int) {
        guard nodes[node].isUp, nodes[node].life == life else { return }
        events.add(.push(node: node, life: life), at: now + 2_000)
        for statement in nodes[node].owned { push(statement, from: node) }
    }
}
