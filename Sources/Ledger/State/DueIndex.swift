import HashTreeCollections

/// Which claims have something that runs out, by day.
///
/// Follows from the records: entries are only added, and one that its record no longer bears out is
/// dropped when its day has passed. Each block adds one list a day, so that admitting a claim costs
/// no more than an append.
struct DueIndex: Sendable {
    /// The days that have entries, ascending.
    private var days: [UInt64] = []
    private var lists: TreeDictionary<UInt64, [[[UInt8]]]> = [:]

    /// The first day that has entries.
    var first: UInt64? { days.first }

    /// Adds the state keys of claims of which something runs out after `day`.
    mutating func add(_ keys: [[UInt8]], on day: UInt64) {
        guard !keys.isEmpty else { return }
        if lists[day] == nil {
            let place = days.firstIndex { $0 > day } ?? days.endIndex
            days.insert(day, at: place)
        }
        lists[day, default: []].append(keys)
    }

    /// Takes out the first entries of days before `day`, at most `limit` of them, in the order of day
    /// and state key.
    mutating func take(before day: UInt64, atMost limit: Int) -> [(day: UInt64, key: [UInt8])] {
        var taken: [(day: UInt64, key: [UInt8])] = []
        while let first = days.first, first < day, taken.count < limit {
            let keys = (lists[first] ?? []).joined().sorted { $0.lexicographicallyPrecedes($1) }
            let part = keys.prefix(limit - taken.count)
            taken += part.map { (first, $0) }
            lists[first] = nil
            days.removeFirst()
            add(Array(keys.dropFirst(part.count)), on: first)
        }
        return taken
    }
}
