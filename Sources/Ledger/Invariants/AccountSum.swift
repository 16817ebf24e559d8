import QuotaRules

/// What claims hold in an account, or by how much that changed: a sum with a sign.
///
/// Wraps around instead of trapping: it measures states that may be wrong.
struct AccountSum: Equatable {
    private(set) var amounts = [Int64](repeating: 0, count: Bucket.allCases.count)
    private(set) var chips = [Int64](repeating: 0, count: Bucket.allCases.count)
    private(set) var released: Int64 = 0
    private(set) var releasedChips: Int64 = 0

    /// The sum over the buckets.
    var amount: Int64 { amounts.reduce(0, &+) }

    var isZero: Bool { self == AccountSum() }

    /// Adds what lines hold through a posting, or takes it out.
    mutating func add(
        _ lines: [ClaimRecord.Line],
        _ posting: ClaimRecord.Posting,
        sign: Int64 = 1
    ) {
        add(
            posting.amounts(of: lines),
            posting.chips(of: lines),
            posting.released,
            posting.releasedChips,
            sign
        )
    }

    /// Adds what an account holds, or takes it out.
    mutating func add(_ total: AccountTotal, sign: Int64 = 1) {
        add(total.amounts, total.chips, total.released, total.releasedChips, sign)
    }

    private mutating func add(
        _ amounts: BucketValues,
        _ chips: BucketValues,
        _ released: UInt64,
        _ releasedChips: UInt64,
        _ sign: Int64
    ) {
        for (place, value) in amounts.all.enumerated() {
            self.amounts[place] &+= Int64(truncatingIfNeeded: value) &* sign
        }
        for (place, value) in chips.all.enumerated() {
            self.chips[place] &+= Int64(truncatingIfNeeded: value) &* sign
        }
        self.released &+= Int64(truncatingIfNeeded: released) &* sign
        self.releasedChips &+= Int64(truncatingIfNeeded: releasedChips) &* sign
    }

    /// The numbers, without the buckets that have none.
    var words: String {
        let parts = Bucket.allCases.indices.compactMap { place -> String? in
            guard amounts[place] != 0 || chips[place] != 0 else { return nil }
            return "\(Bucket.allCases[place].rawValue) \(amounts[place]) (\(chips[place]) chips)"
        }
        return (parts + ["released \(released) (\(releasedChips) chips)"])
            .joined(separator: ", ")
    }
}

extension AccountKey {
    /// The account in a report.
    var words: String { ([limit] + subject + [period]).joined(separator: "/") }
}
