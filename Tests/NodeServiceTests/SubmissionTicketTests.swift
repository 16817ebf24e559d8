import Ledger
import Testing

@testable import NodeService

@Suite struct SubmissionTicketTests {
    private func text(_ results: [SubmissionResult]) -> [String] {
        results.map { result in
            switch result {
            case .final(let index): "final \(index)"
            case .pending: "pending"
            case .refused(let refusal): "refused \(refusal.code.rawValue)"
            case .poolFull: "pool full"
            }
        }
    }

    @Test func `outcomes are kept by position`() async {
        let ticket = SubmissionTicket(count: 3, waitsForFinality: true)
        ticket.resolve(2, .final(index: 7))
        ticket.resolve(0, .refused(Refusal(.conflict, "twice")))
        #expect(!ticket.isOver)
        ticket.resolve(1, .poolFull)
        #expect(ticket.isOver)
        #expect(text(await ticket.results()) == ["refused conflict", "pool full", "final 7"])
    }

    @Test func `the first outcome of a position stands`() async {
        let ticket = SubmissionTicket(count: 1, waitsForFinality: true)
        ticket.resolve(0, .final(index: 1))
        ticket.resolve(0, .final(index: 2))
        ticket.expire()
        #expect(text(await ticket.results()) == ["final 1"])
    }

    @Test func `what is not known in time is pending`() async {
        let ticket = SubmissionTicket(count: 2, waitsForFinality: true)
        ticket.resolve(1, .final(index: 1))
        ticket.expire()
        ticket.resolve(0, .final(index: 9))
        #expect(text(await ticket.results()) == ["final 9", "final 1"])
        let other = SubmissionTicket(count: 1, waitsForFinality: true)
        let waiting = Task { text(await other.results()) }
        other.expire()
        #expect(await waiting.value == ["pending"])
    }

    @Test(arguments: 0..<50) func `outcomes, expiry and wait may meet in any order`(
        round: Int
    ) async {
        let ticket = SubmissionTicket(count: 8, waitsForFinality: true)
        await withTaskGroup(of: [String]?.self) { group in
            group.addTask { text(await ticket.results()) }
            for position in 0..<8 {
                group.addTask {
                    ticket.resolve(position, .final(index: UInt64(position)))
                    return nil
                }
            }
            group.addTask {
                ticket.expire()
                return nil
            }
            for await case let results? in group {
                #expect(results.count == 8)
                for (position, result) in results.enumerated() {
                    #expect(["pending", "final \(position)"].contains(result))
                }
            }
        }
        #expect(ticket.isOver)
    }
}
