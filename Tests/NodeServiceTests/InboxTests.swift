import Dispatch
import Synchronization
import Testing

@testable import NodeService

@Suite struct InboxTests {
    private static var soon: DispatchTime { .now() + .seconds(20) }

    @Test func `elements come in the order of their arrival, all at once`() {
        let inbox = Inbox<Int>(capacity: 10)
        #expect((1...3).allSatisfy { inbox.offer($0) })
        #expect(inbox.drain(until: Self.soon) == [1, 2, 3])
    }

    @Test func `a full inbox refuses, and takes again once it was emptied`() {
        let inbox = Inbox<Int>(capacity: 2)
        #expect(inbox.offer(1))
        #expect(inbox.offer(2))
        #expect(!inbox.offer(3))
        inbox.insist(4)
        #expect(inbox.drain(until: Self.soon) == [1, 2, 4])
        #expect(inbox.offer(5))
    }

    @Test func `bytes are bounded as well as elements`() {
        let inbox = Inbox<[UInt8]>(capacity: 10, bytesMax: 4) { $0.count }
        #expect(inbox.offer([1, 2, 3]))
        #expect(inbox.offer([4, 5, 6]), "one element may pass the bound")
        #expect(!inbox.offer([7]))
        #expect(inbox.drain(until: Self.soon).count == 2)
        #expect(inbox.offer([7]))
    }

    @Test func `an empty inbox waits no longer than its deadline`() {
        let inbox = Inbox<Int>(capacity: 2)
        #expect(inbox.drain(until: .now() + .milliseconds(20)).isEmpty)
    }

    @Test func `a busy time leaves no empty wake-ups behind`() {
        let inbox = Inbox<Int>(capacity: 10)
        for number in 0..<1_000 {
            #expect(inbox.offer(number))
            #expect(inbox.drain(until: Self.soon) == [number])
        }
        let before = DispatchTime.now().uptimeNanoseconds
        #expect(inbox.drain(until: .now() + .milliseconds(50)).isEmpty)
        let waited = DispatchTime.now().uptimeNanoseconds - before
        #expect(waited >= 45_000_000, "it returned after \(waited) ns without a reason")
    }

    @Test func `closing wakes the reader and refuses writers`() {
        let inbox = Inbox<Int>(capacity: 2)
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(20)) { inbox.close() }
        #expect(inbox.drain(until: Self.soon).isEmpty)
        #expect(inbox.isClosed)
        #expect(!inbox.offer(1))
        #expect(inbox.drain(until: Self.soon).isEmpty, "a closed inbox does not wait")
    }

    @Test(arguments: [0, 1, 3]) func `no element is lost between writers and reader`(
        deadline milliseconds: Int
    ) {
        // Short deadlines make the reader give up waiting while a writer wakes it.
        let inbox = Inbox<Int>(capacity: 1_000_000)
        let writers = 4
        let each = 2_000
        for writer in 0..<writers {
            DispatchQueue.global().async {
                for number in 0..<each { inbox.insist(writer * each + number) }
            }
        }
        var seen: Set<Int> = []
        let end = Self.soon
        while seen.count < writers * each, DispatchTime.now() < end {
            seen.formUnion(inbox.drain(until: .now() + .milliseconds(milliseconds)))
        }
        #expect(seen.count == writers * each)
    }

    @Test func `a waiting reader is woken by every first element`() {
        let inbox = Inbox<Int>(capacity: 10)
        let answers = Inbox<Int>(capacity: 10)
        let rounds = 500
        DispatchQueue.global().async {
            for _ in 0..<rounds {
                for element in inbox.drain(until: Self.soon) { answers.insist(element) }
            }
        }
        for round in 0..<rounds {
            inbox.insist(round)
            #expect(answers.drain(until: Self.soon) == [round])
        }
    }
}
