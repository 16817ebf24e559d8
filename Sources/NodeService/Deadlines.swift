/// The timers of the core thread, by key, ordered by time: setting a key again replaces its timer.
///
/// The count is small (a handful per node), so a sorted array is the simplest form that is fast.
struct Deadlines<Key: Hashable> {
    private var entries: [(key: Key, time: UInt64)] = []

    /// The earliest time, in monotonic milliseconds.
    var next: UInt64? { entries.first?.time }

    /// Sets the timer of `key` to fire at `time`.
    mutating func set(_ key: Key, at time: UInt64) {
        cancel(key)
        let place = entries.firstIndex { $0.time > time } ?? entries.endIndex
        entries.insert((key, time), at: place)
    }

    /// Forgets the timer of `key`.
    mutating func cancel(_ key: Key) {
        entries.removeAll { $0.key == key }
    }

    /// Removes and returns the keys whose time is `now` or earlier, earliest first.
    mutating func takeDue(at now: UInt64) -> [Key] {
        let due = entries.prefix { $0.time <= now }.map(\.key)
        entries.removeFirst(due.count)
        return due
    }
}
