import Ledger
import PeerNetwork
import QuotaCrypto
import StateMap

extension NodeCore {
    /// How often waiting statements are looked through for those to push again, in ms.
    static let pushPeriod: UInt64 = 1_000
    /// How long a push may take before it is repeated, in ms.
    private static let pushPatience: UInt64 = 2_000
    /// How long a statement that a peer pushed may wait before this node pushes it too, in ms.
    private static let foreignPushPatience: UInt64 = 10_000

    /// Takes statements of a client into the pool, and pushes the new ones to every peer.
    func takeSubmission(_ statements: [Submitted], _ ticket: SubmissionTicket) {
        let now = Self.now()
        var fresh: [Statement] = []
        for submitted in statements {
            let statement = submitted.statement
            // It may have become final, or impossible, between the client's check and this turn.
            switch final.admit(statement, time: Self.posixTime()) {
            case .duplicate(let index):
                turn.answers.append { ticket.resolve(submitted.position, .final(index: index)) }
                continue
            case .refuse(let refusal):
                turn.answers.append { ticket.resolve(submitted.position, .refused(refusal)) }
                continue
            case .admit:
                break
            }
            switch pool.add(statement, height: final.height, own: true, now: now) {
            case .full:
                turn.answers.append { ticket.resolve(submitted.position, .poolFull) }
                continue
            case .added:
                gauges.setWaiting(statement.leafHash, true)
                fresh.append(statement)
            case .known:
                break
            }
            guard ticket.waitsForFinality else {
                turn.answers.append { ticket.resolve(submitted.position, .pending) }
                continue
            }
            // A client that asks again and again leaves one waiter, not one for each time.
            waiters[statement.leafHash, default: []].removeAll { $0.ticket.isOver }
            waiters[statement.leafHash, default: []].append((ticket, submitted.position))
        }
        push(fresh)
    }

    /// Takes a statement that this node made itself; false if the pool has it or has no room.
    @discardableResult
    func takeOwn(_ statement: Statement) -> Bool {
        guard
            pool.add(statement, height: final.height, own: true, now: Self.now()) == .added
        else { return false }
        gauges.setWaiting(statement.leafHash, true)
        push([statement])
        return true
    }

    /// Takes statements that a peer pushed.
    func takeGossip(_ statements: [Statement]) {
        let now = Self.now()
        for statement in statements where final.map[statement.stateKey] == nil {
            let outcome = pool.add(statement, height: final.height, own: false, now: now)
            if outcome == .added { gauges.setWaiting(statement.leafHash, true) }
        }
    }

    /// Pushes statements again that are not final after a while: a push may be lost, and an idle
    /// network must be woken (consensus.md 2.12).
    ///
    /// Those of others come last: their own node pushes them, unless it is gone.
    func pushAgain() {
        let now = Self.now()
        push(
            pool.takeForPush(
                ownBefore: now - min(now, Self.pushPatience),
                othersBefore: now - min(now, Self.foreignPushPatience),
                now: now,
                limit: PeerMessage.statementsMax
            )
        )
    }

    /// Sends statements to every peer, in frames within the bounds.
    private func push(_ statements: [Statement]) {
        var part: [[UInt8]] = []
        var size = 0
        func flush() {
            guard !part.isEmpty else { return }
            turn.sends.append((nil, PeerMessage.statements(part).frame))
            part = []
            size = 0
        }
        for statement in statements {
            if part.count == PeerMessage.statementsMax
                || size + statement.bytes.count > PeerMessage.statementBytesMax
            {
                flush()
            }
            part.append(statement.bytes)
            size += statement.bytes.count
        }
        flush()
    }
}
