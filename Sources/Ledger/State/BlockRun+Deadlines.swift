import QuotaRules

extension BlockRun {
    /// The most records that one block lets run out; the others follow with the next blocks.
    static let dueCountMax = 4_096

    /// The day of the block time, UTC, in days since 1970-01-01.
    var today: UInt64 { time / 86_400 }

    /// Ends what ran out before the day of the block: reservations and licences, in the order of day
    /// and state key.
    mutating func runOut() {
        for (day, key) in due.take(before: today, atMost: Self.dueCountMax) {
            guard case .claim(var record)? = entry(key, kind: .claim),
                record.deadlines.first == day, let reference = ClaimReference(stateKey: key)
            else { continue }
            if (1..<today).contains(record.deadlines.reserved) {
                end(.reserved, of: &record, .lapsed, releasing: .cancellation)
            }
            if (1..<today).contains(record.deadlines.licensed) {
                end(.licensed, of: &record, .expired, releasing: .expiry)
            }
            update(record, reference)
        }
    }
}
