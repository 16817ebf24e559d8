/// What is missing and was or will be asked for; one request is in flight per object.
struct FetchTable: Sendable {
    struct Item: Sendable {
        let key: FetchKey
        /// The view it belongs to; once that is final the item is of no use.
        let view: UInt64
        /// Whom to ask first.
        let preferred: Int?
        /// When to ask next.
        var due: UInt64
        /// How often it was asked for.
        var attempts = 0
    }

    /// In the order in which they were found missing.
    private(set) var items: [Item] = []
    /// When the timer is set to fire.
    var timerDue: UInt64?

    /// When the next question is to be asked.
    var earliest: UInt64? { items.map(\.due).min() }

    func contains(_ key: FetchKey) -> Bool { items.contains { $0.key == key } }

    mutating func add(_ item: Item) {
        guard let index = items.firstIndex(where: { $0.key == item.key }) else {
            return items.append(item)
        }
        // Asked for already: only an answer or the pause brings the next question.
        guard items[index].attempts == 0 else { return }
        items[index].due = min(items[index].due, item.due)
    }

    mutating func remove(_ key: FetchKey) {
        items.removeAll { $0.key == key }
    }

    mutating func removeAll(through view: UInt64) {
        items.removeAll { $0.view <= view }
    }

    /// Removes questions for ranges.
    mutating func removeRanges() {
        items.removeAll { if case .finalized = $0.key { true } else { false } }
    }

    mutating func update(_ key: FetchKey, _ change: (inout Item) -> Void) {
        guard let index = items.firstIndex(where: { $0.key == key }) else { return }
        change(&items[index])
    }
}
