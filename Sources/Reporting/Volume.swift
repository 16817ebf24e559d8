import Ledger

/// Sums of what claims move, in the measures that every report names.
struct Volume: Hashable, Sendable {
    /// Units of catalogue items.
    var units: UInt64 = 0
    /// Integrated circuits.
    var circuits: UInt64 = 0
    /// Tenths of a TPP.
    var tpp: UInt64 = 0
    /// Claims.
    var claims: UInt64 = 0

    /// Adds `quantity` units of a line; sums stop at the largest number there is.
    mutating func add(_ line: BookedClaim.Line, quantity: UInt64) {
        units = units.clamped(plus: quantity)
        circuits = circuits.clamped(plus: quantity.clamped(times: line.circuits))
        tpp = tpp.clamped(plus: quantity.clamped(times: line.tpp))
    }

    /// Adds another volume.
    mutating func add(_ other: Volume) {
        units = units.clamped(plus: other.units)
        circuits = circuits.clamped(plus: other.circuits)
        tpp = tpp.clamped(plus: other.tpp)
        claims = claims.clamped(plus: other.claims)
    }
}

extension BucketValues {
    /// Adds the numbers of another, bucket by bucket; sums stop at the largest number there is.
    mutating func add(_ other: BucketValues) {
        for bucket in Bucket.allCases {
            self[bucket] = self[bucket].clamped(plus: other[bucket])
        }
    }

    /// What counts as committed: everything that is not final.
    var open: UInt64 {
        Bucket.allCases.filter { !$0.isFinal }.reduce(0) { $0.clamped(plus: self[$1]) }
    }

    /// What ended.
    var ended: UInt64 {
        Bucket.allCases.filter(\.isFinal).reduce(0) { $0.clamped(plus: self[$1]) }
    }
}

extension UInt64 {
    /// The sum, or the largest number there is: a report never traps.
    func clamped(plus other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    /// The product, or the largest number there is.
    func clamped(times other: UInt64) -> UInt64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }

    /// The difference, or 0.
    func clamped(minus other: UInt64) -> UInt64 { self > other ? self - other : 0 }
}
