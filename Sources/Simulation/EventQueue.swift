/// Events in the order of their time, and of their scheduling where times are equal: a binary heap.
///
/// The heap holds keys only; events lie still in slots that are used again.
struct EventQueue<Event: Sendable>: Sendable {
    private struct Entry: Sendable {
        let time: UInt64
        let number: UInt64
        let slot: Int

        func isBefore(_ other: Entry) -> Bool {
            time != other.time ? time < other.time : number < other.number
        }
    }

    private var heap: [Entry] = []
    private var slots: [Event?] = []
    private var free: [Int] = []
    private var count: UInt64 = 0

    mutating func add(_ event: Event, at time: UInt64) {
        let slot: Int
        if let reused = free.popLast() {
            slots[reused] = event
            slot = reused
        } else {
            slot = slots.count
            slots.append(event)
        }
        heap.append(Entry(time: time, number: count, slot: slot))
        count += 1
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].isBefore(heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    mutating func removeNext() -> (time: UInt64, event: Event)? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        guard let event = slots[first.slot].take() else { return nil }
        free.append(first.slot)
        return (first.time, event)
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var smallest = parent
            let (left, right) = (2 * parent + 1, 2 * parent + 2)
            if left < heap.count, heap[left].isBefore(heap[smallest]) { smallest = left }
            if right < heap.count, heap[right].isBefore(heap[smallest]) { smallest = right }
            guard smallest != parent else { return }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
