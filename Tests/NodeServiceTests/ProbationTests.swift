import Consensus
import Testing

@testable import NodeService

/// When a founder with an empty home may vote.
@Suite struct ProbationTests {
    private func status(epoch: UInt64 = 1, height: UInt64) -> Status {
        Status(epoch: epoch, view: 1, finalizedView: 0, height: height, abstainUpTo: 0)
    }

    @Test(arguments: [(1, 0), (4, 2), (7, 4), (10, 6)])
    func `it begins once a quorum with itself has no block`(count: Int, others: Int) {
        var probation = Probation(count: count)
        for position in 0..<others {
            #expect(probation.verdict == .wait)
            probation.note(status(height: 0), from: position)
        }
        #expect(probation.verdict == .begin)
    }

    @Test(arguments: [(4, 1), (7, 2)])
    func `more than f that are ahead make it recover, f do not`(count: Int, faulty: Int) {
        var probation = Probation(count: count)
        for position in 0..<faulty {
            probation.note(status(height: 5), from: position)
            #expect(probation.verdict == .wait)
        }
        probation.note(status(epoch: 2, height: 0), from: faulty)
        #expect(probation.verdict == .recover)
    }

    @Test func `the last word of each counts, once, and that of a follower never`() {
        var probation = Probation(count: 4)
        for _ in 0..<5 { probation.note(status(height: 0), from: 1) }
        probation.note(status(height: 0), from: 4)
        probation.note(status(height: 0), from: 5)
        #expect(probation.verdict == .wait)
        probation.note(status(height: 3), from: 2)
        probation.note(status(height: 3), from: 1)
        #expect(probation.verdict == .recover)
    }
}
