import TestSupport
import Testing

@testable import NodeService

@Suite struct DeadlinesTests {
    @Test func `due timers come in the order of their times, then of their setting`() {
        var deadlines = Deadlines<String>()
        deadlines.set("late", at: 30)
        deadlines.set("first", at: 10)
        deadlines.set("second", at: 10)
        #expect(deadlines.next == 10)
        #expect(deadlines.takeDue(at: 9).isEmpty)
        #expect(deadlines.takeDue(at: 10) == ["first", "second"])
        #expect(deadlines.next == 30)
        #expect(deadlines.takeDue(at: 1_000) == ["late"])
        #expect(deadlines.next == nil)
    }

    @Test func `setting again replaces, cancelling forgets`() {
        var deadlines = Deadlines<String>()
        deadlines.set("a", at: 10)
        deadlines.set("a", at: 20)
        deadlines.set("b", at: 15)
        deadlines.cancel("b")
        deadlines.cancel("never set")
        #expect(deadlines.takeDue(at: 19).isEmpty)
        #expect(deadlines.takeDue(at: 20) == ["a"])
    }

    @Test(arguments: UInt64(0)..<20) func `it agrees with a plain list`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var deadlines = Deadlines<Int>()
        var plain: [Int: UInt64] = [:]
        for _ in 0..<200 {
            let key = Int.random(in: 0..<8, using: &random)
            let time = UInt64.random(in: 0..<100, using: &random)
            switch UInt8.random(in: 0..<4, using: &random) {
            case 0:
                deadlines.cancel(key)
                plain[key] = nil
            case 1:
                let due = Set(deadlines.takeDue(at: time))
                #expect(due == Set(plain.filter { $0.value <= time }.keys))
                plain = plain.filter { $0.value > time }
            default:
                deadlines.set(key, at: time)
                plain[key] = time
            }
            #expect(deadlines.next == plain.values.min())
        }
    }
}
