/// Sums by name, kept in the order of the names.
struct SortedSums<Value> {
    private var places: [[String]: Int] = [:]
    private var entries: [(key: [String], value: Value)] = []
    private let zero: Value

    init(_ zero: Value) {
        self.zero = zero
    }

    /// The sum under a name; a new name starts from nothing.
    subscript(_ key: [String]) -> Value {
        get { places[key].map { entries[$0].value } ?? zero }
        set {
            if let place = places[key] {
                entries[place].value = newValue
            } else {
                places[key] = entries.count
                entries.append((key, newValue))
            }
        }
    }

    /// The sums, ascending by name in the order of UTF-8 bytes.
    var sorted: [(key: [String], value: Value)] {
        entries.sorted { left, right in
            left.key.lexicographicallyPrecedes(right.key) { $0.precedes($1) }
        }
    }
}

extension SortedSums: Sendable where Value: Sendable {}

extension String {
    /// The order of UTF-8 bytes, the same on every machine.
    func precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
